"""Intervals of the difference of two models that answered the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.slicing.answers.columns import Floats
from tfinterp_widgets.evaluation.slicing.features.features import Codes
from tfinterp_widgets.evaluation.slicing.influence.parts import summed
from tfinterp_widgets.evaluation.slicing.influence.rows import part_of
from tfinterp_widgets.evaluation.slicing.intervals.carriers import carriers
from tfinterp_widgets.evaluation.slicing.intervals.drawn import intervals_by_rows
from tfinterp_widgets.evaluation.slicing.intervals.made import intervals_of
from tfinterp_widgets.evaluation.slicing.intervals.methods import Method
from tfinterp_widgets.evaluation.slicing.metrics.asked import Asked
from tfinterp_widgets.evaluation.slicing.metrics.definitions import COUNT_METRICS
from tfinterp_widgets.evaluation.slicing.metrics.grouped import grouped_kinds
from tfinterp_widgets.evaluation.slicing.metrics.measure import Meter
from tfinterp_widgets.evaluation.slicing.metrics.ratios import Counts
from tfinterp_widgets.evaluation.slicing.sliced import Sliced
from tfinterp_widgets.evaluation.uncertainty.bootstrap import count_draws
from tfinterp_widgets.evaluation.uncertainty.intervals import Intervals
from tfinterp_widgets.evaluation.uncertainty.mover import Estimate, mover
from tfinterp_widgets.evaluation.uncertainty.percentiles import percentile_intervals


def paired_intervals(first: Sliced, second: Sliced, metric: str) -> Iterator[tuple[Floats, Floats]]:
    """Find the intervals of second minus first, partition by partition.

    Parameters
    ----------
    first, second : Sliced
        Of the same rows; slices are those of the first.
    metric : str

    Yields
    ------
    low, high : ndarray of float64, shape (slices,)
        In the order of the partitions' slices; NaN for what is not known yet, or cannot be. Often,
        so that one can stop in between.
    """
    pair = _Pair(
        first.asked[metric],
        Meter(first.problem, first.threshold),
        second.asked[metric],
        Meter(second.problem, second.threshold),
    )
    methods = first.method(metric), second.method(metric)
    begin = 0
    low = np.full(sum(map(len, first.partitions)), np.nan)
    high = low.copy()
    for partition in first.partitions:
        generator = np.random.default_rng(first.seed)
        own = slice(begin, begin + len(partition))
        for found in pair.intervals(methods, partition.codes(), len(partition), generator):
            if isinstance(found, Intervals):
                low[own], high[own] = found.low, found.high
            yield low.copy(), high.copy()
        begin = own.stop


@dataclass(frozen=True, eq=False)
class _Pair:
    """A metric of two models on the same rows."""

    asked_a: Asked
    a: Meter
    asked_b: Asked
    b: Meter

    def intervals(
        self,
        methods: tuple[Method, Method],
        codes: Codes,
        slices: int,
        generator: np.random.Generator,
    ) -> Iterator[float | Intervals]:
        """As `make_intervals`, for the slices of a partition."""
        if set(methods) <= {"counted", "closed"}:
            yield self._closed(methods, codes, slices, generator)
            return
        difference = self._difference(self.a, self.b, codes, slices)
        if self._are_of_kinds:
            yield self._by_kinds(codes, difference, generator)
            return

        def value(rows: NDArray[np.int64], own: Codes, drawn: int) -> Floats:
            a, b = (Meter(each.problem.take(rows), each.threshold) for each in (self.a, self.b))
            return self._difference(a, b, own, drawn)

        carrying = carriers(self.asked_a, self.a, codes, slices)
        yield from intervals_by_rows(value, difference, codes, carrying, generator)

    def _closed(
        self,
        methods: tuple[Method, Method],
        codes: Codes,
        slices: int,
        generator: np.random.Generator,
    ) -> Intervals:
        """By each model's own interval, and by how much both vary together.

        For shares of rows this is Newcombe's interval of a difference of paired proportions (1998,
        "Improved confidence intervals for the difference between binomial proportions based on
        paired data"), for the AUC the covariance is DeLong's.
        """
        estimates, influences = [], []
        for method, asked, meter in zip(
            methods, (self.asked_a, self.asked_b), (self.a, self.b), strict=True
        ):
            measured = meter.measure(asked, codes, slices)
            found = intervals_of(method, asked, meter, codes, measured, generator)
            estimates.append(Estimate(measured.value, found.low, found.high))
            influences.append(part_of(asked, meter, codes, slices).influence)
        (a, b), one, other = estimates, *influences
        together, *squares = (
            summed(each, codes, slices) for each in (one * other, one * one, other * other)
        )
        apart = np.sqrt(squares[0] * squares[1])
        correlation = np.zeros(slices)
        np.divide(together, apart, out=correlation, where=apart > 0)
        difference = mover(b, a, correlation)
        # Models that every row moves alike leave nothing to tell by how much others would differ.
        alike = summed(np.square(one - other), codes, slices) == 0
        low, high = (np.where(alike, np.nan, end) for end in (difference.low, difference.high))
        return Intervals(low, high)

    @property
    def _are_of_kinds(self) -> bool:
        return (
            self.asked_a.is_of_kinds and self.asked_b.is_of_kinds and self.a.problem.weights is None
        )

    def _difference(self, a: Meter, b: Meter, codes: Codes, slices: int) -> Floats:
        of_b = b.measure(self.asked_b, codes, slices).value
        return of_b - a.measure(self.asked_a, codes, slices).value

    def _by_kinds(
        self, codes: Codes, difference: Floats, generator: np.random.Generator
    ) -> Intervals:
        """By draws of how many rows are of which kind for the one and of which for the other."""
        of_a, of_b = (
            meter.kinds(asked, asked.subjects[0])[0]
            for meter, asked in ((self.a, self.asked_a), (self.b, self.asked_b))
        )
        counts = grouped_kinds(codes, difference.size, of_a * 4 + of_b, 16, None, 1)
        drawn = count_draws(counts, generator)
        (_, a), (_, b) = (self._ratios(drawn, axis) for axis in (-1, -2))
        (carrying_a, _), (carrying_b, _) = (self._ratios(counts, axis) for axis in (-1, -2))
        return percentile_intervals(b - a, difference, np.minimum(carrying_a, carrying_b))

    def _ratios(self, counts: NDArray[np.float64 | np.int64], axis: int) -> tuple[Floats, Floats]:
        """How many rows carry the metric, and what it is; `axis` is the other model's."""
        both = counts.reshape(*counts.shape[:-1], 4, 4).astype(np.float64)
        tn, fp, fn, tp = np.moveaxis(both.sum(axis=axis), -1, 0)
        metric, of_one = COUNT_METRICS[self.asked_a.base], Counts(tp, fp, tn, fn)
        return metric.carriers(of_one), metric.ratio(of_one).value
