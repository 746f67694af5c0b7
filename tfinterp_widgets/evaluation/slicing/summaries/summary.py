"""A metric of slices and its interval, out of sums over their rows, and of all other rows."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from tfinterp_widgets.evaluation.slicing.answers.columns import Floats
from tfinterp_widgets.evaluation.uncertainty.intervals import Intervals


class Summary(Protocol):
    """Of each slice of a partition."""

    @property
    def value(self) -> Floats:
        """The metric, (slices,); NaN where it is undefined."""

    @property
    def intervals(self) -> Intervals:
        """Its intervals."""


def of_others(sums: Floats) -> Floats:
    """For each column the sum of all other columns, which no subtraction makes inexact.

    Parameters
    ----------
    sums : ndarray of float64, shape (..., slices + 1)
        Over each slice, and at last over the rows of none.

    Returns
    -------
    ndarray of float64, shape (..., slices + 1)
        At last the sums over the rows of all slices.

    Examples
    --------
    >>> of_others(np.array([1.0, 2.0, 4.0]))
    array([6., 5., 3.])
    """
    none = np.zeros((*sums.shape[:-1], 1))
    before = np.concatenate([none, np.cumsum(sums[..., :-1], axis=-1)], axis=-1)
    after = np.cumsum(sums[..., :0:-1], axis=-1)[..., ::-1]
    others: Floats = before + np.concatenate([after, none], axis=-1)
    return others
