"""The jackknife over random groups of rows: how TensorFlow Model Analysis makes intervals."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, stdtrit

from tfinterp_widgets.evaluation.uncertainty.intervals import TOO_OFTEN_UNDEFINED, Intervals
from tfinterp_widgets.evaluation.uncertainty.wilson import LEVEL, quantile

GROUPS = 20
"""How many groups TensorFlow Model Analysis makes (its `num_jackknife_samples`)."""


def random_groups(rows: int, generator: np.random.Generator) -> NDArray[np.int8]:
    """Put each row into one of `GROUPS` groups by chance; int8, shape (rows,)."""
    return generator.integers(GROUPS, size=rows, dtype=np.int8)


def jackknife_intervals(
    without: NDArray[np.float64], values: NDArray[np.float64], level: float = LEVEL
) -> Intervals:
    """Intervals from what values would be without one of the groups, for each group.

    The delete-a-group jackknife (Kott 2001, "The delete-a-group jackknife"), as TensorFlow Model
    Analysis has it: the standard error is sqrt((G - 1)/G sum (v_g - mean v)²), the quantile that of
    Student's t with G - 1 degrees of freedom, and the interval stands around the mean of the v_g.
    It is symmetric and may leave [0, 1]: it is here to be compared with.

    Parameters
    ----------
    without : ndarray of float64, shape (groups, values)
        Each value, computed on all rows but those of one group; NaN where undefined.
    values : ndarray of float64, shape (values,)
        The estimates, on all rows; NaN where undefined.
    level : float
        How often an interval is to hold the truth, in (0, 1).

    Returns
    -------
    Intervals
        Missing where a value is undefined, with all rows or without a group.

    Examples
    --------
    >>> without = np.array([[0.48], [0.52]] * 10)
    >>> jackknife_intervals(without, np.array([0.5])).low.round(4)
    array([0.3175])
    """
    groups = len(without)
    spread = np.sqrt((groups - 1) * without.var(axis=0))
    half = -stdtrit(groups - 1, ndtr(-quantile(level))) * spread
    middle = without.mean(axis=0)
    gone = np.isnan(half) | np.isnan(values)
    low, high = (np.where(gone, np.nan, end) for end in (middle - half, middle + half))
    reasons = {int(i): TOO_OFTEN_UNDEFINED for i in np.flatnonzero(gone & ~np.isnan(values))}
    return Intervals(low, high, reasons)
