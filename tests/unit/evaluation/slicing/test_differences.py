"""Differences of a slice from the rest of the data and from other slices."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from tfinterp_widgets.evaluation.slices import slice_metrics
from tfinterp_widgets.evaluation.slicing.answers.columns import without_interval
from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.comparison.differences import difference
from tfinterp_widgets.evaluation.slicing.intervals.methods import method_for
from tfinterp_widgets.evaluation.slicing.metrics.definitions import COUNT_METRICS
from tfinterp_widgets.evaluation.slicing.metrics.measure import Meter
from tfinterp_widgets.evaluation.uncertainty.mover import Estimate, mover, newcombe

METRICS = ("accuracy", "recall", "precision", "f1", "auc", "log_loss", "pr_auc", "brier")


def table_of(rows: int = 900, **options: Any) -> SliceTable:
    generator = np.random.default_rng(0)
    labels = (generator.random(rows) < 0.4).astype(int)
    scores = 1 / (1 + np.exp(0.5 - generator.standard_normal(rows) - labels))
    features = {
        "housing": generator.choice(["own", "rent", "free"], rows),
        "age": generator.choice(["young", "old"], rows),
    }
    given = {"metrics": ["count", *METRICS], "slices": [(), "housing"], "seed": 0}
    return slice_metrics(labels, scores, features, **(given | options))


@pytest.fixture(scope="module")
def table() -> SliceTable:
    return table_of()


def test_values_are_those_of_the_slice_less_those_of_all_other_rows(table: SliceTable) -> None:
    assert table.data is not None
    inside = table.data.inside((("housing", "rent"),))
    problem = table.data.problem
    split = slice_metrics(
        problem.labels, problem.predictions, {"rents": inside}, ["rents"], METRICS, interval=None
    )
    found = table.difference({"housing": "rent"})
    assert tuple(found) == METRICS
    for name, metric in found.items():
        expected = split[{"rents": True}][name].value - split[{"rents": False}][name].value
        assert metric.value == pytest.approx(expected)
        assert metric.count == inside.sum()


def test_shares_have_newcombes_interval(table: SliceTable) -> None:
    assert table.data is not None
    inside = table.data.inside((("housing", "rent"),))
    right = (table.data.problem.predictions[:, 0] > 0.5) == table.data.problem.labels
    low, high = newcombe(
        (right & inside).sum(), inside.sum(), (right & ~inside).sum(), (~inside).sum()
    )
    found = table.difference({"housing": "rent"}, ["accuracy"])["accuracy"]
    assert (found.low, found.high) == (pytest.approx(float(low)), pytest.approx(float(high)))


def test_a_slice_of_its_own_denominator_differs_by_that(table: SliceTable) -> None:
    found = table.difference({"housing": "rent"}, ["recall"], baseline={"housing": "own"})["recall"]
    rent, own = (table[{"housing": name}]["recall"] for name in ("rent", "own"))
    counts = [round(each.value * each.denominator) for each in (rent, own)]
    low, high = newcombe(counts[0], rent.denominator, counts[1], own.denominator)
    assert (found.low, found.high) == (pytest.approx(float(low)), pytest.approx(float(high)))


def test_others_have_movers_interval_of_both_sides(table: SliceTable) -> None:
    found = table.difference({"housing": "rent"}, ["auc"], baseline={"housing": "own"})["auc"]
    rent, own = (table[{"housing": name}]["auc"] for name in ("rent", "own"))
    width = np.hypot(rent.high - rent.low, own.high - own.low)
    assert found.value == pytest.approx(rent.value - own.value)
    assert found.high - found.low == pytest.approx(width, rel=0.15)


def test_a_baseline_that_shares_rows_is_allowed_for(table: SliceTable) -> None:
    assert table.data is not None
    whole, rent = table[()]["accuracy"], table[{"housing": "rent"}]["accuracy"]
    found = table.difference({"housing": "rent"}, ["accuracy"], baseline=())["accuracy"]
    estimates = [
        Estimate(*(np.array([number]) for number in (each.value, each.low, each.high)))
        for each in (rent, whole)
    ]
    # Of a slice with the whole: the slice's own variance over their shares of all rows.
    together = np.sqrt(rent.count / whole.count)
    together *= np.sqrt(rent.value * (1 - rent.value) / (whole.value * (1 - whole.value)))
    expected = mover(*estimates, together)
    assert found.value == pytest.approx(rent.value - whole.value)
    assert (found.low, found.high) == (
        pytest.approx(expected.low[0]),
        pytest.approx(expected.high[0]),
    )


def test_differences_from_an_overlapping_slice_cover() -> None:
    # Two means over samples that share rows; the truth is 0, as no feature matters.
    covered, runs = 0, 300
    for seed in range(runs):
        generator = np.random.default_rng(seed)
        right = generator.random(400) < 0.8
        labels = generator.integers(0, 2, 400)
        features = {name: generator.choice(["a", "b"], 400, p=[0.6, 0.4]) for name in "xy"}
        sliced = slice_metrics(
            labels, np.where(right, labels, 1 - labels) * 1.0, features, [()], "count"
        )
        found = sliced.difference({"x": "a"}, ["accuracy"], baseline={"y": "a"})["accuracy"]
        covered += found.low <= 0 <= found.high
    assert abs(covered - 0.95 * runs) <= 4 * np.sqrt(runs * 0.95 * 0.05)


def test_differences_from_the_rest_cover_for_areas() -> None:
    covered, runs = 0, 100
    truth = norm.cdf(1.5 / np.sqrt(2)) - norm.cdf(1.0 / np.sqrt(2))
    for seed in range(runs):
        generator = np.random.default_rng(seed)
        labels = generator.integers(0, 2, 300)
        inside = generator.random(300) < 0.3
        scores = generator.standard_normal(300) + labels * np.where(inside, 1.5, 1.0)
        sliced = slice_metrics(labels, scores, {"inside": inside}, [()], "count", seed=seed)
        found = sliced.difference({"inside": True}, ["auc"])["auc"]
        covered += found.low <= truth <= found.high
    assert covered >= 0.94 * runs - 4 * np.sqrt(runs * 0.94 * 0.06)


def test_the_same_seed_gives_the_same_interval() -> None:
    drawn = table_of(interval="bootstrap")
    first, again = (drawn.difference({"housing": "rent"}, ["auc"]) for _ in range(2))
    assert first == again


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    "metric", [*METRICS, "balanced_accuracy", "calibration", "auc_tfma", "mean_label", "fpr"]
)
def test_a_rest_told_by_sums_is_that_of_its_rows(metric: str, weighted: bool) -> None:
    weights = np.random.default_rng(1).exponential(1, 900) + 0.1 if weighted else None
    sliced = table_of(weights=weights)
    assert sliced.data is not None
    data, key = sliced.data, (("age", "old"), ("housing", "rent"))
    asked, inside = data.asked_for(metric), data.inside(key)
    method = method_for(asked, "auto", weighted)
    meter = Meter(data.problem, data.threshold)
    own = difference(inside, ~inside, asked, meter, method, np.random.default_rng(0))
    found = sliced.difference(key, metric)[metric]
    assert own.low is not None
    assert (found.value, found.low, found.high, found.count) == pytest.approx(
        (own.value, own.low, own.high, own.count), rel=1e-9
    )


def test_another_threshold_has_other_differences(table: SliceTable) -> None:
    rent = {"housing": "rent"}
    first, moved = (
        each.difference(rent, "recall")["recall"] for each in (table, table.at_threshold(0.3))
    )
    assert moved == table_of(threshold=0.3).difference(rent, "recall")["recall"]
    assert moved != first


def test_weighted_rows_are_compared_by_their_weights() -> None:
    weights = np.random.default_rng(1).exponential(1, 900) + 0.1
    weighted = table_of(weights=weights, metrics="accuracy", slices=["housing"])
    rent, own = (weighted[{"housing": name}]["accuracy"] for name in ("rent", "own"))
    found = weighted.difference({"housing": "rent"}, baseline={"housing": "own"})["accuracy"]
    assert found.value == pytest.approx(rent.value - own.value)
    width = np.hypot(rent.high - rent.low, own.high - own.low)
    assert found.high - found.low == pytest.approx(width, rel=0.15)


def test_without_intervals_asked_for_there_is_none() -> None:
    found = table_of(interval=None).difference({"housing": "rent"}, ["accuracy", "auc"])
    assert {(each.low, each.high) for each in found.values()} == {(None, None)}


def test_a_slice_that_is_not_in_the_table_can_be_compared(table: SliceTable) -> None:
    assert {"age": "old"} not in table
    assert table.difference({"age": "old"}, ["accuracy"])["accuracy"].value is not None


def test_the_whole_has_no_rest(table: SliceTable) -> None:
    found = table.difference((), ["accuracy"])["accuracy"]
    assert (found.value, found.undefined) == (None, "no other rows")


@pytest.mark.parametrize(
    ("side", "reason"),
    [("none", "no positives"), ("some", "in what it is compared with: no positives")],
)
def test_what_is_undefined_on_either_side_says_why(side: str, reason: str) -> None:
    labels, scores = np.array([0, 0, 0, 1, 0, 1]), np.array([0.1, 0.6, 0.2, 0.9, 0.3, 0.4])
    features = {"positives": ["none"] * 3 + ["some"] * 3}
    found = slice_metrics(labels, scores, features, [()]).difference(
        {"positives": side}, ["recall"]
    )
    assert (found["recall"].value, found["recall"].undefined) == (None, reason)


def test_too_few_rows_leave_a_difference_without_interval() -> None:
    labels = np.array([0, 1, *[0, 1] * 50])
    scores = np.random.default_rng(0).random(102)
    table = slice_metrics(labels, scores, {"few": np.arange(102) < 2}, [()], "auc")
    found = table.difference({"few": True})["auc"]
    assert found.value is not None
    assert found.low is None
    assert found.no_interval is not None


@pytest.mark.parametrize(
    ("key", "options", "error", "message"),
    [
        ({"housing": "castle"}, {}, KeyError, "holds no row"),
        ({"hosing": "rent"}, {}, ValueError, "Did you mean 'housing'"),
        ({"housing": "rent"}, {"baseline": {"housing": "castle"}}, KeyError, "holds no row"),
        ({"housing": "rent"}, {"metrics": ["acuracy"]}, ValueError, "Did you mean 'accuracy'"),
        ("housing", {}, TypeError, "not a key"),
    ],
)
def test_wrong_questions_are_refused(
    table: SliceTable, key: Any, options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        table.difference(key, **options)


def test_an_imported_table_has_no_rest() -> None:
    column = without_interval(COUNT_METRICS["accuracy"].info, np.array([0.8]))
    imported = SliceTable(
        ((),), np.array([9]), np.array([9.0]), {"accuracy": column}, source="TFMA"
    )
    for ask in (lambda: imported.difference(()), lambda: imported.find("accuracy")):
        with pytest.raises(RuntimeError, match="needs the rows, but this table was made by TFMA"):
            ask()


def test_a_slice_does_not_differ_from_itself():
    rows = np.random.default_rng(0)
    labels, scores = rows.integers(0, 2, 60), rows.random(60)
    table = slice_metrics(labels, scores, {"home": ["rent", "own"] * 30}, ["home"], "accuracy")
    own = {"home": "own"}
    for metric in ("accuracy", "auc"):
        (found,) = table.difference(own, metric, baseline=own).values()
        assert (found.value, found.low, found.high) == (0, 0, 0)
