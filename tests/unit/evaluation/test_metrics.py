"""Which metric a user gets: by name, "auto", or refused with the reason."""

import numpy as np
import pytest

from tfinterp_widgets.evaluation.metrics.choosing import metric_for, metrics_for
from tfinterp_widgets.evaluation.metrics.metrics import METRICS
from tfinterp_widgets.evaluation.metrics.tasks import task_of

BINARY = np.array([0, 1, 1, 0]), np.array([[0.2], [0.7], [0.4], [0.4]], np.float32)
TWO_UNITS = BINARY[0], np.hstack([1 - BINARY[1], BINARY[1]])
LOGITS = BINARY[0], np.array([[-3], [2], [0.3], [-0.1]], np.float32)
THREE = np.array([0, 1, 2]), np.eye(3, dtype=np.float32) * 0.7 + 0.1
NUMBERS = np.array([1.5, -2, 7]), np.array([[1], [-2], [6]], np.float32)


@pytest.mark.parametrize(
    ("case", "task", "auto"),
    [
        (BINARY, "binary", "auc"),
        (TWO_UNITS, "binary", "auc"),
        (LOGITS, "binary", "auc"),
        (THREE, "multiclass", "accuracy"),
        (NUMBERS, "regression", "r2"),
    ],
)
def test_auto_picks_by_outputs_and_labels_and_says_which(case, task, auto):
    assert task_of(*case) == task
    assert metric_for("auto", *case).name == auto
    assert metrics_for(*case)[0].name == auto


def test_a_picker_offers_what_fits():
    names = {metric.name for metric in METRICS.values()}
    numbers = {"mse", "mae", "rmse", "r2"}
    assert {metric.name for metric in metrics_for(*BINARY)} == names - numbers
    assert {metric.name for metric in metrics_for(*THREE)} == names - numbers
    assert {metric.name for metric in metrics_for(*NUMBERS)} == numbers
    assert {metric.name for metric in metrics_for(*LOGITS)} == names - numbers - {
        "log_loss",
        "brier",
    }


def test_what_a_picker_offers_can_be_asked_for():
    for case in (BINARY, TWO_UNITS, LOGITS, THREE, NUMBERS):
        for offered in metrics_for(*case):
            found = metric_for(offered.name, *case)
            assert found.function(*case, None) == offered.function(*case, None)


def test_one_unit_before_its_sigmoid_decides_at_0():
    y, logits = LOGITS
    assert metric_for("accuracy", y, logits).function(y, logits, None) == 1
    assert METRICS["accuracy"].function(y, logits, None) == 0.75


def test_a_number_may_be_asked_of_labels_that_are_all_0_or_1():
    y, predictions = BINARY
    found = metric_for("mse", y, predictions)
    assert found.function(y, predictions, None) == pytest.approx(
        metric_for("brier", y, predictions).function(y, predictions, None)
    )


def test_greater_is_better_agrees_with_the_name():
    better = {name for name, metric in METRICS.items() if metric.greater_is_better}
    assert better == {"auc", "pr_auc", "accuracy", "balanced_accuracy", "f1", "r2"}


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("acuracy", "accuracy"),
        ("AUC", "auc"),
        ("roc_auc", "auc"),
        ("average_precision", "pr_auc"),
        ("neg_log_loss", "log_loss"),
        ("mean-squared-error", "mse"),
        ("R2", "r2"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(name, near):
    with pytest.raises(ValueError, match=rf"{name!r} is not known; expected.*mean '{near}'\?"):
        metric_for(name, *BINARY)


@pytest.mark.parametrize(
    ("name", "case", "message"),
    [
        ("auc", (np.zeros(4, int), BINARY[1]), "labels that differ, but all 4 are 0.*'accuracy'"),
        ("auto", (np.ones(4, int), BINARY[1]), "'auc' needs labels that differ"),
        ("pr_auc", (np.ones(4, int), BINARY[1]), "labels that differ"),
        ("r2", (np.full(3, 2.5), NUMBERS[1]), "all 3 are 2.5.*'mse'"),
        ("log_loss", LOGITS, r"needs probabilities, but.*-3 to 2\..*from_logits=True"),
        ("brier", LOGITS, "needs probabilities"),
        ("mse", THREE, "one number a row; the model has 3 outputs"),
        ("accuracy", NUMBERS, "is for classes.*but one is 1.5.*mse, mae, rmse, r2"),
        ("accuracy", (np.array([0, 1, 3]), THREE[1]), "3 outputs.*0 to 2; got 3"),
        ("accuracy", (np.array([0, 0.5, 1]), THREE[1]), "0 to 2; got 0.5"),
        ("accuracy", (np.array([1, 2, 1, 2]), TWO_UNITS[1]), "2 outputs.*0 to 1; got 2"),
    ],
)
def test_a_metric_that_does_not_fit_is_refused(name, case, message):
    with pytest.raises(ValueError, match=message):
        metric_for(name, *case)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_predictions_that_are_no_numbers_are_refused(value):
    predictions = BINARY[1].copy()
    predictions[2] = value
    with pytest.raises(ValueError, match=r"for 1 of 4 rows \(the first is row 2.*`preprocess`"):
        metric_for("accuracy", BINARY[0], predictions)


def test_a_direction_that_contradicts_the_name_is_refused():
    assert metric_for("auc", *BINARY, greater_is_better=True).greater_is_better
    with pytest.raises(ValueError, match="contradicts metric 'log_loss', which is a loss"):
        metric_for("log_loss", *BINARY, greater_is_better=True)
