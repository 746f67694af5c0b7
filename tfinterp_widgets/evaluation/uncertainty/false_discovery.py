"""How many findings are false, when many places were looked at."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def benjamini_yekutieli(p_values: ArrayLike) -> NDArray[np.float64]:
    """The false discovery rate at which each of many tests would first be a finding.

    Reporting those at or below q keeps the expected share of false findings at or below q however
    the tests depend on one another, as those of slices that overlap do (Benjamini & Yekutieli 2001,
    "The control of the false discovery rate in multiple testing under dependency").

    Parameters
    ----------
    p_values : array-like of float, shape (tests,)
        Of all tests that were made, not of the interesting ones alone; in [0, 1].

    Returns
    -------
    ndarray of float64, shape (tests,)
        In [0, 1], and never below the p-value.

    Examples
    --------
    >>> benjamini_yekutieli([0.001, 0.01, 0.9]).round(4)
    array([0.0055, 0.0275, 1.    ])
    """
    p = np.asarray(p_values, dtype=np.float64)
    ranks = np.arange(1, p.size + 1)
    order = np.argsort(p)
    scaled = p[order] * p.size / ranks * (1 / ranks).sum()
    adjusted = np.empty_like(p)
    # One that ranks lower is a finding wherever a higher one is.
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1)
    return adjusted
