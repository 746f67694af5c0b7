"""The evidence that a metric is worse in a slice than elsewhere, for all slices of a partition.

What would be no evidence is always the same: the slice's rows were drawn by chance from all rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np

from tfinterp_widgets.evaluation.metrics.scores import Weights
from tfinterp_widgets.evaluation.slicing.answers.columns import Floats
from tfinterp_widgets.evaluation.slicing.features.features import Codes
from tfinterp_widgets.evaluation.slicing.metrics.grouped import grouped_sums
from tfinterp_widgets.evaluation.slicing.metrics.ranks import Ranking
from tfinterp_widgets.evaluation.slicing.metrics.ratios import Ratio
from tfinterp_widgets.evaluation.slicing.problem import Bools, View
from tfinterp_widgets.evaluation.slicing.summaries.auc import AucPass, WholeRanks
from tfinterp_widgets.evaluation.uncertainty.auc_tail import AucTail
from tfinterp_widgets.evaluation.uncertainty.hypergeometric import hypergeometric_tail
from tfinterp_widgets.evaluation.uncertainty.subset_means import Stratum, subset_mean_tail


@dataclass(frozen=True, eq=False)
class Tally:
    """A metric in the slices of a partition; arrays of shape (slices,).

    Attributes
    ----------
    values : ndarray of float64
        NaN where it is undefined.
    chances : ndarray of float64
        Of a value as bad as that in rows drawn by chance; 1 where it, or that of the rest, is
        undefined.
    """

    values: Floats
    chances: Floats


class Evidence(Protocol):
    """What can be asked of a metric that is looked for."""

    def tally(self, codes: Codes, slices: int) -> Tally:
        """The metric in each slice; codes are `slices` for rows of none."""

    def rests(self, codes: Codes, slices: int) -> Floats:
        """The metric in all rows outside each slice, (slices,)."""


@dataclass(frozen=True, eq=False)
class OfShares:
    """A share of unweighted rows, by Fisher's exact test.

    Attributes
    ----------
    among, hits : ndarray of bool, shape (n,)
        The rows that it is a share of, and those of them that count.
    greater_is_better : bool
    """

    among: Bools
    hits: Bools
    greater_is_better: bool

    def tally(self, codes: Codes, slices: int) -> Tally:
        """The metric in each slice."""
        hits, among = self._sums(codes, slices)
        bad, every = hits, np.count_nonzero(self.among)
        all_bad = np.count_nonzero(self.hits)
        if self.greater_is_better:
            bad, all_bad = among - hits, every - all_bad
        chances = hypergeometric_tail(bad, among, all_bad, every)
        return Tally(Ratio(hits, among).value, np.where(among < every, chances, 1))

    def rests(self, codes: Codes, slices: int) -> Floats:
        """The metric in all rows outside each slice."""
        hits, among = self._sums(codes, slices)
        in_all = np.count_nonzero(self.hits), np.count_nonzero(self.among)
        return Ratio(in_all[0] - hits, in_all[1] - among).value

    def _sums(self, codes: Codes, slices: int) -> list[Floats]:
        return grouped_sums(codes, slices, lambda rows: (self.hits[rows], self.among[rows]))


@dataclass(frozen=True, eq=False)
class OfRatios:
    """A ratio of two sums over rows, as a weighted mean or F1, by the mean of a score of each row.

    That the ratio of a slice is above R is that the sum of weight (numerator - R denominator) over
    its rows is above 0: R being the ratio of all rows, the slice's mean of it is tested against the
    means of rows drawn by chance.

    Attributes
    ----------
    numerator, denominator : ndarray of float64, shape (n,)
        Weighted; rows whose denominator is 0 take no part.
    greater_is_better : bool
    combine : callable
        ``combine(denominators, numerators)``: the metric of sums over rows.
    """

    numerator: Floats
    denominator: Floats
    greater_is_better: bool
    combine: Callable[[Floats, Floats], Floats]

    def tally(self, codes: Codes, slices: int) -> Tally:
        """The metric in each slice."""
        among = self.denominator > 0
        if not among.any():
            return Tally(np.full(slices, np.nan), np.ones(slices))
        ratio = self.numerator.sum() / self.denominator.sum()
        scores = self.numerator - ratio * self.denominator
        scores *= -1 if self.greater_is_better else 1
        stratum = Stratum.of(scores[among])
        numerators, denominators, counts, sums = grouped_sums(
            codes,
            slices,
            lambda at: (
                self.numerator[at],
                self.denominator[at],
                among[at],
                scores[at] * among[at],
            ),
        )
        tested = (counts > 0) & (counts < stratum.rows)
        chances = np.ones(slices)
        means = sums[tested] / counts[tested]
        chances[tested] = subset_mean_tail(means, counts[tested, np.newaxis], [stratum])
        return Tally(self.combine(denominators, numerators), chances)

    def rests(self, codes: Codes, slices: int) -> Floats:
        """The metric in all rows outside each slice."""
        numerators, denominators = grouped_sums(
            codes, slices, lambda at: (self.numerator[at], self.denominator[at])
        )
        above = np.maximum(self.numerator.sum() - numerators, 0)
        return self.combine(self.denominator.sum() - denominators, above)


@dataclass(frozen=True, eq=False)
class OfBalancedAccuracy:
    """The mean of recall and specificity, by the sum of two means: of misses, of false alarms.

    Attributes
    ----------
    positive, wrong : ndarray of bool, shape (n,)
    weights : ndarray of float64, shape (n,), or None
    """

    positive: Bools
    wrong: Bools
    weights: Weights

    def tally(self, codes: Codes, slices: int) -> Tally:
        """The metric in each slice."""
        recall, specificity = (
            self._of_class(own, codes, slices) for own in (self.positive, ~self.positive)
        )
        strata = [recall.stratum, specificity.stratum]
        counts = np.stack([recall.counts, specificity.counts], axis=1)
        rows = [stratum.rows for stratum in strata]
        tested = ((counts > 0) & (counts < rows)).all(axis=1)
        means = (recall.means + specificity.means)[tested]
        chances = np.ones(slices)
        chances[tested] = subset_mean_tail(means, counts[tested], strata)
        return Tally((recall.rates + specificity.rates) / 2, chances)

    def rests(self, codes: Codes, slices: int) -> Floats:
        """The metric in all rows outside each slice."""
        recall, specificity = (
            self._rate_of_rest(own, codes, slices) for own in (self.positive, ~self.positive)
        )
        return (recall + specificity) / 2

    def _rate_of_rest(self, own: Bools, codes: Codes, slices: int) -> Floats:
        heavy = own.astype(np.float64) if self.weights is None else own * self.weights
        right = heavy * ~self.wrong
        hits, weight = grouped_sums(codes, slices, lambda rows: (right[rows], heavy[rows]))
        return Ratio(right.sum() - hits, heavy.sum() - weight).value

    def _of_class(self, own: Bools, codes: Codes, slices: int) -> _OfClass:
        heavy = own.astype(np.float64) if self.weights is None else own * self.weights
        wrong = heavy * self.wrong
        scores = (wrong - heavy * (wrong.sum() / heavy.sum())) / heavy[own].mean()
        counts, sums, weight, missed = grouped_sums(
            codes, slices, lambda rows: (own[rows], scores[rows], heavy[rows], wrong[rows])
        )
        means, rates = Ratio(sums, counts).value, Ratio(weight - missed, weight).value
        return _OfClass(counts, means, rates, Stratum.of(scores[own]))


class _OfClass(NamedTuple):
    """Rows of one class, by slice: how many, what is tested of them, the share that is right."""

    counts: Floats
    means: Floats
    rates: Floats
    stratum: Stratum


class OfAuc:
    """The AUC, by how likely so low a one is in rows drawn by chance.

    Parameters
    ----------
    view : View
    weights : ndarray of float64, shape (n,), or None
    """

    def __init__(self, view: View, weights: Weights) -> None:
        self._positive = view.positive
        self._ranking = Ranking(view, weights)
        self._tail = AucTail(view.positive, view.scores, weights)

    def tally(self, codes: Codes, slices: int) -> Tally:
        """The metric in each slice."""
        values = self._ranking.areas(codes, slices).auc
        positives, negatives = grouped_sums(
            codes, slices, lambda rows: (self._positive[rows], ~self._positive[rows])
        )
        all_positives = np.count_nonzero(self._positive)
        in_rest = all_positives - positives, self._positive.size - all_positives - negatives
        tested = ~np.isnan(values) & (in_rest[0] > 0) & (in_rest[1] > 0)
        chances = np.ones(slices)
        chances[tested] = self._tail.at(values[tested], positives[tested], negatives[tested])
        return Tally(values, chances)

    def rests(self, codes: Codes, slices: int) -> Floats:
        """The metric in all rows outside each slice."""
        return AucPass(self._ranking, codes, slices, tfma=False).outside(self._whole).value

    @cached_property
    def _whole(self) -> WholeRanks:
        return WholeRanks.of(self._ranking, tfma=False)
