"""Intervals of statistics from how each row moves them: no draws.

A smooth statistic of many rows varies as the sum of the influences of its rows does. The squares of
these add up to its variance, the infinitesimal jackknife (Jaeckel 1972; Efron 1982, "The jackknife,
the bootstrap and other resampling plans"), and their cubes say to which side it strays farther.
``benchmarks/slice_coverage.py`` measures how often the intervals cover: about as often as those of
a bootstrap, and more often where the rows that matter are few.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtr, stdtrit

from tfinterp_widgets.evaluation.uncertainty.wilson import LEVEL, Ends, quantile, wilson

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Spread:
    """How much statistics vary; arrays of shape (values,).

    Attributes
    ----------
    variance : ndarray of float64
        The sum of the squared influences; 0 where rows are all alike.
    skewness : ndarray of float64
        The sum of their cubes over its power 3/2.
    carriers : ndarray of float64
        How many rows carry the statistic: all rows of a mean, those of the rarer class of an AUC,
        of rows with weights their effective number.
    """

    variance: Floats
    skewness: Floats
    carriers: Floats

    @classmethod
    def of(cls, squares: Floats, cubes: Floats, carriers: Floats) -> Spread:
        """From the sums of the squared, and of the cubed influences."""
        skewness = np.zeros(squares.shape)
        np.divide(cubes, squares**1.5, out=skewness, where=squares > 0)
        return cls(squares, skewness, carriers)

    @property
    def error(self) -> Floats:
        """The standard error, with the divisor n - 1; NaN where nothing varies, or n is below 2."""
        above_one = np.where(self.carriers > 1, self.carriers, np.nan)
        variance = np.where(self.variance > 0, self.variance, np.nan)
        error: Floats = np.sqrt(variance * above_one / (above_one - 1))
        return error


def student(carriers: Floats, level: float = LEVEL) -> Floats:
    """The quantile of Student's t for as many rows, NaN for less than two."""
    degrees = np.where(carriers > 1, carriers - 1, np.nan)
    found: Floats = -stdtrit(degrees, ndtr(-quantile(level)))
    return found


def skewed_interval(value: Floats, spread: Spread, level: float = LEVEL) -> Ends:
    """Interval of a mean, or of what behaves like one, whose rows may be skewed.

    Student's interval misses a mean of skewed numbers, as losses are, on one side. The studentised
    mean is brought to a symmetric distribution by a cubic, which is inverted (Hall 1992, "On the
    removal of skewness by transformation").

    Returns
    -------
    low, high : ndarray of float64
        NaN where nothing varies, or less than two rows carry the value.

    Examples
    --------
    >>> one = np.ones(1)
    >>> low, high = skewed_interval(2 * one, Spread(0.01 * one, 0 * one, 101 * one))
    >>> low.round(3), high.round(3)
    (array([1.801]), array([2.199]))
    """
    t, error, skewness = student(spread.carriers, level), spread.error, spread.skewness
    return value - error * _unskewed(t, skewness), value - error * _unskewed(-t, skewness)


def symmetric_interval(value: Floats, spread: Spread, level: float = LEVEL) -> Ends:
    """Student's interval."""
    half = student(spread.carriers, level) * spread.error
    return value - half, value + half


def relative_interval(value: Floats, spread: Spread, level: float = LEVEL) -> Ends:
    """Student's interval of the logarithm of a positive number, as a ratio of two means is."""
    with np.errstate(over="ignore"):
        factor = np.exp(student(spread.carriers, level) * spread.error / value)
    return value / factor, value * factor


def share_interval(value: Floats, spread: Spread, level: float = LEVEL) -> Ends:
    """Student's interval of the logit of a number in [0, 1].

    At 0 and at 1, where no row says how far it might be off, Wilson's of as many trials as rows
    carry the number.
    """
    low, high = logit_interval(value, spread.error, student(spread.carriers, level))
    trials = np.where(np.isnan(value), np.nan, spread.carriers)
    edge = (value == 0) | (value == 1)
    least, most = wilson(np.where(edge, value, 0) * trials, trials, level)
    return np.where(edge, least, low), np.where(edge, most, high)


def logit_interval(value: Floats, error: Floats, t: Floats) -> Ends:
    """Ends of a number in [0, 1] that are `t` standard errors away on the scale of its logit."""
    inside = np.where((value > 0) & (value < 1), value, np.nan)
    half = t * error / (inside * (1 - inside))
    return expit(logit(inside) - half), expit(logit(inside) + half)


def _unskewed(t: Floats, skewness: Floats) -> Floats:
    """The studentised mean that Hall's cubic takes to t."""
    flat = np.abs(skewness) < 1e-6  # where the cubic is t itself
    skewed = np.where(flat, 1.0, skewness)
    found: Floats = 3 / skewed * (np.cbrt(1 + skewed * (t - skewed / 6)) - 1)
    return np.where(flat, t, found)
