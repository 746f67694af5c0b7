"""Intervals of the difference of two estimates, out of the interval of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tfinterp_widgets.evaluation.uncertainty.wilson import LEVEL, Ends, wilson


@dataclass(frozen=True)
class Estimate:
    """Values with their intervals; arrays of one shape, NaN where something is not known.

    Attributes
    ----------
    value, low, high : ndarray of float64
        With low <= value <= high.
    """

    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def mover(a: Estimate, b: Estimate, correlation: ArrayLike = 0.0) -> Estimate:
    """The difference a − b of two estimates, from what each alone is unsure of.

    The distances from a value to the ends of its interval stand in for its standard error, at the
    side that matters ("method of variance estimates recovery", Zou & Donner 2008, "Construction of
    confidence limits about effect measures"). So intervals that are not symmetric, as those of
    proportions near 0, give a difference whose interval is not symmetric either. Estimates that
    share some of their rows correlate (Zou 2007, "Toward using confidence intervals to compare
    correlations").

    Parameters
    ----------
    a, b : Estimate
        Of shapes that broadcast; both at the same level, which is that of the answer too.
    correlation : array-like of float
        Of the estimates, in [-1, 1]; 0 for independent ones.

    Returns
    -------
    Estimate
        NaN where an end of either is.

    Examples
    --------
    >>> a = Estimate(np.array([5.0]), np.array([2.0]), np.array([9.0]))
    >>> b = Estimate(np.array([1.0]), np.array([-2.0]), np.array([5.0]))
    >>> mover(a, b)
    Estimate(value=array([4.]), low=array([-1.]), high=array([9.]))
    """
    value = a.value - b.value
    shared = np.asarray(correlation, dtype=np.float64)
    return Estimate(
        value,
        value - _distance(a.value - a.low, b.high - b.value, shared),
        value + _distance(a.high - a.value, b.value - b.low, shared),
    )


def mean_of(parts: Sequence[Estimate]) -> Estimate:
    """The mean of independent estimates, as balanced accuracy is that of two proportions.

    The distances to the ends of their intervals are added in squares, as in `mover`.

    Examples
    --------
    >>> recall, specificity = (
    ...     Estimate(np.array([value]), *wilson([hits], [trials]))
    ...     for value, hits, trials in ((0.6, 3, 5), (0.9, 90, 100))
    ... )
    >>> found = mean_of([recall, specificity])
    >>> found.low.round(2), found.high.round(2)
    (array([0.56]), array([0.89]))
    """
    value, low, high = (
        np.stack([getattr(part, name) for part in parts]) for name in ("value", "low", "high")
    )
    middle = value.mean(axis=0)
    below, above = (np.linalg.norm(d, axis=0) / len(parts) for d in (value - low, high - value))
    return Estimate(middle, middle - below, middle + above)


def newcombe(
    hits_a: ArrayLike,
    trials_a: ArrayLike,
    hits_b: ArrayLike,
    trials_b: ArrayLike,
    level: float = LEVEL,
) -> Ends:
    """Interval of the difference of two independent proportions, a − b.

    Method 10 of Newcombe 1998 ("Interval estimation for the difference between independent
    proportions: comparison of eleven methods"): Wilson's interval of each, put together by `mover`.

    Parameters
    ----------
    hits_a, trials_a, hits_b, trials_b : array-like of real numbers
        Successes and trials of either group, of shapes that broadcast.
    level : float
        How often the interval is to hold the truth, in (0, 1).

    Returns
    -------
    low, high : ndarray of float64
        In [-1, 1], and NaN where either group is empty.

    Raises
    ------
    ValueError
        If `level` is not in (0, 1), or hits are not in [0, trials].

    Examples
    --------
    >>> low, high = newcombe([56], [70], [48], [80])
    >>> low.round(4), high.round(4)
    (array([0.0524]), array([0.3339]))
    """
    difference = mover(_proportion(hits_a, trials_a, level), _proportion(hits_b, trials_b, level))
    return difference.low, difference.high


def _distance(
    one: NDArray[np.float64], other: NDArray[np.float64], correlation: NDArray[np.float64]
) -> NDArray[np.float64]:
    squares = one**2 + other**2 - 2 * correlation * one * other
    distance: NDArray[np.float64] = np.sqrt(np.maximum(squares, 0))  # rounding goes below 0
    return distance


def _proportion(hits: ArrayLike, trials: ArrayLike, level: float) -> Estimate:
    n = np.asarray(trials, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return Estimate(np.asarray(hits, dtype=np.float64) / n, *wilson(hits, n, level))
