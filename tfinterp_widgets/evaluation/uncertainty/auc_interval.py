"""The interval of an AUC from its rows, without draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, stdtrit

from tfinterp_widgets.evaluation.uncertainty.linearised import logit_interval
from tfinterp_widgets.evaluation.uncertainty.wilson import LEVEL, Ends, quantile

Floats = NDArray[np.float64]

FEW = 30
"""Fewer rows of a class do not tell well how much the AUC varies."""

_HALVINGS = 40


@dataclass(frozen=True, eq=False)
class OfClass:
    """What the rows of one class add to the variance of AUCs; arrays of shape (values,).

    Attributes
    ----------
    rows : ndarray of float64
        How many there are; of rows with weights their effective number, (sum w)² / sum w².
    variance : ndarray of float64
        The sum of their squared influences.
    """

    rows: Floats
    variance: Floats

    @property
    def unbiased(self) -> Floats:
        """The variance with the divisor n - 1, NaN below two rows."""
        above_one = np.where(self.rows > 1, self.rows, np.nan)
        variance: Floats = self.variance * above_one / (above_one - 1)
        return variance


def auc_interval(
    area: Floats, positives: OfClass, negatives: OfClass, level: float = LEVEL
) -> Ends:
    """Interval of the chance that a positive outranks a negative.

    The variance is that of DeLong, DeLong & Clarke-Pearson (1988, "Comparing the areas under two or
    more correlated receiver operating characteristic curves"), the quantile Student's with the
    degrees of freedom of Satterthwaite (1946) for the sum of both classes' variances, and the scale
    the logit, which keeps the interval in [0, 1] (Qin & Hotilovac 2008, "Comparison of
    non-parametric confidence intervals for the area under the ROC curve").

    The few rows of a small class may all rank alike, and then say too little. So where there are
    less than `FEW` of them, or the classes do not overlap at all, the interval reaches at least as
    far as `score_interval`, which goes by the area alone.

    Parameters
    ----------
    area : ndarray of float64, shape (values,)
    positives, negatives : OfClass
    level : float
        How often the interval is to hold the truth, in (0, 1).

    Returns
    -------
    low, high : ndarray of float64
        In [0, 1]; NaN where there are less than two rows of a class.
    """
    parts = [positives.unbiased, negatives.unbiased]
    variance = parts[0] + parts[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        degrees = variance**2 / sum(
            part**2 / (each.rows - 1)
            for part, each in zip(parts, (positives, negatives), strict=True)
        )
        t = -stdtrit(np.maximum(degrees, 1), ndtr(-quantile(level)))
        low, high = logit_interval(area, np.sqrt(np.where(variance > 0, variance, np.nan)), t)
    rarer = np.minimum(positives.rows, negatives.rows)
    least_low, least_high = score_interval(area, positives.rows, negatives.rows, level)
    unsure = (rarer < FEW) | ~(variance > 0)
    low = np.where(unsure, np.fmin(low, least_low), low)
    high = np.where(unsure, np.fmax(high, least_high), high)
    known = rarer > 1
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def score_interval(
    area: Floats, positives: Floats, negatives: Floats, level: float = LEVEL
) -> Ends:
    """Interval of an AUC that goes by the area and the sizes of both classes alone.

    It holds those areas that a score test does not refuse, the variance being that of an area of
    exponential scores: method 5 of Newcombe (2006, "Confidence intervals for an effect size measure
    based on the Mann-Whitney statistic. Part 2"). It needs no rows that differ, and holds for an
    area of 1, too.

    Returns
    -------
    low, high : ndarray of float64
        NaN where there are no rows of a class.
    """
    known = (positives > 0) & (negatives > 0) & ~np.isnan(area)
    middle = np.where(known, area, np.nan)
    rows = np.where(known, (positives + negatives) / 2 - 1, np.nan)
    pairs = np.where(known, positives * negatives, np.nan)

    def is_refused(truth: Floats) -> NDArray[np.bool_]:
        of_two = (1 - truth) / (2 - truth) + truth / (1 + truth)
        variance = truth * (1 - truth) * (1 + rows * of_two) / pairs
        refused: NDArray[np.bool_] = (area - truth) ** 2 > quantile(level) ** 2 * variance
        return refused

    def end(outside: float) -> Floats:
        far, near = np.where(known, outside, np.nan), middle
        for _ in range(_HALVINGS):
            between = (far + near) / 2
            refused = is_refused(between)
            far, near = np.where(refused, between, far), np.where(refused, near, between)
        return near

    return end(0.0), end(1.0)
