"""Wilson's interval of a proportion, for whole arrays of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

LEVEL = 0.95
"""How often an interval is to hold the truth, where nothing else is said."""

Ends = tuple[NDArray[np.float64], NDArray[np.float64]]
"""The lower and the upper ends of many intervals."""


def wilson(hits: ArrayLike, trials: ArrayLike, level: float = LEVEL) -> Ends:
    """Interval of the probability behind `hits` successes in `trials` independent trials.

    It holds those probabilities that a score test does not refuse (Wilson 1927, "Probable
    inference, the law of succession, and statistical inference"). Unlike p ± z sqrt(p(1 - p)/n) it
    stays inside [0, 1] and does not shrink to a point at 0 or n successes.

    Parameters
    ----------
    hits : array-like of real numbers
        Successes, 0 <= hits <= trials; any shape that broadcasts with `trials`.
    trials : array-like of real numbers
    level : float
        How often the interval is to hold the truth, in (0, 1).

    Returns
    -------
    low, high : ndarray of float64
        In [0, 1], and NaN where there are no trials.

    Raises
    ------
    ValueError
        If `level` is not in (0, 1), or hits are not in [0, trials].

    Examples
    --------
    >>> low, high = wilson([81, 0], [263, 20])
    >>> low.round(4), high.round(4)
    (array([0.2553, 0.    ]), array([0.3662, 0.1611]))
    """
    z = quantile(level)
    k, n = np.asarray(hits, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    if np.any((k < 0) | (k > n)):
        raise ValueError(
            "Some hits are below 0 or above their trials; expected 0 <= hits <= trials."
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        half = z * np.sqrt(k * (n - k) / n + z**2 / 4) / (n + z**2)
        middle = (k + z**2 / 2) / (n + z**2)
        # Both ends are exact where nothing, or everything, hits; rounding would miss 0 and 1.
        low = np.where(k == 0, 0.0 * half, middle - half)
        high = np.where(k == n, 1.0 + 0.0 * half, middle + half)
    return low, high


def quantile(level: float) -> float:
    """How many standard deviations to either side hold the share `level` of a normal distribution.

    Raises
    ------
    ValueError
        If `level` is not in (0, 1).
    """
    if not 0 < level < 1:
        raise ValueError(f"level is {level}; expected a share between 0 and 1, such as 0.95.")
    return float(ndtri((1 + level) / 2))
