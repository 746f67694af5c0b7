"""From the draws of a bootstrap to intervals: expanded percentiles, and when there is none."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, stdtrit

from tfinterp_widgets.evaluation.uncertainty.intervals import (
    NO_SPREAD,
    TOO_OFTEN_UNDEFINED,
    Intervals,
)
from tfinterp_widgets.evaluation.uncertainty.wilson import LEVEL, quantile

MOST_UNDEFINED = 0.05
"""Which share of the draws may be undefined; those left would be too hand-picked beyond it."""


def percentile_intervals(
    draws: NDArray[np.float64],
    values: NDArray[np.float64],
    carriers: ArrayLike,
    level: float = LEVEL,
    shrink: ArrayLike = 1.0,
) -> Intervals:
    """Percentile intervals of bootstrap draws, widened where few rows carry the value.

    Percentiles of the draws alone are too narrow for small n: a bootstrap knows the variance with
    the divisor n, and nothing of Student's t. So those are taken that would give the t interval
    for a mean of normal numbers, Φ(sqrt(n/(n - 1)) t) for the quantile t of n - 1 degrees of
    freedom (Hesterberg 2015, "What teachers should know about the bootstrap").

    Parameters
    ----------
    draws : ndarray of float64, shape (draws, values)
        NaN where a draw leaves a value undefined, as the AUC of one class. Those are left out.
    values : ndarray of float64, shape (values,)
        The estimates, NaN where undefined.
    carriers : array-like of real numbers, shape (values,)
        How many rows carry each value: all rows of a mean, those of the rarer class of an AUC.
    level : float
        How often an interval is to hold the truth, in (0, 1).
    shrink : array-like of float, shape (values,)
        sqrt(m/n) where m of n rows were drawn: deviations from the estimate are scaled by it.

    Returns
    -------
    Intervals
        Missing where the value is undefined or carried by one row, where more than `MOST_UNDEFINED`
        of the draws are undefined, and where all draws agree: from rows that are all alike no
        bootstrap can tell how different others might be.

    Examples
    --------
    >>> draws = np.linspace(0, 1, 1001)[:, np.newaxis]
    >>> found = percentile_intervals(draws, np.array([0.5]), carriers=[10_000])
    >>> found.low.round(2), found.high.round(2)
    (array([0.02]), array([0.98]))
    """
    n = np.broadcast_to(np.asarray(carriers, dtype=np.float64), values.shape)
    defined = np.count_nonzero(~np.isnan(draws), axis=0)
    ordered = np.sort(draws, axis=0)  # the undefined come last
    tail = _expanded_tail(n, level)
    low, high = (_percentile(ordered, defined, share) for share in (tail, 1 - tail))
    alike = low == high
    seldom = ~(defined >= (1 - MOST_UNDEFINED) * len(draws)) | ~(n > 1)
    scale = np.asarray(shrink, dtype=np.float64)
    gone = seldom | alike | np.isnan(values)
    low, high = (np.where(gone, np.nan, values + (end - values) * scale) for end in (low, high))
    reasons = {
        int(i): TOO_OFTEN_UNDEFINED if seldom[i] else NO_SPREAD
        for i in np.flatnonzero(gone & ~np.isnan(values))
    }
    return Intervals(low, high, reasons)


def _expanded_tail(n: NDArray[np.float64], level: float) -> NDArray[np.float64]:
    """The share of the draws beyond either end; NaN where n is not above 1."""
    z = quantile(level)
    above_one = np.where(n > 1, n, np.nan)
    # The share beyond z of a normal distribution is that beyond the wanted quantile of Student's.
    t = -stdtrit(above_one - 1, ndtr(-z))
    tail: NDArray[np.float64] = ndtr(-t * np.sqrt(above_one / (above_one - 1)))
    return tail


def _percentile(
    ordered: NDArray[np.float64], defined: NDArray[np.intp], share: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Each column's quantile, on (count + 1) p as places: that of a few draws is not too narrow."""
    last = np.maximum(defined - 1, 0)
    place = np.clip(np.nan_to_num(share) * (defined + 1) - 1, 0, last)
    below = place.astype(np.intp)
    above = np.minimum(below + 1, last)
    at_below, at_above = (
        np.take_along_axis(ordered, i[np.newaxis], axis=0)[0] for i in (below, above)
    )
    found: NDArray[np.float64] = at_below + (place - below) * (at_above - at_below)
    return found
