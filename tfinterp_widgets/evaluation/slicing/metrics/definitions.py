"""The metrics known by name: what each is called, which way is better, what it is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.metrics.scores import Predictions
from tfinterp_widgets.evaluation.slicing.answers.columns import Floats, MetricInfo


class Counts(NamedTuple):
    """Weights of true and false positives and negatives, arrays of one shape."""

    tp: Floats
    fp: Floats
    tn: Floats
    fn: Floats


class Ratio(NamedTuple):
    """A number made of two: its value where the denominator is above 0."""

    numerator: Floats
    denominator: Floats

    @property
    def value(self) -> Floats:
        """NaN where the denominator is 0."""
        value = np.full(np.shape(self.denominator), np.nan)
        np.divide(self.numerator, self.denominator, out=value, where=self.denominator > 0)
        return value


@dataclass(frozen=True)
class CountMetric:
    """A ratio of counts at a threshold.

    Attributes
    ----------
    info : MetricInfo
    ratio : callable
        ``ratio(counts) -> Ratio``, for counts of any shape.
    undefined : str
        What there is none of where the denominator is 0.
    carriers : callable
        ``carriers(counts)``: how many rows carry the value, as the rarer class balanced accuracy.
    """

    info: MetricInfo
    ratio: Callable[[Counts], Ratio]
    undefined: str
    carriers: Callable[[Counts], Floats]


@dataclass(frozen=True)
class SumMetric:
    """A function of weighted sums over rows.

    Attributes
    ----------
    info : MetricInfo
    terms : callable
        ``terms(y, p) -> tuple of (m,)``: what is summed, for labels, float64 (m,), and predictions
        (m, outputs).
    combine : callable
        ``combine(weight, *sums) -> (slices,)``, NaN where undefined.
    undefined : str
        Why it is, where it is though rows have weight.
    needs_probabilities : bool
    """

    info: MetricInfo
    terms: Callable[[Floats, Predictions], tuple[NDArray[Any], ...]]
    combine: Callable[..., Floats]
    undefined: str = ""
    needs_probabilities: bool = False


def _balanced(counts: Counts) -> Ratio:
    positives, negatives = counts.tp + counts.fn, counts.tn + counts.fp
    return Ratio(counts.tp * negatives + counts.tn * positives, 2 * positives * negatives)


def _count_metric(
    name: str,
    label: str,
    greater: bool,
    undefined: str,
    ratio: Callable[[Counts], Ratio],
    carriers: Callable[[Counts], Floats] | None = None,
) -> CountMetric:
    is_share = carriers is None
    info = MetricInfo(name, label, greater, "counts", is_share, range=(0, 1), is_thresholded=True)
    return CountMetric(info, ratio, undefined, carriers or (lambda c: ratio(c).denominator))


COUNT_METRICS: dict[str, CountMetric] = {
    metric.info.name: metric
    for metric in (
        _count_metric(
            "accuracy",
            "accuracy",
            True,
            "no weight",
            lambda c: Ratio(c.tp + c.tn, c.tp + c.fp + c.tn + c.fn),
        ),
        _count_metric(
            "balanced_accuracy",
            "balanced accuracy",
            True,
            "one class only",
            _balanced,
            lambda c: np.minimum(c.tp + c.fn, c.tn + c.fp),
        ),
        _count_metric(
            "precision",
            "precision",
            True,
            "nothing predicted positive",
            lambda c: Ratio(c.tp, c.tp + c.fp),
        ),
        _count_metric("recall", "recall", True, "no positives", lambda c: Ratio(c.tp, c.tp + c.fn)),
        _count_metric(
            "f1",
            "F1",
            True,
            "no positives, and none predicted",
            lambda c: Ratio(2 * c.tp, 2 * c.tp + c.fp + c.fn),
            lambda c: c.tp + c.fp + c.fn,
        ),
        _count_metric(
            "fpr",
            "false positive rate",
            False,
            "no negatives",
            lambda c: Ratio(c.fp, c.fp + c.tn),
        ),
        _count_metric(
            "fnr",
            "false negative rate",
            False,
            "no positives",
            lambda c: Ratio(c.fn, c.fn + c.tp),
        ),
        _count_metric(
            "specificity",
            "specificity",
            True,
            "no negatives",
            lambda c: Ratio(c.tn, c.tn + c.fp),
        ),
    )
}
"""Ratios of counts at a threshold; undefined where TensorFlow Model Analysis says NaN."""


def _mean(weight: Floats, total: Floats) -> Floats:
    return Ratio(total, weight).value


def _of_true_class(y: Floats, p: Predictions) -> Floats:
    if p.shape[1] == 1:
        positive = p[:, 0].astype(np.float64)
        return np.where(y == 1, positive, 1 - positive)
    return p[np.arange(y.size), y.astype(np.int64)].astype(np.float64)


def _log_losses(y: Floats, p: Predictions) -> tuple[Floats, ...]:
    epsilon = float(np.finfo(p.dtype).eps)
    return (-np.log(np.clip(_of_true_class(y, p), epsilon, 1 - epsilon)),)


def _squares(y: Floats, p: Predictions) -> Floats:
    return np.square(y - p[:, 0])


def _briers(y: Floats, p: Predictions) -> tuple[Floats, ...]:
    if p.shape[1] == 1:
        return (_squares(y, p),)
    # (p_true - 1)² in place of p_true² turns the sum of squares into the Brier score.
    squares = np.einsum("nk,nk->n", p, p, dtype=np.float64)
    return (squares + 1 - 2 * _of_true_class(y, p),)


def _calibration(_: Floats, predicted: Floats, true: Floats) -> Floats:
    value = np.full(true.shape, np.nan)
    np.divide(predicted, true, out=value, where=true != 0)
    return value


def _r2(_: Floats, squares: Floats, variation: Floats) -> Floats:
    return 1 - Ratio(squares, variation).value


def _loss(name: str, label: str) -> MetricInfo:
    return MetricInfo(name, label, False, "sums", range=(0, None))


SUM_METRICS: dict[str, SumMetric] = {
    metric.info.name: metric
    for metric in (
        SumMetric(_loss("log_loss", "log loss"), _log_losses, _mean, needs_probabilities=True),
        SumMetric(_loss("brier", "Brier score"), _briers, _mean, needs_probabilities=True),
        SumMetric(
            MetricInfo("calibration", "calibration", None, "sums", ideal=1.0, range=(0, None)),
            lambda y, p: (p[:, 0], y),
            _calibration,
            "labels sum to 0",
        ),
        SumMetric(_loss("mse", "mean squared error"), lambda y, p: (_squares(y, p),), _mean),
        SumMetric(
            _loss("rmse", "root mean squared error"),
            lambda y, p: (_squares(y, p),),
            lambda weight, total: np.sqrt(_mean(weight, total)),
        ),
        SumMetric(_loss("mae", "mean absolute error"), lambda y, p: (np.abs(y - p[:, 0]),), _mean),
        # The labels' own terms are made where their mean in each slice is known.
        SumMetric(
            MetricInfo("r2", "R²", True, "sums", range=(None, 1)),
            lambda y, p: (_squares(y, p),),
            _r2,
            "all labels alike",
        ),
        SumMetric(
            MetricInfo("mean_label", "mean label", None, "sums"),
            lambda y, _: (y,),
            _mean,
        ),
        SumMetric(
            MetricInfo("mean_prediction", "mean prediction", None, "sums"),
            lambda _, p: (p[:, 0],),
            _mean,
        ),
    )
}
"""Functions of sums over rows: those of TensorFlow Model Analysis and scikit-learn."""

RANK_METRICS: dict[str, MetricInfo] = {
    name: MetricInfo(name, label, True, "ranks", range=(0, 1))
    for name, label in {
        "auc": "ROC AUC",
        "auc_tfma": "ROC AUC at 10,000 thresholds",
        "pr_auc": "average precision",
    }.items()
}
"""Areas under curves over all thresholds."""

SIZES: dict[str, MetricInfo] = {
    name: MetricInfo(name, label, None, "size", range=(0, None))
    for name, label in {"count": "rows", "weighted_count": "weight"}.items()
}
"""How large a slice is."""

NAMES: tuple[str, ...] = (*SIZES, *COUNT_METRICS, *RANK_METRICS, *SUM_METRICS)
"""All metrics known by name, without suffixes."""
