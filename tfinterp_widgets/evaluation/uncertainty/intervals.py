"""Many intervals, and why some are missing."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

TOO_OFTEN_UNDEFINED = "undefined for too many of the samples drawn from so few rows"
TOO_FEW = "too few rows to tell how different others might be"
NO_SPREAD = "the same however the rows are drawn"


@dataclass(frozen=True)
class Intervals:
    """The ends of many intervals, and why some are missing.

    Attributes
    ----------
    low, high : ndarray of float64, shape (values,)
        NaN where an interval is missing.
    missing : dict of int to str
        For those, by position, the reason.
    """

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    missing: dict[int, str] = field(default_factory=dict)

    @classmethod
    def where_known(
        cls,
        values: NDArray[np.float64],
        low: NDArray[np.float64],
        high: NDArray[np.float64],
        carriers: NDArray[np.float64],
    ) -> Intervals:
        """Intervals from ends that are NaN where the rows do not tell them.

        Parameters
        ----------
        values, low, high : ndarray of float64, shape (values,)
            NaN where a value is undefined, which needs no reason for having no interval.
        carriers : ndarray of float64, shape (values,)
            How many rows carry each value; less than two say nothing of how different others are.
        """
        few = ~(carriers > 1)
        gone = few | np.isnan(low) | np.isnan(high) | np.isnan(values)
        low, high = (np.where(gone, np.nan, end) for end in (low, high))
        reasons = {
            int(at): TOO_FEW if few[at] else NO_SPREAD
            for at in np.flatnonzero(gone & ~np.isnan(values))
        }
        return cls(low, high, reasons)
