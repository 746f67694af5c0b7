"""Findings that are nearly the same rows under another name."""

import numpy as np
import pandas as pd
import pytest

from tfinterp_widgets.evaluation.slices import slice_metrics
from tfinterp_widgets.evaluation.slicing.features.features import Features
from tfinterp_widgets.evaluation.slicing.search.alike import OVERLAP, Member, alike
from tfinterp_widgets.evaluation.slicing.search.findings import Findings

ROWS = 4000


@pytest.fixture(scope="module")
def found() -> Findings:
    """Bad are two places apart; the first has a zip code that is nearly the same rows."""
    generator = np.random.default_rng(0)
    city = generator.choice(["Bonn", "Ulm", "Kiel", "Jena"], ROWS)
    moved = generator.random(ROWS) < 0.05
    code = np.where(moved, "elsewhere", np.char.add("code of ", city))
    labels = generator.integers(0, 2, ROWS)
    share = np.select([city == "Ulm", city == "Kiel"], [0.6, 0.4], 0.02)
    bad = generator.random(ROWS) < share
    scores = np.where(bad, 1 - labels, labels) * 0.8 + 0.1
    table = slice_metrics(labels, scores, {"city": city, "code": code}, [()], "count")
    return table.find("accuracy", max_features=1)


def test_a_finding_names_the_stronger_one_that_it_is_like(found: Findings) -> None:
    assert [(each.key, each.like) for each in found] == [
        ((("city", "Ulm"),), None),
        ((("code", "code of Ulm"),), (("city", "Ulm"),)),
        ((("city", "Kiel"),), None),
        ((("code", "code of Kiel"),), (("city", "Kiel"),)),
    ]


def test_groups_hold_every_finding_once_the_strongest_first(found: Findings) -> None:
    assert [[each.key for each in group] for group in found.groups] == [
        [(("city", "Ulm"),), (("code", "code of Ulm"),)],
        [(("city", "Kiel"),), (("code", "code of Kiel"),)],
    ]


def test_a_group_is_one_line_and_every_finding_a_row(found: Findings) -> None:
    summary, ulm, kiel = repr(found).splitlines()
    assert "4 worse" in summary
    assert ulm.startswith("city: Ulm")
    assert ulm.endswith("1 alike")
    assert kiel.startswith("city: Kiel")
    assert found.to_frame()["like"].tolist() == ["", "city: Ulm", "", "city: Kiel"]


def members(*rows) -> list[Member]:
    """Slices that nothing but their rows tells apart."""
    return [Member(np.asarray(each, dtype=np.int64), frozenset(), frozenset()) for each in rows]


def test_alike_are_those_that_share_so_many_of_their_rows() -> None:
    generator = np.random.default_rng(1)
    sizes = generator.integers(60, 100, 30)
    rows = [np.sort(generator.choice(110, size, replace=False)) for size in sizes]
    given = alike(members(*rows), 110)
    sets = [set(each.tolist()) for each in rows]
    for at, own in enumerate(sets):
        near = [
            first
            for first in range(at)
            if given[first] is None and len(own & sets[first]) >= OVERLAP * len(own | sets[first])
        ]
        assert given[at] == (near[0] if near else None)
    assert any(each is not None for each in given)


def test_what_is_like_one_that_is_like_another_is_put_to_the_first_or_to_none() -> None:
    rows = [np.arange(0, 100), np.arange(8, 108), np.arange(16, 116)]
    assert alike(members(*rows), 200) == [None, 0, None]


def test_a_finding_without_rows_among_those_looked_at_is_like_none() -> None:
    assert alike(members([], [], [0, 1, 2]), 10) == [None, None, None]


def test_only_slices_that_may_be_alike_are_compared() -> None:
    generator = np.random.default_rng(3)
    columns = {name: generator.integers(0, 2, 500) for name in "ab"}
    columns["c"] = np.where(generator.random(500) < 0.03, 1 - columns["a"], columns["a"])
    features = Features(pd.DataFrame(columns), 500, None)
    keys = [((name, value),) for name in columns for value in (0, 1)]
    every = [
        Member.of(key, np.flatnonzero(columns[key[0][0]] == key[0][1]), features.values())
        for key in keys
    ]
    pairs = {(i, j) for i in range(6) for j in range(6) if every[i].may_be_like(every[j])}
    assert pairs == {(i, i) for i in range(6)} | {(0, 4), (4, 0), (1, 5), (5, 1)}


def test_of_very_many_rows_some_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    module = "tfinterp_widgets.evaluation.slicing.search.alike"
    monkeypatch.setattr(f"{module}.MOST_ROWS", 1000)
    generator = np.random.default_rng(2)
    half = generator.integers(0, 2, ROWS)
    labels = generator.integers(0, 2, ROWS)
    scores = np.where(half & (generator.random(ROWS) < 0.3), 1 - labels, labels) * 0.8 + 0.1
    nearly = np.where(generator.random(ROWS) < 0.02, 2, half)
    table = slice_metrics(labels, scores, {"half": half, "nearly": nearly}, [()], "count")
    found = table.find("accuracy", max_features=1)
    assert [len(group) for group in found.groups] == [2]
