"""Curves: how many positives and negatives score above each threshold, slice by slice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tfinterp_widgets.evaluation.slicing.columns import Floats

STOPS: Floats = np.arange(101) / 100
"""Where thresholds can be moved without a look at the rows."""


@dataclass(frozen=True, eq=False)
class Curves:
    """Weights of what scores above each stop; those of unweighted rows are counts.

    Attributes
    ----------
    stops : ndarray of float64, shape (S,)
        Thresholds, ascending.
    above_positive, above_negative : ndarray of float64, shape (slices, S)
        Positives and negatives with score > stop.
    positives, negatives : ndarray of float64, shape (slices,)
        All of them.
    """

    stops: Floats
    above_positive: Floats
    above_negative: Floats
    positives: Floats
    negatives: Floats
