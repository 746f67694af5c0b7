"""The points of a beeswarm: those that would lie on one another moved aside."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BINS = 90
"""Places along the axis at which points are stacked: about as many as dots fit side by side."""


def swarm_offsets(
    values: NDArray[np.float64], low: float, high: float, bins: int = BINS
) -> NDArray[np.float64]:
    """How far each point moves aside so that the crowd shows.

    Points that share one of `bins` equal parts of the axis are stacked around the middle, one up,
    the next down; where a stack is larger than there is room for, its points lie closer.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
    low, high : float
        The ends of the axis.

    Returns
    -------
    ndarray of float64, shape (n,)
        In [-1, 1]; 0 for a point that is alone.

    Examples
    --------
    >>> swarm_offsets(np.array([0.0, 0.0, 0.0, 1.0]), 0.0, 1.0, bins=2).tolist()
    [0.0, 1.0, -1.0, 0.0]
    """
    width = (high - low) / bins or 1.0
    place = np.clip(((values - low) / width).astype(int), 0, bins - 1)
    order = np.argsort(place, kind="stable")
    counts = np.bincount(place, minlength=bins)
    begins = np.concatenate([[0], np.cumsum(counts)[:-1]])
    rank = np.empty(values.size, int)
    rank[order] = np.arange(values.size) - begins[place[order]]
    steps = (rank + 1) // 2 * np.where(rank % 2 == 1, 1, -1)
    most = max(1, int(counts.max(initial=0)) // 2)
    return np.asarray(steps / most)
