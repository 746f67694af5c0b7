"""How many trials a proportion rests on, where rows do not count alike."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def effective_rows(weight: Floats, squares: Floats) -> Floats:
    """As how many rows that count alike a sum over rows with weights varies.

    (sum w)² / sum w² (Kish 1965, "Survey sampling"); 0 where there is no weight.

    Parameters
    ----------
    weight, squares : ndarray of float64
        The sums of weights, and of their squares.

    Examples
    --------
    >>> effective_rows(np.array([1.0 + 1 + 8]), np.array([1.0 + 1 + 64])).round(2)
    array([1.52])
    """
    rows = np.zeros(np.shape(weight))
    np.divide(np.square(weight), squares, out=rows, where=squares > 0)
    return rows


def effective_trials(share: Floats, variance: Floats, rows: Floats) -> Floats:
    """In how many independent trials a share would vary as much.

    share (1 - share) / variance, for which Wilson's interval covers well (Franco, Little, Louis &
    Slud 2019, "Comparative study of confidence intervals for proportions in complex sample
    surveys"), but no more than the effective rows: a variance of a few rows that hit is a chance
    find, and at a share of 0 or 1 there is none.

    Parameters
    ----------
    share, variance : ndarray of float64
        Of each value, NaN where undefined.
    rows : ndarray of float64
        `effective_rows` of it.

    Examples
    --------
    >>> effective_trials(np.array([0.5, 1.0]), np.array([0.005, 0.0]), np.array([80.0, 80.0]))
    array([50., 80.])
    """
    trials = np.full(np.shape(share), np.inf)
    np.divide(share * (1 - share), variance, out=trials, where=variance > 0)
    return np.minimum(rows, np.where(trials > 0, trials, np.inf))
