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

    @classmethod
    def of_kinds(cls) -> Counts:
        """Those of one row of each kind, as `Meter.kinds` numbers them; arrays of shape (4,)."""
        tn, fp, fn, tp = np.eye(4)
        return cls(tp, fp, tn, fn)


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


class Curve(NamedTuple):
    """A rising function of a proportion, and its slope; both take arrays."""

    of: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]


STRAIGHT = Curve(lambda share: share, np.ones_like)

# F1 is the proportion of hits among the rows that are positive or predicted so, but for a curve.
_F1_OF_JACCARD = Curve(lambda share: 2 * share / (1 + share), lambda share: 2 / (1 + share) ** 2)


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
    proportions : tuple of callable
        ``proportion(counts) -> Ratio``, a share of rows, linear in the counts: the metric is
        `curve` of it, or the mean of several of different rows.
    curve : Curve
    """

    info: MetricInfo
    ratio: Callable[[Counts], Ratio]
    undefined: str
    carriers: Callable[[Counts], Floats]
    proportions: tuple[Callable[[Counts], Ratio], ...]
    curve: Curve = STRAIGHT


def _share(
    name: str, label: str, greater: bool, undefined: str, ratio: Callable[[Counts], Ratio]
) -> CountMetric:
    info = MetricInfo(name, label, greater, "counts", True, range=(0, 1), is_thresholded=True)
    return CountMetric(info, ratio, undefined, lambda c: ratio(c).denominator, (ratio,))


def _info(name: str, label: str) -> MetricInfo:
    return MetricInfo(name, label, True, "counts", range=(0, 1), is_thresholded=True)


def _recall(counts: Counts) -> Ratio:
    return Ratio(counts.tp, counts.tp + counts.fn)


def _specificity(counts: Counts) -> Ratio:
    return Ratio(counts.tn, counts.tn + counts.fp)


def _balanced(counts: Counts) -> Ratio:
    positives, negatives = counts.tp + counts.fn, counts.tn + counts.fp
    return Ratio(counts.tp * negatives + counts.tn * positives, 2 * positives * negatives)


def _f1(counts: Counts) -> Ratio:
    return Ratio(2 * counts.tp, 2 * counts.tp + counts.fp + counts.fn)


def _jaccard(counts: Counts) -> Ratio:
    return Ratio(counts.tp, counts.tp + counts.fp + counts.fn)


COUNT_METRICS: dict[str, CountMetric] = {
    metric.info.name: metric
    for metric in (
        _share(
            "accuracy",
            "accuracy",
            True,
            "no weight",
            lambda c: Ratio(c.tp + c.tn, c.tp + c.fp + c.tn + c.fn),
        ),
        CountMetric(
            _info("balanced_accuracy", "balanced accuracy"),
            _balanced,
            "one class only",
            lambda c: np.minimum(c.tp + c.fn, c.tn + c.fp),
            (_recall, _specificity),
        ),
        _share(
            "precision",
            "precision",
            True,
            "nothing predicted positive",
            lambda c: Ratio(c.tp, c.tp + c.fp),
        ),
        _share("recall", "recall", True, "no positives", _recall),
        CountMetric(
            _info("f1", "F1"),
            _f1,
            "no positives, and none predicted",
            lambda c: c.tp + c.fp + c.fn,
            (_jaccard,),
            _F1_OF_JACCARD,
        ),
        _share(
            "fpr",
            "false positive rate",
            False,
            "no negatives",
            lambda c: Ratio(c.fp, c.fp + c.tn),
        ),
        _share(
            "fnr",
            "false negative rate",
            False,
            "no positives",
            lambda c: Ratio(c.fn, c.fn + c.tp),
        ),
        _share("specificity", "specificity", True, "no negatives", _specificity),
    )
}
"""Ratios of counts at a threshold; undefined where TensorFlow Model Analysis says NaN."""
