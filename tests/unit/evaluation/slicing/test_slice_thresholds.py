"""Thresholds: what lies on one, and what comes of moving it."""

import numpy as np
import pandas as pd
import pytest

import tfinterp_widgets as tw
from tfinterp_widgets.evaluation.slicing.answers.curves import STOPS
from tfinterp_widgets.evaluation.slicing.metrics.definitions import COUNT_METRICS
from tfinterp_widgets.evaluation.slicing.problem import floor_to

ROWS = 400


def table(dtype=np.float32, **options):
    rng = np.random.default_rng(0)
    scores = rng.choice(STOPS, ROWS).astype(dtype)  # all on a stop
    scores[::3] = rng.random(scores[::3].size)
    arguments = {
        "labels": rng.integers(0, 2, ROWS),
        "predictions": scores,
        "features": pd.DataFrame({"site": rng.choice(list("abc"), ROWS)}),
        "slices": [(), "site"],
        "metrics": ["count", *COUNT_METRICS, "auc"],
        "interval": "wilson",
    }
    return tw.slice_metrics(**(arguments | options))


@pytest.mark.parametrize("stop", STOPS.tolist())
def test_scores_of_float32_are_above_a_threshold_as_their_float64_is(stop):
    score = np.float32(stop)
    found = tw.slice_metrics([1], np.array([score]), slices=[()], metrics="recall", threshold=stop)
    assert found[()]["recall"].value == float(float(score) > stop)


def test_rounding_down_never_rounds_up():
    rounded = floor_to(STOPS, np.float32).astype(np.float64)
    assert (rounded <= STOPS).all()
    assert (np.nextafter(rounded.astype(np.float32), np.float32(2)) > STOPS).all()
    np.testing.assert_array_equal(floor_to(STOPS, np.float64), STOPS)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("threshold", [0.0, 0.07, 0.29, 0.3, 0.57, 0.7, 1.0, 0.123, 1 / 3, -1, 2])
def test_moving_the_threshold_is_asking_with_it(threshold, dtype):
    moved, asked = table(dtype).at_threshold(threshold), table(dtype, threshold=threshold)
    assert moved.threshold == asked.threshold == threshold
    pd.testing.assert_frame_equal(moved.to_frame(), asked.to_frame(), check_exact=True)


def test_moving_back_gives_the_table_again():
    first = table()
    again = first.at_threshold(0.9).at_threshold(0.5)
    pd.testing.assert_frame_equal(again.to_frame(), first.to_frame(), check_exact=True)


def test_a_part_of_the_table_is_moved_too():
    part = table().worst("precision", 2)
    moved = part.at_threshold(0.8)
    assert list(moved) == list(part)
    for key in part:
        assert moved[key]["recall"] == table(threshold=0.8)[key]["recall"]


def test_intervals_by_draws_do_not_move_along():
    moved = table(interval="bootstrap", seed=0, metrics=["f1", "auc"]).at_threshold(0.8)
    assert moved[()]["f1"].low is None
    assert moved[()]["auc"].low is not None


def test_weights_and_classes_move_too():
    rng = np.random.default_rng(1)
    arguments = {
        "labels": rng.integers(0, 3, ROWS),
        "predictions": rng.dirichlet(np.ones(3), ROWS),
        "features": {"site": rng.choice(list("abc"), ROWS)},
        "slices": "auto",
        "metrics": ["accuracy", "precision", "recall_micro", "f1_weighted", "fpr_class_1"],
        "weights": rng.random(ROWS),
        "interval": None,
    }
    first = tw.slice_metrics(**arguments)
    for threshold in (0.2, 0.25, 0.333, "argmax"):
        asked = tw.slice_metrics(**arguments, threshold=threshold)
        moved = first.at_threshold(threshold)
        pd.testing.assert_frame_equal(moved.to_frame(), asked.to_frame(), rtol=1e-12)


def test_curves_count_what_scores_above_each_stop():
    made = table()
    curves = made.curves
    for at, key in enumerate(made):
        rows = made.rows(key)
        labels = made.data.problem.labels[rows]
        above = made.data.problem.predictions[rows].astype(np.float64) > STOPS
        np.testing.assert_array_equal(curves.above_positive[at], above[labels == 1].sum(axis=0))
        np.testing.assert_array_equal(curves.above_negative[at], above[labels == 0].sum(axis=0))
        assert (curves.positives[at], curves.negatives[at]) == (
            (labels == 1).sum(),
            (labels == 0).sum(),
        )


def test_curves_of_several_classes_are_of_one_against_the_rest():
    scores = np.eye(3)[[0, 1, 2, 1]]
    made = tw.slice_metrics([0, 1, 2, 2], scores, slices=[()], metrics="accuracy")
    assert made.curves_of(2).above_positive[0, 50] == 1
    assert made.curves_of(2).positives.tolist() == [2]
    with pytest.raises(ValueError, match=r"there are 3; expected curves_of\(class_id\)"):
        _ = made.curves


@pytest.mark.parametrize("threshold", ["half", None, True])
def test_what_is_no_threshold_is_refused(threshold):
    with pytest.raises(TypeError, match=r"expected a number such as 0\.5"):
        table(threshold=threshold)
