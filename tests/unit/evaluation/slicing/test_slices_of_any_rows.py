"""What holds of slices whatever the rows: counts add up, and each is the metric of its rows."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import tfinterp_widgets as tw
from tfinterp_widgets.evaluation.metrics import scores as of_rows
from tfinterp_widgets.evaluation.slicing.metrics import ranks

PROBABILITIES = st.floats(0, 1, width=32)
METRICS = {
    "accuracy": of_rows.accuracy,
    "auc": of_rows.auc,
    "pr_auc": of_rows.average_precision,
    "log_loss": of_rows.log_loss,
    "brier": of_rows.brier,
    "mae": of_rows.mae,
    "rmse": of_rows.rmse,
}


@st.composite
def problems(draw):
    rows = draw(st.integers(1, 40))
    labels = draw(arrays(np.int64, rows, elements=st.integers(0, 1)))
    scores = draw(arrays(np.float32, rows, elements=PROBABILITIES))
    sides = {
        name: draw(arrays(object, rows, elements=st.sampled_from(["x", "y", None])))
        for name in ("one", "two")
    }
    weights = draw(st.none() | arrays(np.float64, rows, elements=st.integers(1, 3)))
    return labels, scores, sides, weights


@settings(deadline=None)
@given(problems())
def test_counts_of_a_partition_add_up_to_the_whole(problem):
    labels, scores, sides, weights = problem
    for spec in ("one", ("one", "two")):
        table = tw.slice_metrics(
            labels, scores, sides, [(), spec], ["count", "weighted_count"], weights=weights
        )
        assert table.counts[1:].sum() == table.counts[0] == labels.size
        assert table.column("weighted_count").value[1:].sum() == table.weights[0]


@settings(deadline=None)
@given(problems())
def test_each_metric_is_that_of_the_rows_of_its_slice(problem):
    labels, scores, sides, weights = problem
    table = tw.slice_metrics(
        labels, scores, sides, "auto", list(METRICS), weights=weights, interval=None
    )
    for key in table:
        rows = table.rows(key)
        weight = None if weights is None else weights[rows]
        for name, function in METRICS.items():
            expected = function(labels[rows], scores[rows, np.newaxis], weight)
            value = table[key][name].value
            found = np.nan if value is None else value
            np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@settings(deadline=None)
@given(problems())
def test_rows_of_a_partition_are_all_rows_once(problem):
    labels, scores, sides, _ = problem
    table = tw.slice_metrics(labels, scores, sides, [("one", "two")], "count")
    every = np.concatenate([table.rows(key) for key in table])
    np.testing.assert_array_equal(np.sort(every), np.arange(labels.size))


@settings(deadline=None)
@given(problems(), st.sampled_from([1, 2, 3, 7]))
def test_areas_do_not_depend_on_the_blocks_of_rows(problem, block):
    labels, scores, sides, weights = problem

    def areas():
        table = tw.slice_metrics(
            labels,
            scores,
            sides,
            "auto",
            ["auc", "auc_tfma", "pr_auc"],
            weights=weights,
            interval=None,
        )
        return np.stack([column.value for column in table.columns.values()])

    whole, before = areas(), ranks.BLOCK
    try:
        ranks.BLOCK = block
        np.testing.assert_allclose(areas(), whole, rtol=1e-12, atol=1e-12)
    finally:
        ranks.BLOCK = before
