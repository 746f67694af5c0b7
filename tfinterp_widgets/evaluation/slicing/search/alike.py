"""Which findings are nearly the same rows under another name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

OVERLAP = 0.8
"""Two slices are alike that have so many of their rows in common: both, over either (Jaccard)."""

MOST_ROWS = 1 << 18
"""Of more rows so many are looked at, drawn by chance: alike is a matter of shares."""


def looked_at(rows: int) -> NDArray[np.int64]:
    """Which rows to compare findings by, ascending: all, or so many of them."""
    if rows <= MOST_ROWS:
        return np.arange(rows)
    return np.sort(np.random.default_rng(0).choice(rows, MOST_ROWS, replace=False))


def alike(members: Sequence[NDArray[np.integer]], rows: int) -> list[int | None]:
    """Say of each finding which earlier one it is alike.

    They are gone through in their order: one that shares `OVERLAP` of its rows with an earlier one,
    which is itself not alike any, is put to that; the first such. So groups do not chain, and what
    stands apart is never more than one step from what it is put to.

    Parameters
    ----------
    members : sequence of ndarray of int, shape (rows of the finding,)
        Positions of the rows, among those looked at; the most important finding first.
    rows : int
        How many are looked at.

    Returns
    -------
    list of int or None
        The position of the earlier finding; None where there is none.

    Examples
    --------
    >>> alike([np.arange(10), np.arange(50, 60), np.arange(1, 10)], rows=100)
    [None, None, 0]
    """
    sizes = np.array([each.size for each in members], dtype=np.int64)
    inside = np.zeros(rows, dtype=bool)
    firsts: list[int] = []
    found: list[int | None] = []
    for at, own in enumerate(members):
        earlier = np.array(firsts, dtype=np.int64)
        # What differs more in size cannot overlap so far.
        near = earlier[
            np.minimum(sizes[earlier], own.size) >= OVERLAP * np.maximum(sizes[earlier], own.size)
        ]
        inside[own] = True
        like = next((int(each) for each in near if _overlap(members[each], own, inside)), None)
        inside[own] = False
        found.append(like)
        if like is None:
            firsts.append(at)
    return found


def _overlap(
    other: NDArray[np.integer], own: NDArray[np.integer], inside: NDArray[np.bool_]
) -> bool:
    shared = np.count_nonzero(inside[other])
    either = own.size + other.size - shared
    return bool(either > 0 and shared >= OVERLAP * either)
