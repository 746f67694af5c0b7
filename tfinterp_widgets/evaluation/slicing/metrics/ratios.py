"""Metrics that are ratios of counts at a threshold: true and false positives and negatives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

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
