"""Areas under curves, exact, for all slices of a partition in one pass over the sorted scores.

Of the rows by descending score one block after the other is taken, and within it the rows slice by
slice; what matters of the blocks before are two numbers a slice, the positives and the negatives so
far. So memory does not grow with the rows, save for their order.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.metrics.scores import Weights
from tfinterp_widgets.evaluation.slicing.answers.columns import Floats
from tfinterp_widgets.evaluation.slicing.features.features import Codes
from tfinterp_widgets.evaluation.slicing.metrics.ratios import Ratio
from tfinterp_widgets.evaluation.slicing.metrics.runs import Runs
from tfinterp_widgets.evaluation.slicing.problem import BLOCK, Scores, View

_THRESHOLDS = 10_000
_EPSILON = 1e-7


class Areas:
    """Areas under the curves of each slice, as far as rows were added.

    Parameters
    ----------
    slices : int
    """

    def __init__(self, slices: int) -> None:
        self._positives = np.zeros(slices + 1)
        self._negatives = np.zeros(slices + 1)
        self._pairs = np.zeros(slices + 1)
        self._steps = np.zeros(slices + 1)

    @property
    def auc(self) -> Floats:
        """Chance that a positive outranks a negative, ties half; NaN where there is one class."""
        return Ratio(self._pairs, self._positives * self._negatives).value[:-1]

    @property
    def average_precision(self) -> Floats:
        """Area under the precision-recall curve as a sum of steps; NaN without positives."""
        return Ratio(self._steps, self._positives).value[:-1]

    def add(
        self, codes: Codes, positive: NDArray[np.bool_], scores: Scores, weights: Weights
    ) -> None:
        """Add rows by descending score; none tied with a row that was added before."""
        runs = Runs.of(codes, positive, scores, weights)
        above_positives = runs.above_positives + self._positives[runs.slices]
        above_negatives = runs.above_negatives + self._negatives[runs.slices]
        size = self._pairs.size
        pairs = runs.negatives * (above_positives + runs.positives / 2)
        self._pairs += np.bincount(runs.slices, pairs, size)
        predicted = above_positives + runs.positives + above_negatives + runs.negatives
        steps = runs.positives * np.divide(
            above_positives + runs.positives,
            predicted,
            out=np.zeros(predicted.size),
            where=predicted > 0,
        )
        self._steps += np.bincount(runs.slices, steps, size)
        self._positives += np.bincount(runs.slices, runs.positives, size)
        self._negatives += np.bincount(runs.slices, runs.negatives, size)


class Ranking:
    """Rows by their scores: sorted once, and gone through for each partition.

    Parameters
    ----------
    view : View
    weights : ndarray of float64, shape (rows,), or None
    """

    def __init__(self, view: View, weights: Weights) -> None:
        self._view = view
        self._weights = weights
        self._ascending = np.argsort(view.scores)

    @property
    def rows(self) -> int:
        """How many rows there are, each counted once."""
        return self._ascending.size // self._view.repeats

    @property
    def positive(self) -> NDArray[np.bool_]:
        """Whether each row is positive."""
        return self._view.positive

    @property
    def heavy(self) -> Floats | float:
        """The weight of each row, or 1."""
        return 1.0 if self._weights is None else np.repeat(self._weights, self._view.repeats)

    def over_repeats(self, values: Floats) -> Floats:
        """Sum what is said of a row each time that it comes."""
        if self._view.repeats == 1:
            return values
        total: Floats = values.reshape(-1, self._view.repeats).sum(axis=1)
        return total

    def runs(self, codes: Codes, *, tfma: bool = False) -> tuple[Runs, NDArray[np.int64]]:
        """Runs of tied rows for the slices of a partition, and the rows in their order."""
        rows = self._ascending[::-1]
        scores = self._view.scores[rows]
        ranked = between_thresholds(scores) if tfma else scores
        at = rows if self._view.repeats == 1 else rows // self._view.repeats
        weights = None if self._weights is None else self._weights[at]
        runs = Runs.of(codes[at], self._view.positive[rows], ranked, weights)
        return runs, rows[runs.order]

    def areas(self, codes: Codes, slices: int, *, tfma: bool = False) -> Areas:
        """Areas for the slices of a partition.

        Parameters
        ----------
        codes : ndarray of int, shape (rows,)
        slices : int
        tfma : bool
            Take those scores as tied that lie between two neighbours of TensorFlow Model Analysis'
            10,000 thresholds. The trapezoids between its points of the ROC curve are just that.
        """
        areas = Areas(slices)
        for part, ranked in self._blocks(tfma):
            rows = part if self._view.repeats == 1 else part // self._view.repeats
            weights = None if self._weights is None else self._weights[rows]
            areas.add(codes[rows], self._view.positive[part], ranked, weights)
        return areas

    def _blocks(self, tfma: bool) -> Iterator[tuple[NDArray[np.int64], NDArray[Any]]]:
        """The rows by descending score, and the scores; rows that are tied stay together."""
        end, size = self._ascending.size, BLOCK
        while end:
            begin = max(end - size, 0)
            rows = self._ascending[begin:end][::-1]
            scores = self._view.scores[rows]
            ranked = between_thresholds(scores) if tfma else scores
            # The last tie may go on in the next block, save in the last block.
            tied = int(np.count_nonzero(ranked == ranked[-1])) if begin else 0
            if tied == rows.size:
                size *= 2
                continue
            kept = rows.size - tied
            yield rows[:kept], ranked[:kept]
            end, size = end - kept, BLOCK


@lru_cache(maxsize=1)
def _threshold_of_bucket() -> NDArray[np.int16]:
    left = np.concatenate([[-np.inf], np.arange(_THRESHOLDS) / _THRESHOLDS, [np.inf]])
    inner = np.arange(1, _THRESHOLDS - 1) / (_THRESHOLDS - 1)
    thresholds = np.append(inner, 1 + _EPSILON) + _EPSILON
    return np.searchsorted(thresholds, left, side="right").astype(np.int16)


def between_thresholds(scores: Scores) -> NDArray[np.int16]:
    """Between which of TensorFlow Model Analysis' thresholds scores lie, from 0 to 9,999.

    It counts scores in 10,000 buckets of equal width, and gives each bucket to the greatest
    threshold, of 10,000 from 0 to 1, that its left end reaches: `binary_confusion_matrices` and
    `calibration_histogram` there, of version 0.52.
    """
    buckets = np.clip(scores.astype(np.float64) * _THRESHOLDS + 1, 0, _THRESHOLDS + 1)
    return _threshold_of_bucket()[buckets.astype(np.intp)]
