"""How each row moves a metric of its slice: as a little more of its weight does."""

import numpy as np
import pytest

from tfinterp_widgets.evaluation.slicing.influence.rows import part_of
from tfinterp_widgets.evaluation.slicing.inputs import problem_of
from tfinterp_widgets.evaluation.slicing.metrics.asked import metrics_asked
from tfinterp_widgets.evaluation.slicing.metrics.measure import Meter

ROWS, SLICES = 60, 2
OF_TWO = (
    "accuracy",
    "balanced_accuracy",
    "precision",
    "recall",
    "f1",
    "fpr",
    "auc",
    "auc_tfma",
    "pr_auc",
    "log_loss",
    "brier",
    "calibration",
    "mean_label",
    "f1_macro",
    "recall_weighted",
    "auc_macro",
    "precision_micro",
)
OF_THREE = (
    "accuracy",
    "balanced_accuracy",
    "f1",
    "f1_weighted",
    "precision_class_1",
    "recall_top_2",
    "fpr_micro",
    "auc",
    "auc_weighted",
    "auc_micro",
    "pr_auc_weighted",
    "pr_auc_micro",
    "log_loss",
    "brier",
    "log_loss_macro",
)
OF_NUMBERS = (
    "mse",
    "mae",
    "r2",
    "mean_prediction",
    "calibration",
)


def question(classes, seed=0):
    """Rows of three slices, the last of which nobody asks about; with some ties and weights."""
    generator = np.random.default_rng(seed)
    if classes == 0:
        labels = generator.normal(3, 1, ROWS)
        predictions = labels + generator.normal(0, 0.5, ROWS)
    else:
        labels = generator.integers(0, classes, ROWS)
        sharp = np.eye(classes)[labels] + generator.dirichlet(np.ones(classes), ROWS)
        predictions = np.round(sharp / 2, 2)
        predictions[:, -1] = 1 - predictions[:, :-1].sum(axis=1)
    codes = generator.integers(0, SLICES + 1, ROWS).astype(np.int8)
    return labels, predictions, codes, generator.exponential(1, ROWS) + 0.2


@pytest.mark.parametrize(
    ("classes", "metric"),
    [
        *((2, metric) for metric in OF_TWO),
        *((3, metric) for metric in OF_THREE),
        *((0, metric) for metric in OF_NUMBERS),
    ],
)
def test_the_influence_of_a_row_is_the_slope_by_its_weight(classes, metric):
    labels, predictions, codes, weights = question(classes)

    def meter(given):
        return Meter(problem_of(labels, predictions, given, None), 0.3)

    (asked,) = metrics_asked(metric, meter(weights).problem)

    def values(given):
        return meter(given).measure(asked, codes, SLICES).value

    part = part_of(asked, meter(weights), codes, SLICES)
    assert part.value == pytest.approx(values(weights))
    step = 1e-5
    for row in range(ROWS):
        more, less = weights.copy(), weights.copy()
        more[row] *= 1 + step
        less[row] *= 1 - step
        slopes = (values(more) - values(less)) / (2 * step)
        own = codes[row]
        expected = 0 if own == SLICES else slopes[own]
        assert part.influence[row] == pytest.approx(expected, abs=1e-8)


def test_no_row_moves_what_is_undefined():
    labels, scores = np.array([1, 1, 0, 1, 0, 0]), np.linspace(0.1, 0.9, 6)
    codes = np.array([0, 0, 1, 1, 2, 2], dtype=np.int8)
    meter = Meter(problem_of(labels, scores, None, None), 0.5)
    for metric in ("auc", "pr_auc", "recall", "calibration", "balanced_accuracy", "recall_macro"):
        (asked,) = metrics_asked(metric, meter.problem)
        part = part_of(asked, meter, codes, 3)
        assert not np.isnan(part.influence).any()
        assert (part.influence[np.isnan(part.value)[codes]] == 0).all()
