"""Which findings are nearly the same rows under another name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.slicing.features.features import Feature
from tfinterp_widgets.evaluation.slicing.keys import SliceKey

OVERLAP = 0.8
"""Two slices are alike that have so many of their rows in common: both, over either (Jaccard)."""

MOST_ROWS = 1 << 18
"""Of more rows so many are looked at, drawn by chance: alike is a matter of shares."""


def looked_at(rows: int) -> NDArray[np.int64]:
    """Which rows to compare findings by, ascending: all, or so many of them."""
    if rows <= MOST_ROWS:
        return np.arange(rows)
    return np.sort(np.random.default_rng(0).choice(rows, MOST_ROWS, replace=False))


Pair = tuple[str, Any]
"""A feature's name, and a value of it."""


class Member(NamedTuple):
    """A finding, as others are compared with it.

    Attributes
    ----------
    rows : ndarray of int, shape (count,)
        Positions of its rows, among those looked at.
    key : frozenset of pairs
        Its features and values.
    usual : frozenset of pairs
        Features and values that at least `OVERLAP` of its rows have; its key's are among them.
    """

    rows: NDArray[np.integer[Any]]
    key: frozenset[Pair]
    usual: frozenset[Pair]

    @classmethod
    def of(
        cls, key: SliceKey, rows: NDArray[np.integer[Any]], features: Iterable[Feature]
    ) -> Member:
        """With what is usual in its rows; features are of the rows looked at."""
        usual = set()
        for feature in features:
            counts = np.bincount(feature.codes[rows], minlength=1)
            level = int(counts.argmax())
            if counts[level] >= OVERLAP * rows.size:
                usual.add((feature.name, feature.levels[level]))
        return cls(rows, frozenset(key), frozenset(usual))

    def may_be_like(self, other: Member) -> bool:
        """Whether they might be alike.

        Alike slices have so many rows in common that what makes the one is usual in the other; and
        neither is much larger.
        """
        sizes = sorted((self.rows.size, other.rows.size))
        return (
            self.key <= other.usual and other.key <= self.usual and sizes[0] >= OVERLAP * sizes[1]
        )


def alike(members: Sequence[Member], rows: int) -> list[int | None]:
    """Say of each finding which earlier one it is alike.

    They are gone through in their order: one that shares `OVERLAP` of its rows with an earlier one,
    which is itself not alike any, is put to that; the first such. So groups do not chain, and what
    stands apart is never more than one step from what it is put to.

    Parameters
    ----------
    members : sequence of Member
        The most important finding first.
    rows : int
        How many are looked at.

    Returns
    -------
    list of int or None
        The position of the earlier finding; None where there is none.
    """
    inside = np.zeros(rows, dtype=bool)
    firsts: dict[Pair | None, list[int]] = {}  # under a pair of their key
    found: list[int | None] = []
    for at, own in enumerate(members):
        inside[own.rows] = True
        known = sorted(first for pair in (None, *own.usual) for first in firsts.get(pair, ()))
        near = (first for first in known if own.may_be_like(members[first]))
        like = next((each for each in near if _overlap(members[each], own, inside)), None)
        inside[own.rows] = False
        found.append(like)
        if like is None:
            firsts.setdefault(next(iter(own.key), None), []).append(at)
    return found


def _overlap(other: Member, own: Member, inside: NDArray[np.bool_]) -> bool:
    shared = np.count_nonzero(inside[other.rows])
    either = own.rows.size + other.rows.size - shared
    return bool(either > 0 and shared >= OVERLAP * either)
