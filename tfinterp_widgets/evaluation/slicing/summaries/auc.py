"""Summaries of AUCs: of slices, and of all rows outside each of them, in one pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tfinterp_widgets.evaluation.slicing.answers.columns import Floats, Indices
from tfinterp_widgets.evaluation.slicing.features.features import Codes
from tfinterp_widgets.evaluation.slicing.metrics.ranks import Ranking
from tfinterp_widgets.evaluation.slicing.metrics.runs import Runs
from tfinterp_widgets.evaluation.slicing.summaries.auc_sums import (
    ClassSums,
    Lost,
    Side,
    sums_of_rest,
)
from tfinterp_widgets.evaluation.uncertainty.auc_interval import auc_interval
from tfinterp_widgets.evaluation.uncertainty.intervals import Intervals

SMALL = 1 / 16
"""Where less of a class than that is outside a slice, differences of sums would lose digits."""


class Sides(NamedTuple):
    """Both classes' view of runs."""

    positives: Side
    negatives: Side

    @classmethod
    def of(cls, ranking: Ranking, runs: Runs, rows: Indices) -> Sides:
        """Of runs of a ranking's rows; a positive loses to what is above it, a negative below."""
        squares = [runs.positives, runs.negatives]
        if not isinstance(ranking.heavy, float):
            heavy, hit = np.square(ranking.heavy[rows]), ranking.positive[rows]
            squares = [np.add.reduceat(heavy * own, runs.starts) for own in (hit, ~hit)]
        below = runs.below(runs.positives) - runs.positives
        return cls(
            Side(runs.positives, squares[0], runs.negatives, runs.above_negatives),
            Side(runs.negatives, squares[1], runs.positives, below),
        )


@dataclass(frozen=True, eq=False)
class WholeRanks:
    """What the AUCs of rests take of all rows.

    Attributes
    ----------
    run_of : ndarray of int64, shape (rows,)
        Which run of tied rows each row is in.
    sums : tuple of ClassSums
        Of positives and of negatives.
    lost : tuple of Lost
    """

    run_of: Indices
    sums: tuple[ClassSums, ClassSums]
    lost: tuple[Lost, Lost]

    @classmethod
    def of(cls, ranking: Ranking, *, tfma: bool) -> WholeRanks:
        """Of all rows of a ranking."""
        runs, rows = ranking.runs(np.zeros(ranking.rows, dtype=np.int8), tfma=tfma)
        run_of = np.empty(rows.size, dtype=np.int64)
        run_of[rows] = np.repeat(
            np.arange(runs.starts.size), np.diff(np.append(runs.starts, rows.size))
        )
        positives, negatives = sides = Sides.of(ranking, runs, rows)
        of_positives, of_negatives = (ClassSums.of(side, runs.slices, 1) for side in sides)
        return cls(
            run_of,
            (of_positives, of_negatives),
            (Lost.of(positives, upwards=False), Lost.of(negatives, upwards=True)),
        )


@dataclass(frozen=True, eq=False)
class AucSummary:
    """AUCs with DeLong's variance.

    Attributes
    ----------
    positives, negatives : ClassSums
    """

    positives: ClassSums
    negatives: ClassSums

    @property
    def value(self) -> Floats:
        """The AUC of each slice; NaN where there is one class."""
        pairs = self.positives.weight * self.negatives.weight
        value = np.full(pairs.shape, np.nan)
        np.divide(self.positives.lost, pairs, out=value, where=pairs > 0)
        return 1 - value

    @property
    def intervals(self) -> Intervals:
        """Made as `auc_interval` says."""
        value = self.value
        positives = self.positives.of_class(self.negatives.weight)
        negatives = self.negatives.of_class(self.positives.weight)
        rarer = np.minimum(positives.rows, negatives.rows)
        return Intervals.where_known(value, *auc_interval(value, positives, negatives), rarer)


class AucPass:
    """One pass over the rows of the slices of a partition.

    Parameters
    ----------
    ranking : Ranking
    codes : ndarray of int, shape (n,)
        The slice of each row; `slices` for rows of none.
    slices : int
    tfma : bool
        Whether scores are tied between TensorFlow Model Analysis' thresholds.
    """

    def __init__(self, ranking: Ranking, codes: Codes, slices: int, *, tfma: bool) -> None:
        self._ranking = ranking
        self._codes = codes
        self._tfma = tfma
        self._runs, self._rows = ranking.runs(codes, tfma=tfma)
        self._slices = slices
        self._sides = Sides.of(ranking, self._runs, self._rows)

    @property
    def inside(self) -> AucSummary:
        """Of each slice."""
        return AucSummary(
            *(ClassSums.of(side, self._runs.slices, self._slices) for side in self._sides)
        )

    def outside(self, whole: WholeRanks) -> AucSummary:
        """Of all rows outside each slice."""
        runs = whole.run_of[self._rows[self._runs.starts]]
        rest = [
            sums_of_rest(sums, lost.take(runs), side, self._runs.slices, self._slices)
            for sums, lost, side in zip(whole.sums, whole.lost, self._sides, strict=True)
        ]
        small = np.zeros(self._slices, dtype=bool)
        for sums, every in zip(rest, whole.sums, strict=True):
            small |= sums.weight < SMALL * every.weight
        for at in np.flatnonzero(small).tolist():
            elsewhere = (self._codes == at).astype(np.int8)
            direct = AucPass(self._ranking, elsewhere, 1, tfma=self._tfma).inside
            for sums, own in zip(rest, (direct.positives, direct.negatives), strict=True):
                for each, exact in zip(sums, own, strict=True):
                    each[at] = exact[0]
        return AucSummary(*rest)
