"""Numbers of slices, and how much each row moves that of its slice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.slicing.answers.columns import Floats
from tfinterp_widgets.evaluation.slicing.features.features import Codes
from tfinterp_widgets.evaluation.slicing.metrics.ranks import Ranking
from tfinterp_widgets.evaluation.slicing.metrics.ratios import Ratio


@dataclass(frozen=True, eq=False)
class Part:
    """A number of each slice, and the influence of each row on it.

    Attributes
    ----------
    value : ndarray of float64, shape (slices,)
        NaN where it is undefined.
    influence : ndarray of float64, shape (n,)
        By how much the number would change, to first order, if the row's weight grew by its own
        size; 0 where the number is undefined, and for rows of no slice. Over a slice the influences
        add up to 0, and their squares to the variance of the number (Hampel 1974, "The influence
        curve and its role in robust estimation").
    """

    value: Floats
    influence: Floats


def by_row(numbers: Floats, codes: Codes) -> Floats:
    """What is said of slices, said of each row; NaN for rows of none."""
    found: Floats = np.append(numbers, np.nan)[codes]
    return found


def summed(values: NDArray[Any], codes: Codes, slices: int) -> Floats:
    """Sum values of rows over each slice, (slices,)."""
    return np.bincount(codes, values, slices + 1)[:slices].astype(np.float64, copy=False)


def ratio_part(numerator: Floats, denominator: Floats, codes: Codes, slices: int) -> Part:
    """A ratio of two sums over the rows of each slice.

    Parameters
    ----------
    numerator, denominator : ndarray of float64, shape (n,)
        What each row adds to either, its weight included.
    codes : ndarray of int, shape (n,)
        The slice of each row; `slices` for rows of none.
    slices : int
    """
    below = summed(denominator, codes, slices)
    value = np.full(slices, np.nan)
    np.divide(summed(numerator, codes, slices), below, out=value, where=below != 0)
    influence = numerator - by_row(value, codes) * denominator
    return Part(value, _known(influence / by_row(np.where(below == 0, np.nan, below), codes)))


def auc_part(ranking: Ranking, codes: Codes, slices: int, *, tfma: bool = False) -> Part:
    """The AUC of each slice.

    The influence of a positive is how far its placement, the share of the negatives that it
    outranks, is from the mean, which is the AUC; and likewise that of a negative (DeLong, DeLong &
    Clarke-Pearson 1988). The placements of all rows come from one pass over their sorted scores
    (Sun & Xu 2014, "Fast implementation of DeLong's algorithm").
    """
    runs, rows = ranking.runs(codes, tfma=tfma)
    positives = summed(runs.positives, runs.slices, slices)
    negatives = summed(runs.negatives, runs.slices, slices)
    lost = runs.above_negatives + runs.negatives / 2
    won = runs.above_positives + runs.positives / 2
    pairs = summed(runs.negatives * won, runs.slices, slices)
    area = Ratio(pairs, positives * negatives).value
    middle, above, below = (by_row(each, runs.slices) for each in (area, positives, negatives))
    with np.errstate(divide="ignore", invalid="ignore"):
        of_positives = (1 - middle - lost / below) / above
        of_negatives = (won / above - middle) / below
    of_both = runs.each(of_positives), runs.each(of_negatives)
    influence = np.empty(rows.size)
    influence[rows] = _known(np.where(ranking.positive[rows], *of_both))
    return Part(area, ranking.over_repeats(influence * ranking.heavy))


def average_precision_part(ranking: Ranking, codes: Codes, slices: int) -> Part:
    """The average precision of each slice.

    A row more of a score changes the precision at that score and at all below.
    """
    runs, rows = ranking.runs(codes)
    found = runs.above_positives + runs.positives
    predicted = found + runs.above_negatives + runs.negatives
    predicted = np.where(predicted > 0, predicted, np.inf)
    precision = found / predicted
    positives = summed(runs.positives, runs.slices, slices)
    value = Ratio(summed(runs.positives * precision, runs.slices, slices), positives).value
    # What a row takes from the precision at all scores up to its own; a positive adds to it, too.
    takes = runs.below(runs.positives * precision / predicted)
    gives = runs.below(runs.positives / predicted) + precision - by_row(value, runs.slices)
    per_positive = by_row(np.where(positives > 0, positives, np.nan), runs.slices)
    of_both = runs.each((gives - takes) / per_positive), runs.each(-takes / per_positive)
    influence = np.empty(rows.size)
    influence[rows] = _known(np.where(ranking.positive[rows], *of_both))
    return Part(value, ranking.over_repeats(influence * ranking.heavy))


def _known(influence: Floats) -> Floats:
    """0 for NaN: where a number is undefined no row moves it."""
    return np.nan_to_num(influence, copy=False, nan=0.0)
