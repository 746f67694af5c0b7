"""Features that rows are sliced by: bins, categories and what is missing."""

import numpy as np
import pandas as pd
import pytest

import tfinterp_widgets as tw
from tfinterp_widgets.evaluation.slicing.features.bins import cut, number_text, quantile_edges
from tfinterp_widgets.evaluation.slicing.features.features import Features


def levels(column, bins="auto"):
    rows = len(column)
    given = None if isinstance(bins, str) else {"it": bins}
    return Features({"it": column}, rows, given)["it"].levels


def names(column, bins):
    feature = Features({"it": column}, len(column), {"it": bins})["it"]
    return [feature.levels[code] for code in feature.codes]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (["rent", None, "own", "rent"], ("own", "rent", None)),
        (pd.Series(["b", "a", None], dtype="string"), ("a", "b", None)),
        (pd.Categorical(["low", "high"], ["low", "mid", "high"]), ("low", "mid", "high")),
        ([True, False, True], (False, True)),
        (np.array([3, 1, 2, 3]), (1, 2, 3)),
        (np.array([3.0, 1.0, np.nan]), (1, 3, None)),
        (pd.array([3, None, 1], dtype="Int64"), (1, 3, None)),
        (pd.array([True, None, False], dtype="boolean"), (False, True, None)),
        ([b"rent", b"own"], ("own", "rent")),
        ([1, "a", 2.5], (1, 2.5, "a")),
        ([None, None], (None,)),
        (np.ma.masked_equal([1, 2, 2], 2), (1, None)),
    ],
)
def test_levels_are_the_values_in_order_and_the_missing_one_last(column, expected):
    assert levels(column) == expected


def test_dates_and_intervals_are_read_as_text():
    assert levels(pd.to_datetime(["2020-01-31", "2019-05-01"])) == (
        "2019-05-01 00:00:00",
        "2020-01-31 00:00:00",
    )
    assert levels(pd.cut(pd.Series([1, 5]), [0, 3, 9])) == ("(0, 3]", "(3, 9]")


def test_many_dates_are_cut_into_bins():
    days = pd.Series(pd.date_range("2020-01-01", periods=101))
    assert names(days, 2)[::50] == [
        "[2020-01-01, 2020-02-20)",
        "[2020-02-20, 2020-04-10]",
        "[2020-02-20, 2020-04-10]",
    ]
    assert len(set(levels(days))) == 6  # four, and what might lie beyond either end
    hours = pd.Series(pd.to_timedelta(np.arange(30), "h"))
    assert names(hours, 1)[0] == "[0 days, 1 days 05:00:00]"


def test_dates_are_cut_where_dates_are_given():
    days = pd.Series(pd.date_range("2020-01-31", periods=3))
    expected = ["< 2020-02-01", ">= 2020-02-01", ">= 2020-02-01"]
    for edge in ("2020-02-01", pd.Timestamp("2020-02-01"), np.datetime64("2020-02-01")):
        assert names(days, [edge]) == expected
    local = names(days.dt.tz_localize("Europe/Berlin"), ["2020-02-01"])
    assert local == [f"{name} 00:00:00+01:00" for name in expected]
    hours = pd.Series(pd.to_timedelta([1, 30], "h"))
    assert names(hours, ["1 days"]) == ["< 1 days", ">= 1 days"]


def test_what_is_mostly_zero_is_cut_among_the_others():
    mostly = np.append(np.zeros(95), [1.5, 2.5, 3.5, 4.5, 5.5])
    assert names(mostly, 3)[-6:] == ["[0, 2.5)"] * 2 + ["[2.5, 4.5)"] * 2 + ["[4.5, 5.5]"] * 2


def test_more_bins_than_values_are_as_many_as_there_are_values():
    assert len(quantile_edges(np.arange(5) + 0.5, 10**12)) == 5


def test_edges_stay_short_beside_infinity():
    values = np.append(np.random.default_rng(1).lognormal(size=99), np.inf)
    edges = quantile_edges(values, 4)
    assert [f"{edge:.3g}" for edge in edges] == [number_text(float(edge)) for edge in edges]


def test_numbered_columns_are_sliced_by_their_numbers():
    frame = pd.DataFrame([[1, 5], [2, 6]])
    table = tw.slice_metrics([0, 1], [0.5, 0.6], frame, [0, (0, 1)], "count", bins={1: None})
    assert table.slices == ((("0", 1),), (("0", 2),), *((("0", a), ("1", a + 4)) for a in (1, 2)))


def test_numbers_are_cut_into_four_bins_of_about_as_many_rows():
    feature = Features({"it": np.random.default_rng(0).normal(size=1000)}, 1000)["it"]
    assert feature.kind == "bins"
    found = [level for level in feature.levels if level.startswith("[")]
    assert len(found) == 4
    counts = np.bincount(feature.codes)
    np.testing.assert_allclose(counts[counts > 0], 250, atol=5)


def test_whole_numbers_of_many_values_are_cut_at_whole_numbers():
    assert names(np.arange(101), 4)[::25] == [
        "[0, 25)",
        "[25, 50)",
        "[50, 75)",
        "[75, 100]",
        "[75, 100]",
    ]


def test_edges_are_short_and_hold_all_values():
    values = np.random.default_rng(1).lognormal(size=500)
    edges = quantile_edges(values, 5)
    assert all(len(f"{edge:.3g}") == len(str(float(f"{edge:.3g}"))) for edge in edges[1:-1])
    assert edges[0] <= values.min()
    assert values.max() <= edges[-1]


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ([25, 40, 60], ["< 25", "[25, 40)", "[40, 60)", "[40, 60)", ">= 60", None]),
        ([20, 40, 70], ["[20, 40)", "[20, 40)", "[40, 70]", "[40, 70]", "[40, 70]", None]),
        ([40], ["< 40", "< 40", ">= 40", ">= 40", ">= 40", None]),
        ([0.5, 100], ["[0.5, 100]"] * 5 + [None]),
    ],
)
def test_edges_given_are_kept_and_what_lies_beyond_has_bins_of_its_own(edges, expected):
    assert names(np.array([20, 25, 40, 59, 70, np.nan]), edges) == expected


def test_a_column_that_is_all_alike_is_one_category():
    assert levels(np.full(3, 0.5)) == (0.5,)
    assert levels(np.full(3, np.nan)) == (None,)
    assert levels(np.array([0.5, np.inf, -np.inf, 2.5]), 2)[1:-1] == ("[-inf, 2.5)", "[2.5, inf]")


def test_float32_and_integers_are_cut_as_their_numbers_say():
    codes, found = cut(np.array([0.3, 0.7], np.float32), np.array([0.0, 0.3, 1.0]))
    assert [found[code] for code in codes] == ["[0.3, 1]", "[0.3, 1]"]
    codes, found = cut(np.array([3, 9], np.uint8), np.array([0.0, 5.0, 9.0]))
    assert [found[code] for code in codes] == ["[0, 5)", "[5, 9]"]


def test_many_levels_crossed_are_counted_without_a_table_of_all():
    rows = 6000
    ids = {"a": [f"a{i}" for i in range(rows)], "b": [f"b{i % 5000}" for i in range(rows)]}
    table = tw.slice_metrics(np.ones(rows), np.ones(rows), ids, [("a", "b")], "count")
    assert len(table) == rows
    assert table.rows((("a", "a5001"), ("b", "b1"))).tolist() == [5001]
    some = tw.slice_metrics(
        np.ones(rows), np.ones(rows), ids, [("a", "b")], "accuracy", min_count=2
    )
    assert (len(some), some.hidden) == (0, rows)


def test_columns_of_an_array_are_called_by_their_numbers():
    labels, scores = np.array([0, 1, 1, 0]), np.array([0.2, 0.9, 0.4, 0.1])
    array = np.array([[1, 7], [1, 8], [2, 8], [2, 7]])
    table = tw.slice_metrics(labels, scores, array, slices=[0, ("0", "1")], metrics=["accuracy"])
    assert table[{"0": 2}]["accuracy"].value == 0.5
    assert table[{"0": 2, "1": 7}]["accuracy"].value == 1.0
