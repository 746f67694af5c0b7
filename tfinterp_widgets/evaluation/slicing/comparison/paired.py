"""Intervals of the difference of two models that answered the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.slicing.answers.columns import Floats
from tfinterp_widgets.evaluation.slicing.features.features import Codes
from tfinterp_widgets.evaluation.slicing.metrics.asked import Asked
from tfinterp_widgets.evaluation.slicing.metrics.definitions import COUNT_METRICS
from tfinterp_widgets.evaluation.slicing.metrics.grouped import grouped_kinds
from tfinterp_widgets.evaluation.slicing.metrics.intervals import (
    carriers,
    intervals_by_rows,
    is_of_kinds,
)
from tfinterp_widgets.evaluation.slicing.metrics.measure import Meter
from tfinterp_widgets.evaluation.slicing.metrics.ratios import Counts
from tfinterp_widgets.evaluation.slicing.sliced import Sliced
from tfinterp_widgets.evaluation.uncertainty.bootstrap import count_draws
from tfinterp_widgets.evaluation.uncertainty.percentiles import Intervals, percentile_intervals


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
    begin = 0
    low = np.full(sum(map(len, first.partitions)), np.nan)
    high = low.copy()
    for partition in first.partitions:
        generator = np.random.default_rng(first.seed)
        own = slice(begin, begin + len(partition))
        for found in pair.intervals(partition.codes(), len(partition), generator):
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
        self, codes: Codes, slices: int, generator: np.random.Generator
    ) -> Iterator[float | Intervals]:
        """As `intervals_by_rows`, for the slices of a partition."""
        difference = self._difference(self.a, self.b, codes, slices)
        if is_of_kinds(self.asked_a, self.a) and is_of_kinds(self.asked_b, self.b):
            yield self._by_kinds(codes, difference, generator)
            return

        def value(rows: NDArray[np.int64], own: Codes, drawn: int) -> Floats:
            a, b = (Meter(each.problem.take(rows), each.threshold) for each in (self.a, self.b))
            return self._difference(a, b, own, drawn)

        carrying = carriers(self.asked_a, self.a, codes, slices)
        yield from intervals_by_rows(value, difference, codes, carrying, generator)

    def _difference(self, a: Meter, b: Meter, codes: Codes, slices: int) -> Floats:
        of_b = b.measure(self.asked_b, codes, slices).value
        return of_b - a.measure(self.asked_a, codes, slices).value

    def _by_kinds(
        self, codes: Codes, difference: Floats, generator: np.random.Generator
    ) -> Intervals:
        """By draws of how many rows are of which kind for the one and of which for the other."""
        of_a, of_b = _kinds(self.asked_a, self.a), _kinds(self.asked_b, self.b)
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


def _kinds(asked: Asked, meter: Meter) -> NDArray[np.int8]:
    """Of each row: 0 a true negative, 1 a false alarm, 2 a miss, 3 a hit."""
    threshold = meter.threshold if asked.threshold is None else asked.threshold
    view = meter.problem.view(asked.subjects[0], threshold)
    kinds: NDArray[np.int8] = view.positive.astype(np.int8) * np.int8(2) + view.decisions(threshold)
    return kinds
