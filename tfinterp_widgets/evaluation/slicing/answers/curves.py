"""Curves: how many positives and negatives score above each threshold, slice by slice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tfinterp_widgets.evaluation.metrics.scores import Weights
from tfinterp_widgets.evaluation.slicing.answers.columns import Floats, Indices
from tfinterp_widgets.evaluation.slicing.features.partition import Partition
from tfinterp_widgets.evaluation.slicing.metrics.grouped import grouped_kinds
from tfinterp_widgets.evaluation.slicing.metrics.ratios import Counts
from tfinterp_widgets.evaluation.slicing.problem import (
    Problem,
    Subject,
    Threshold,
    View,
    blocks,
    floor_to,
)

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

    def counts(self, stop: int) -> Counts:
        """True and false positives and negatives of each slice, the threshold being at a stop."""
        tp, fp = self.above_positive[:, stop], self.above_negative[:, stop]
        return Counts(tp, fp, self.negatives - fp, self.positives - tp)

    def take(self, positions: Indices) -> Curves:
        """The curves of these slices, in this order."""
        return Curves(
            self.stops,
            self.above_positive[positions],
            self.above_negative[positions],
            self.positives[positions],
            self.negatives[positions],
        )


def stop_of(threshold: Threshold) -> int | None:
    """The position of a threshold among the stops; None where it is not one of them."""
    if threshold == "argmax":
        return None
    at = int(np.searchsorted(STOPS, threshold))
    return at if at < STOPS.size and STOPS[at] == threshold else None


def subject_of(problem: Problem, class_id: int | None) -> Subject:
    """What curves are of: a class against the rest; None for the positive one of two.

    Raises
    ------
    ValueError
        If there are no two classes, or not that class.
    """
    if problem.task == "regression":
        raise ValueError("curves are of two classes, but the labels are numbers.")
    if class_id is None and problem.task == "multiclass":
        raise ValueError(
            f"curves are of two classes, but there are {len(problem.class_names)}; expected "
            "curves_of(class_id), for one class against the rest."
        )
    if class_id is not None and class_id not in problem.class_ids:
        raise ValueError(f"class_id={class_id!r}; expected 0 to {len(problem.class_names) - 1}.")
    return Subject("positive") if class_id is None else Subject("class", class_id)


def curves_of(view: View, weights: Weights, partitions: Sequence[Partition]) -> Curves:
    """The curves of all slices of some partitions, one after the other.

    Bin i of a histogram of the scores holds those in (stop i-1, stop i], so that what is above a
    stop is the sum of the bins beyond it, exactly.
    """
    stops = floor_to(STOPS, view.scores.dtype)
    bins = STOPS.size + 1
    kinds = np.empty(view.scores.size, dtype=np.int16)
    for rows in blocks(kinds.size):
        kinds[rows] = np.searchsorted(stops, view.scores[rows], side="left")
        kinds[rows] += view.positive[rows] * np.int16(bins)
    histograms = [
        grouped_kinds(each.codes(), len(each), kinds, 2 * bins, weights, view.repeats)
        for each in partitions
    ]
    both = np.concatenate(histograms).reshape(-1, 2, bins)
    negatives, positives = np.moveaxis(both[..., ::-1].cumsum(axis=2)[..., ::-1], 1, 0)
    return Curves(STOPS, positives[:, 1:], negatives[:, 1:], positives[:, 0], negatives[:, 0])
