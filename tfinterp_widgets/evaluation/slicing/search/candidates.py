"""The slices among which bad ones are looked for: all that are large enough, each once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.slicing.features.features import Codes, Feature
from tfinterp_widgets.evaluation.slicing.features.partition import Partition, partition
from tfinterp_widgets.evaluation.slicing.metrics.grouped import grouped_sums

Mark = tuple[int, float, float]


@dataclass(frozen=True, eq=False)
class Candidates:
    """The slices of one combination of features that are candidates.

    Attributes
    ----------
    partition : Partition
    codes : ndarray of int, shape (n,)
        The partition's slice of each row, ``len(partition)`` for rows of none.
    new : ndarray of int64
        Which slices of the partition hold rows that no earlier candidate holds exactly.
    """

    partition: Partition
    codes: Codes
    new: NDArray[np.int64]


class Search:
    """Goes through all combinations of features; smaller ones first.

    A slice is never larger than those it is part of. So a combination is left out, with all that
    contain it, once one of its parts has no slice of `min_count` rows (Agrawal & Srikant 1994,
    "Fast algorithms for mining association rules"). Counts alone decide: nothing is left out for
    its metric, so that what is tested does not depend on the labels.

    Parameters
    ----------
    features : sequence of Feature
        Sorted by name.
    rows : int
    most : int
        How many features to combine at the most.
    min_count : int
        How many rows a slice must hold.

    Attributes
    ----------
    merged : int
        How many slices, so far, held the same rows as an earlier one, or all: no candidates.
    done : float
        The share of the combinations that were gone through, in [0, 1].
    """

    def __init__(self, features: Sequence[Feature], rows: int, most: int, min_count: int) -> None:
        self.rows = rows
        self.features = features
        self._most = most
        self._min_count = min_count
        self._marks = _marks(rows)
        first, second = self._marks
        self._seen: set[Mark] = {(rows, float(first.sum()), float(second.sum()))}
        self.merged = 0
        self.done = 0.0

    def __iter__(self) -> Iterator[Candidates]:
        frequent: set[tuple[int, ...]] = {()}
        features = range(len(self.features))
        sizes = range(1, min(self._most, len(features)) + 1)
        every = sum(comb(len(features), size) for size in sizes)
        chosen = chain.from_iterable(combinations(features, size) for size in sizes)
        for number, each in enumerate(chosen, start=1):
            self.done = number / every
            if any(part not in frequent for part in combinations(each, len(each) - 1)):
                continue
            crossed = partition(tuple(self.features[at] for at in each), self._min_count)
            if len(crossed):
                frequent.add(each)
                yield self._candidates(crossed)

    def _candidates(self, crossed: Partition) -> Candidates:
        codes = crossed.codes()
        sums = grouped_sums(codes, len(crossed), lambda rows: tuple(m[rows] for m in self._marks))
        marks = list(zip(crossed.counts.tolist(), *(each.tolist() for each in sums), strict=True))
        new = [at for at, mark in enumerate(marks) if mark not in self._seen]
        self._seen.update(marks)
        self.merged += len(crossed) - len(new)
        return Candidates(crossed, codes, np.array(new, dtype=np.int64))


def _marks(rows: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Two random numbers a row, whose sums over a slice tell it from others.

    They are whole, and so small that all sums are exact: of 100,000 rows 36 bits each. That two of
    a million slices of the same size were taken for one by mistake has a chance below 1e-9 there.
    """
    generator = np.random.default_rng(0)
    highest = 1 << (53 - rows.bit_length())
    first, second = generator.integers(highest, size=(2, rows)).astype(np.float64)
    return first, second
