"""The search where there is something to be found; what counts as a candidate; what it refuses."""

from itertools import combinations, product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control, fisher_exact

from tfinterp_widgets.evaluation.slices import slice_metrics
from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable

PLANTED = (("colour", "red"), ("shape", "round"), ("size", 2))


def table_of(rows: int = 6000, seed: int = 0, weighted: bool = False) -> SliceTable:
    """Rows whose scores say nothing where all three features have their planted values."""
    generator = np.random.default_rng(seed)
    features = pd.DataFrame(
        {
            "colour": generator.choice(["red", "green", "blue"], rows),
            "shape": generator.choice(["round", "square", "flat", "odd"], rows),
            "size": generator.integers(1, 5, rows),
            "noise": generator.choice(list("abcd"), rows),
        }
    )
    labels = (generator.random(rows) < 0.4).astype(np.int64)
    scores = 1 / (1 + np.exp(1.5 - generator.standard_normal(rows) - 3 * labels))
    planted = np.all([features[name] == value for name, value in PLANTED], axis=0)
    scores[planted] = generator.random(planted.sum())
    weights = generator.exponential(1, rows) + 0.1 if weighted else None
    return slice_metrics(labels, scores, features, [()], "count", weights=weights)


@pytest.fixture(scope="module")
def table() -> SliceTable:
    return table_of()


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    "metric", ["accuracy", "auc", "log_loss", "brier", "f1", "balanced_accuracy", "recall", "fpr"]
)
def test_a_planted_triple_is_found_first(metric: str, weighted: bool) -> None:
    findings = table_of(weighted=weighted).find(metric)
    assert findings[0].key == PLANTED
    assert findings[0].q < 1e-3


def test_the_search_tells_how_far_it_is(table: SliceTable) -> None:
    *shares, found = table.refine_find("accuracy")
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (1 / 14, 1)  # of 4 features, 6 pairs and 4 triples
    assert repr(found) == repr(table.find("accuracy"))


def test_a_search_is_cancelled_between_combinations(table: SliceTable) -> None:
    search = table.refine_find("accuracy")
    assert next(search) < 1
    search.close()
    assert list(search) == []


@pytest.mark.parametrize(
    "metric", ["accuracy", "auc", "log_loss", "f1", "rmse", "balanced_accuracy"]
)
@pytest.mark.parametrize("weighted", [False, True])
def test_values_are_those_of_the_table(metric: str, weighted: bool) -> None:
    source = table_of(weighted=weighted)
    found = source.find(metric)[0]
    assert source.data is not None
    inside = source.data.inside(found.key)
    problem = source.data.problem
    again = slice_metrics(
        problem.labels,
        problem.predictions,
        {"inside": inside},
        ["inside"],
        metric,
        weights=problem.weights,
        interval=None,
    )
    assert found.value == pytest.approx(again[{"inside": True}][metric].value)
    assert found.rest == pytest.approx(again[{"inside": False}][metric].value)
    assert found.count == inside.sum()
    assert found.difference == pytest.approx(source.difference(found.key, [metric])[metric].value)


def test_the_chances_of_a_share_are_fishers(table: SliceTable) -> None:
    assert table.data is not None
    problem = table.data.problem
    wrong = (problem.predictions[:, 0] > 0.5) != problem.labels
    found = table.find("accuracy")
    assert len(found) > 1
    for each in found:
        inside = table.data.inside(each.key)
        counts = [[(wrong & side).sum(), (~wrong & side).sum()] for side in (inside, ~inside)]
        assert each.p == pytest.approx(fisher_exact(counts, "greater").pvalue, rel=1e-6, abs=0)


def test_every_combination_with_enough_rows_is_a_candidate(table: SliceTable) -> None:
    assert table.data is not None
    codes = {name: feature.codes for name, feature in table.data.features.items()}
    sizes = [
        int(
            np.all(
                [codes[name] == level for name, level in zip(names, levels, strict=True)], axis=0
            ).sum()
        )
        for number in (1, 2, 3)
        for names in combinations(sorted(codes), number)
        for levels in product(*(range(codes[name].max() + 1) for name in names))
    ]
    for least in (30, 100, 130, 400):
        findings = table.find("accuracy", min_count=least)
        assert findings.candidates == sum(size >= least for size in sizes)
        assert findings.merged == 0
    assert table.find("accuracy", max_features=1).candidates == 15


def test_rates_are_of_all_candidates(table: SliceTable) -> None:
    everything = table.find("accuracy", max_features=1, q=0.999999)
    chances = [each.p for each in everything] + [1.0] * (15 - len(everything))
    rates = false_discovery_control(chances, method="by")
    assert [each.q for each in everything] == pytest.approx(rates[: len(everything)])
    assert table.find("accuracy", max_features=1).level == 0.05


def test_slices_of_the_same_rows_are_one_candidate_under_the_shortest_name() -> None:
    generator = np.random.default_rng(3)
    city = generator.choice(["Bonn", "Ulm", "Kiel"], 900)
    features = {
        "zz_city": city,
        "country": np.full(900, "Germany"),
        "code": pd.Series(city).map({"Bonn": 1, "Ulm": 2, "Kiel": 3}),
    }
    labels = generator.integers(0, 2, 900)
    scores = (
        np.where((city == "Ulm") & (generator.random(900) < 0.6), 1 - labels, labels) * 0.8 + 0.1
    )
    findings = slice_metrics(labels, scores, features, [()], "count").find("accuracy")
    assert findings.candidates == 3
    # 7 names of 3 cities, less these; and the country alone, which holds all rows.
    assert findings.merged == 3 * 7 - 3 - 3 + 1
    assert [each.key for each in findings] == [(("code", 2),)]


def test_missing_values_and_bins_are_candidates() -> None:
    generator = np.random.default_rng(4)
    age = generator.uniform(20, 80, 2000)
    job = generator.choice(np.array(["a", "b", None], dtype=object), 2000)
    labels = generator.integers(0, 2, 2000)
    bad = (age >= 60) & (job == None)  # noqa: E711
    scores = np.where(bad, 1 - labels, labels) * 0.8 + 0.1
    table = slice_metrics(labels, scores, {"age": age, "job": job}, [()], bins={"age": [40, 60]})
    assert table.find("accuracy")[0].key == (("age", ">= 60"), ("job", None))


def test_findings_say_among_how_many_they_were_found(table: SliceTable) -> None:
    findings = table.find("accuracy")
    assert repr(findings).splitlines()[0] == (
        f"{findings.candidates} candidates, {len(findings)} worse, "
        "false discovery rate <= .05 (Benjamini-Yekutieli)"
    )
    assert "colour: red, shape: round, size: 2: accuracy 0." in repr(findings)
    frame = findings.to_frame()
    assert frame["slice"][0] == "colour: red, shape: round, size: 2"
    assert list(frame) == ["slice", "count", "value", "rest", "difference", "p", "q", "like"]
    assert findings.summary in findings._repr_html_()


def test_nothing_found_is_an_empty_sequence() -> None:
    labels = np.tile([0, 1], 50)
    findings = slice_metrics(labels, labels * 1.0, {"f": np.arange(100) % 3}).find("accuracy")
    assert list(findings) == []
    assert findings.candidates == 3
    assert findings.to_frame().empty


@pytest.mark.parametrize("metric", ["precision", "recall", "auc", "balanced_accuracy", "f1"])
def test_slices_without_a_value_are_candidates_and_never_found(metric: str) -> None:
    generator = np.random.default_rng(5)
    group = np.repeat(["one class", "both", "more"], 200)
    labels = np.where(group == "one class", 0, generator.integers(0, 2, 600))
    scores = np.where(group == "one class", 0.1, generator.random(600))
    findings = slice_metrics(labels, scores, {"group": group}, [()]).find(metric)
    assert findings.candidates == 3
    assert (("group", "one class"),) not in [each.key for each in findings]


@pytest.mark.parametrize("metric", ["precision", "recall", "auc", "balanced_accuracy", "f1"])
def test_a_slice_without_a_rest_to_compare_with_is_not_found(metric: str) -> None:
    generator = np.random.default_rng(5)
    group = np.repeat(["no positives", "all positives"], 200)
    labels = np.where(group == "all positives", generator.integers(0, 2, 400), 0)
    scores = np.where(group == "all positives", generator.random(400), 0.1)
    assert list(slice_metrics(labels, scores, {"group": group}, [()]).find(metric)) == []


def test_classes_are_tested_one_by_one() -> None:
    generator = np.random.default_rng(6)
    labels = generator.integers(0, 3, 3000)
    group = generator.choice(["a", "b", "c"], 3000)
    scores = np.eye(3)[labels] * 0.8 + 0.1 * generator.random((3000, 3))
    bad = (group == "b") & (labels == 2)
    scores[bad] = scores[bad][:, [2, 1, 0]]
    table = slice_metrics(labels, scores, {"group": group}, [()], "count")
    assert [each.key for each in table.find("recall_class_2")] == [(("group", "b"),)]
    assert [each.key for each in table.find("auc_class_2")] == [(("group", "b"),)]
    assert [each.key for each in table.find("accuracy")] == [(("group", "b"),)]
    assert list(table.find("recall_class_1")) == []


def test_numbers_are_tested_by_their_errors() -> None:
    generator = np.random.default_rng(7)
    labels = generator.normal(50, 10, 2000)
    group = generator.choice(["a", "b", "c", "d"], 2000)
    said = labels + generator.normal(0, np.where(group == "c", 4, 2))
    table = slice_metrics(labels, said, {"group": group}, [()], "mse")
    for metric in ("mse", "rmse", "mae"):
        assert [each.key for each in table.find(metric)] == [(("group", "c"),)]


@pytest.mark.parametrize("metric", ["pr_auc", "calibration", "count", "mean_label", "recall_macro"])
def test_a_metric_without_a_test_is_refused(table: SliceTable, metric: str) -> None:
    with pytest.raises(ValueError, match=f"no test for '{metric}'; expected accuracy"):
        table.find(metric)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"q": 0}, "expected a false discovery rate between 0 and 1"),
        ({"q": "low"}, "expected a false discovery rate between 0 and 1"),
        ({"q": 5}, "expected a false discovery rate between 0 and 1"),
        ({"max_features": 0}, "max_features"),
        ({"min_count": 0}, "min_count"),
        ({"metric": "acuracy"}, "Did you mean 'accuracy'"),
    ],
)
def test_wrong_options_are_refused(table: SliceTable, given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        table.find(**{"metric": "accuracy", **given})


def test_one_class_alone_has_no_auc_to_test() -> None:
    table = slice_metrics(np.ones(50, int), np.linspace(0, 1, 50), {"f": np.arange(50) % 2}, [()])
    with pytest.raises(ValueError, match="all rows are of one class"):
        table.find("auc")
