"""Rows of slices by descending score, those that are tied taken together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.metrics.scores import Weights
from tfinterp_widgets.evaluation.slicing.answers.columns import Floats, Indices
from tfinterp_widgets.evaluation.slicing.features.features import Codes


@dataclass(frozen=True, eq=False)
class Runs:
    """Runs of tied rows, slice by slice, the highest scores first.

    Attributes
    ----------
    order : ndarray of int64, shape (rows,)
        Where each row stood that was given, run by run.
    starts : ndarray of int64, shape (runs,)
        Where each run begins in that order.
    slices : ndarray of int64, shape (runs,)
        The slice of each run.
    positives, negatives : ndarray of float64, shape (runs,)
        Weight of the rows of either class in each run.
    above_positives, above_negatives : ndarray of float64, shape (runs,)
        The same of all runs of its slice above it.
    """

    order: Indices
    starts: Indices
    slices: Indices
    positives: Floats
    negatives: Floats
    above_positives: Floats
    above_negatives: Floats

    @classmethod
    def of(
        cls, codes: Codes, positive: NDArray[np.bool_], scores: NDArray[Any], weights: Weights
    ) -> Runs:
        """Runs of rows that come by descending score."""
        order = np.argsort(codes, kind="stable")
        at, hit, ranked = codes[order].astype(np.int64), positive[order], scores[order]
        new_slice = at[1:] != at[:-1]
        starts = np.flatnonzero(np.concatenate([[True], new_slice | (ranked[1:] != ranked[:-1])]))
        heavy = np.ones(at.size) if weights is None else weights[order]
        positives = np.add.reduceat(heavy * hit, starts)
        negatives = np.add.reduceat(heavy * ~hit, starts)
        run = at[starts]
        firsts = np.concatenate([[True], run[1:] != run[:-1]])
        return cls(
            order,
            starts,
            run,
            positives,
            negatives,
            _before(positives, firsts),
            _before(negatives, firsts),
        )

    def each(self, values: Floats) -> Floats:
        """What is said of runs, said of each row of `order`."""
        repeated: Floats = np.repeat(values, np.diff(np.append(self.starts, self.order.size)))
        return repeated

    def below(self, values: Floats) -> Floats:
        """Sums of values over each run and all below it in its slice, (runs,)."""
        upwards = self.slices[::-1]
        firsts = np.concatenate([[True], upwards[1:] != upwards[:-1]])
        return (_before(values[::-1], firsts) + values[::-1])[::-1]


def _before(values: Floats, firsts: NDArray[np.bool_]) -> Floats:
    """Running sums of what came before, from 0 at each of the `firsts`."""
    before = np.cumsum(values) - values
    lengths = np.diff(np.append(np.flatnonzero(firsts), values.size))
    return before - np.repeat(before[firsts], lengths)
