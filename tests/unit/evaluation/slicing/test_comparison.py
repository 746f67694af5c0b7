"""Two models, slice by slice: paired where the rows are the same, else as they come."""

from typing import Any

import numpy as np
import pytest

from tfinterp_widgets.evaluation.slices import slice_metrics
from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.comparison.comparison import compare, refine_comparison
from tfinterp_widgets.evaluation.uncertainty.mover import newcombe

SITES = ["a", "b", "c"]


def two(rows: int = 1500, seed: int = 0, **options: Any) -> tuple[SliceTable, SliceTable]:
    """Tables of a model and of a slightly noisier one on the same rows."""
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, 2, rows)
    old = generator.standard_normal(rows) + labels * 1.5
    new = old + generator.standard_normal(rows) * 0.3
    features = {"site": generator.choice(SITES, rows)}
    given = {
        "metrics": ["count", "accuracy", "f1", "auc", "mean_prediction"],
        "slices": [(), "site"],
        "seed": 0,
    }
    first, second = (
        slice_metrics(labels, 1 / (1 + np.exp(0.75 - scores)), features, **(given | options))
        for scores in (old, new)
    )
    return first, second


@pytest.mark.parametrize("metric", ["accuracy", "f1", "auc", "mean_prediction"])
def test_values_are_the_differences_of_the_tables(metric: str) -> None:
    first, second = two()
    found = compare(first, second, metric)
    assert found.slices == first.slices
    assert found.paired
    expected = second.column(metric).value - first.column(metric).value
    assert found.value == pytest.approx(expected)
    assert np.all((found.low <= found.value) & (found.value <= found.high))


@pytest.mark.parametrize("metric", ["accuracy", "f1", "auc"])
def test_of_the_same_rows_intervals_are_narrower(metric: str) -> None:
    first, second = two()
    paired = compare(first, second, metric)
    apart = [table.column(metric) for table in (first, second)]
    widths = np.hypot(*(column.high - column.low for column in apart))
    assert np.all(paired.high - paired.low < 0.75 * widths)


def test_accuracy_is_compared_as_mcnemar_would() -> None:
    # The variance of a paired difference of shares: of the rows that one alone gets right.
    first, second = two()
    assert first.data is not None
    assert second.data is not None
    labels = first.data.problem.labels
    right = [(each.data.problem.predictions[:, 0] > 0.5) == labels for each in (first, second)]
    differs = right[1].astype(float) - right[0]
    half = 1.96 * differs.std() / np.sqrt(differs.size)
    found = compare(first, second, "accuracy")
    assert found.low[0] == pytest.approx(differs.mean() - half, abs=0.15 * half)
    assert found.high[0] == pytest.approx(differs.mean() + half, abs=0.15 * half)


@pytest.mark.parametrize("metric", ["accuracy", "auc"])
def test_paired_intervals_cover(metric: str) -> None:
    options = {"metrics": metric, "slices": [()], "interval": "bootstrap"}
    truth = compare(*two(rows=400_000, seed=99, **(options | {"interval": None})), metric).value[0]
    runs, covered = 100, 0
    for seed in range(runs):
        found = compare(*two(rows=200, seed=seed, **options), metric)
        covered += bool(found.low[0] <= truth <= found.high[0])
    assert covered >= 0.94 * runs - 4 * np.sqrt(runs * 0.94 * 0.06)


def test_other_rows_are_taken_as_independent() -> None:
    (first, _), (_, second) = two(seed=0), two(seed=1)
    found = compare(first, second, "accuracy")
    assert not found.paired
    a, b = first[()]["accuracy"], second[()]["accuracy"]
    low, high = newcombe(b.value * b.count, b.count, a.value * a.count, a.count)
    assert (found.low[0], found.high[0]) == (pytest.approx(float(low)), pytest.approx(float(high)))


def test_slices_that_only_one_table_has_are_left_out() -> None:
    first, second = two()
    kept = second.take(np.array([2, 0]))
    found = compare(first, kept, "accuracy")
    assert found.slices == ((), (("site", "b"),))
    assert found.value[0] == pytest.approx(compare(first, second, "accuracy").value[0])


def test_models_that_agree_on_every_row_have_no_interval() -> None:
    first, _ = two()
    found = compare(first, first, "accuracy")
    assert np.all(found.value == 0)
    assert np.isnan([found.low, found.high]).all()


def test_without_intervals_asked_for_there_is_none() -> None:
    found = compare(*two(interval=None), "auc")
    assert np.isnan([found.low, found.high]).all()


def test_values_come_first_and_intervals_partition_by_partition() -> None:
    stream = list(refine_comparison(*two(), "auc"))
    known = [int((~np.isnan(found.low)).sum()) for found in stream]
    assert known[0] == 0
    assert known == sorted(known)
    assert set(known) == {0, 1, 4}


def test_a_metric_that_one_table_lacks_is_refused() -> None:
    first, second = two()
    with pytest.raises(KeyError, match="'recall' is not in this table"):
        compare(first, second, "recall")


def test_tables_of_other_features_have_the_whole_in_common() -> None:
    rows = np.random.default_rng(0)
    labels, scores, home = rows.integers(0, 2, 60), rows.random(60), ["rent", "own"] * 30
    one, other = (
        slice_metrics(labels, scores, {name: home}, [(), name], "accuracy") for name in "ab"
    )
    found = compare(one, other, "accuracy")
    assert (found.slices, found.paired) == (((),), False)
