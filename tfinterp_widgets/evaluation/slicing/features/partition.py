"""Partitions of the rows: the slices that come of crossing features."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.slicing.features.features import Codes, Feature
from tfinterp_widgets.evaluation.slicing.keys import SliceKey
from tfinterp_widgets.evaluation.slicing.problem import blocks

_LARGEST_TABLE = 1 << 24
"""So many combinations of levels are counted in a table; of more, those that occur are sorted."""


@dataclass(frozen=True, eq=False)
class Partition:
    """Slices that share no row.

    Attributes
    ----------
    rows : int
        How many there are, in slices or not.
    features : tuple of Feature
        Sorted by name; none where the whole is the only slice.
    combinations : ndarray of int64, shape (slices,)
        Which levels make each slice, as one number, ascending: the last feature's counts singly.
    counts : ndarray of int64, shape (slices,)
        Rows of each.
    values : SliceKey
        Which values some of the features are held at; rows with others are in no slice.
    hidden : int
        How many slices hold fewer rows than wanted, and are not among these.
    """

    rows: int
    features: tuple[Feature, ...]
    combinations: NDArray[np.int64]
    counts: NDArray[np.int64]
    values: SliceKey = ()
    hidden: int = 0

    def __len__(self) -> int:
        return len(self.counts)

    @cached_property
    def keys(self) -> tuple[SliceKey, ...]:
        """Keys of the slices."""
        if not self.features:
            return ((),)
        levels = np.unravel_index(self.combinations, _shape(self.features))
        columns = [
            [(feature.name, feature.levels[at]) for at in column.tolist()]
            for feature, column in zip(self.features, levels, strict=True)
        ]
        return tuple(zip(*columns, strict=True))

    @cached_property
    def positions(self) -> dict[SliceKey, int]:
        """Where each slice stands."""
        return {key: at for at, key in enumerate(self.keys)}

    def of_at_least(self, min_count: int) -> Partition:
        """Those of its slices that hold so many rows."""
        kept = self.counts >= min_count
        return replace(self._where(kept), hidden=self.hidden + int(np.count_nonzero(~kept)))

    def held(self, values: SliceKey) -> Partition:
        """Those of its slices in which some of the features have the values given."""
        levels = np.unravel_index(self.combinations, _shape(self.features))
        kept = np.ones(len(self), dtype=bool)
        for feature, column in zip(self.features, levels, strict=True):
            for name, value in values:
                if name == feature.name:
                    kept &= column == feature.positions[value]
        return replace(self._where(kept), values=values)

    def codes(self) -> Codes:
        """The slice of each row, (n,), ``len(self)`` for rows of none; made anew at each call."""
        codes = np.zeros(self.rows, dtype=np.min_scalar_type(-len(self) - 1))
        if not self.features:
            return codes
        total = math.prod(_shape(self.features))
        table = None
        if total <= _LARGEST_TABLE:
            table = np.full(total, len(self), dtype=codes.dtype)
            table[self.combinations] = np.arange(len(self))
        for rows in blocks(self.rows):
            combined = _combined(self.features, rows)
            codes[rows] = self._found(combined) if table is None else table[combined]
        return codes

    def hidden_rows(self, codes: Codes) -> NDArray[np.bool_]:
        """Whether each row is in a hidden slice, (n,), by the slices of rows that `codes` makes."""
        hidden: NDArray[np.bool_] = codes == len(self)
        features = {feature.name: feature for feature in self.features}
        for name, value in self.values:
            hidden &= features[name].codes == features[name].positions[value]
        return hidden

    def _where(self, kept: NDArray[np.bool_]) -> Partition:
        return replace(self, combinations=self.combinations[kept], counts=self.counts[kept])

    def _found(self, combined: NDArray[np.int64]) -> NDArray[np.int64]:
        at = np.searchsorted(self.combinations, combined)
        known = np.append(self.combinations, -1)
        return np.where(known[at] == combined, at, len(self))


def whole(rows: int) -> Partition:
    """The partition whose one slice is the whole."""
    return Partition(rows, (), np.zeros(1, np.int64), np.array([rows]))


def partition(features: tuple[Feature, ...], min_count: int = 0) -> Partition:
    """The slices, of at least `min_count` rows, of all combinations of levels that occur."""
    rows = features[0].codes.size
    return Partition(rows, features, *_counted(features, rows)).of_at_least(min_count)


def _counted(
    features: tuple[Feature, ...], rows: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    total = math.prod(_shape(features))
    if total > _LARGEST_TABLE:
        return np.unique(_combined(features, slice(0, rows)), return_counts=True)
    table = np.zeros(total, dtype=np.int64)
    for part in blocks(rows):
        table += np.bincount(_combined(features, part), minlength=total)
    there = np.flatnonzero(table)
    return there, table[there]


def _combined(features: tuple[Feature, ...], rows: slice) -> NDArray[np.int64]:
    combined = features[0].codes[rows].astype(np.int64)
    for feature in features[1:]:
        combined *= len(feature.levels)
        combined += feature.codes[rows]
    return combined


def _shape(features: tuple[Feature, ...]) -> tuple[int, ...]:
    return tuple(len(feature.levels) for feature in features)
