"""The rows behind a table of slices: what more can be asked of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from tfinterp_widgets.evaluation.slicing.answers.columns import Column, Indices, Metric
from tfinterp_widgets.evaluation.slicing.answers.curves import (
    Curves,
    curves_of,
    stop_of,
    subject_of,
)
from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.answers.wrong import wrong_first
from tfinterp_widgets.evaluation.slicing.comparison.differences import difference
from tfinterp_widgets.evaluation.slicing.comparison.rests import Rests
from tfinterp_widgets.evaluation.slicing.features.features import Features
from tfinterp_widgets.evaluation.slicing.features.partition import Partition, partition, whole
from tfinterp_widgets.evaluation.slicing.intervals.closed import intervals_of_counts
from tfinterp_widgets.evaluation.slicing.intervals.methods import Method, label_of, method_for
from tfinterp_widgets.evaluation.slicing.keys import WHOLE, SliceKey, nearest_slice, slice_name
from tfinterp_widgets.evaluation.slicing.metrics.asked import Asked, metrics_asked, threshold_of
from tfinterp_widgets.evaluation.slicing.metrics.measure import Meter
from tfinterp_widgets.evaluation.slicing.metrics.measured import Measured, of_counts
from tfinterp_widgets.evaluation.slicing.metrics.ratios import Counts
from tfinterp_widgets.evaluation.slicing.problem import Bools, Problem, Subject, Threshold
from tfinterp_widgets.evaluation.slicing.search.find import find_worse
from tfinterp_widgets.evaluation.slicing.search.findings import Findings
from tfinterp_widgets.evaluation.slicing.search.testable import evidence_of
from tfinterp_widgets.evaluation.slicing.summaries.summarised import has_summary
from tfinterp_widgets.evaluation.uncertainty.intervals import Intervals


@dataclass(frozen=True, eq=False)
class Sliced:
    """Rows, the partitions that slices come from, and what is asked of these.

    Arrays over slices are in the order of the partitions, one after the other; a slice that is in
    several, as a pair's with one value held, is there as often.

    Attributes
    ----------
    problem : Problem
    features : Features
    partitions : tuple of Partition
    asked : mapping of str to Asked
        The metrics by name.
    threshold : float or "argmax"
    interval : str or None
    seed : int
        Of all draws.
    """

    problem: Problem
    features: Features
    partitions: tuple[Partition, ...]
    asked: Mapping[str, Asked]
    threshold: Threshold
    interval: str | None
    seed: int
    # What is known: `replace` hands it on, since curves hold for every threshold.
    _known_curves: dict[Subject, Curves] = field(default_factory=dict)
    _known_rests: dict[tuple[tuple[str, ...], str, Threshold], Rests] = field(default_factory=dict)

    @cached_property
    def places(self) -> dict[SliceKey, int]:
        """Where each slice first stands."""
        every = [key for partition in self.partitions for key in partition.keys]
        return {key: at for at, key in reversed(list(enumerate(every)))}

    @cached_property
    def keys(self) -> tuple[SliceKey, ...]:
        """The slices, each once: the whole, if it was asked for, and the others as they were."""
        return tuple(sorted(self.places, key=lambda key: (key != WHOLE, self.places[key])))

    @cached_property
    def order(self) -> Indices:
        """Where the slices of `keys` stand."""
        return self._at(self.keys)

    def curves(self, slices: Sequence[SliceKey], class_id: int | None) -> Curves:
        """How the positives and negatives of slices lie by score; see `SliceTable.curves_of`."""
        return self._curves(subject_of(self.problem, class_id)).take(self._at(slices))

    def at_threshold(self, table: SliceTable, threshold: Any) -> SliceTable:
        """A table of these rows as it is with another threshold; see `SliceTable.at_threshold`."""
        wanted, at = threshold_of(threshold), self._at(table.slices)
        columns = {
            name: self._moved(self.asked[name], wanted, at)
            if column.info.is_thresholded
            else column
            for name, column in table.columns.items()
        }
        return replace(
            table, columns=columns, threshold=wanted, data=replace(self, threshold=wanted)
        )

    def rows(self, key: SliceKey) -> Indices:
        """Positions of a slice's rows, ascending; see `SliceTable.rows`."""
        return np.flatnonzero(self.inside(key))

    def inside(self, key: SliceKey) -> Bools:
        """Whether each row is in a slice, (n,); raises as `rows`."""
        inside = np.ones(len(self.problem), dtype=bool)
        for name, value in key:
            feature = self.features[name]
            if value not in feature.positions:
                raise KeyError(
                    f"slice {slice_name(key)!r} holds no row."
                    + nearest_slice(key, [((name, level),) for level in feature.levels])
                )
            inside &= feature.codes == feature.positions[value]
        if not inside.any():
            raise KeyError(f"slice {slice_name(key)!r} holds no row: its values occur, but apart.")
        return inside

    def examples(self, key: SliceKey) -> Indices:
        """Positions of a slice's rows, wrong ones first; see `SliceTable.examples`."""
        rows = self.rows(key)
        return rows[wrong_first(self.problem.take(rows), self.threshold)]

    def difference(self, key: SliceKey, metric: str, baseline: SliceKey | None) -> Metric:
        """What a metric differs by; see `SliceTable.difference`."""
        asked = self.asked_for(metric)
        method = method_for(asked, self.interval, self.problem.weights is not None)
        if baseline is None and method in ("counted", "closed") and has_summary(asked):
            found = self._rests(key, asked).metric(key)
            if found is not None:  # else `difference` says why not
                return found
        inside = self.inside(key)
        others = ~inside if baseline is None else self.inside(baseline)
        generator = np.random.default_rng(self.seed)
        return difference(inside, others, asked, self._meter, method, generator)

    def find(
        self, metric: str, max_features: int, min_count: int, q: float
    ) -> Iterator[float | Findings]:
        """Slices in which a metric is worse than elsewhere; see `SliceTable.refine_find`."""
        asked = self.asked_for(metric)
        evidence = evidence_of(asked, self.problem, self.threshold)
        return find_worse(
            asked.info.name,
            evidence,
            self.features,
            len(self.problem),
            max_features=max_features,
            min_count=min_count,
            q=q,
        )

    def asked_for(self, metric: str) -> Asked:
        """A metric by name, be it in the table or not; raises as `metrics_asked`."""
        known = self.asked.get(metric)
        return metrics_asked(metric, self.problem)[0] if known is None else known

    def method(self, name: str) -> Method:
        """How the interval of a metric is made."""
        return method_for(self.asked[name], self.interval, self.problem.weights is not None)

    def column(self, name: str, measured: Measured, intervals: Intervals | None) -> Column:
        """A metric of slices as a column of a table."""
        asked, method = self.asked[name], self.method(name)
        denominator = None
        if measured.share is not None and self.problem.weights is None:
            denominator = measured.share.denominator.astype(np.int64)
        if intervals is None:
            none = np.full(len(measured.value), np.nan)
            return Column(asked.info, measured.value, none, none, measured.undefined, denominator)
        label = label_of(asked, method)
        low, high, missing = intervals.low, intervals.high, intervals.missing
        return Column(
            asked.info, measured.value, low, high, measured.undefined, denominator, label, missing
        )

    def _moved(self, asked: Asked, threshold: Threshold, at: Indices) -> Column:
        """A metric at another threshold, of the slices at these places."""
        name, stop = asked.info.name, stop_of(threshold)
        if stop is None:
            meter = Meter(self.problem, threshold)
            parts = [meter.measure(asked, p.codes(), len(p)) for p in self.partitions]
            return self._from_counts(name, Measured.joined(parts)).take(at)
        counts = [self._curves(subject).counts(stop) for subject in asked.subjects]
        measured = of_counts(asked, [Counts(*(side[at] for side in each)) for each in counts])
        return self._from_counts(name, measured)

    def _from_counts(self, name: str, measured: Measured) -> Column:
        """With those intervals that counts tell."""
        is_counted = self.method(name) == "counted"
        intervals = intervals_of_counts(self.asked[name], measured) if is_counted else None
        return self.column(name, measured, intervals)

    def _at(self, slices: Sequence[SliceKey]) -> Indices:
        return np.array([self.places[key] for key in slices], dtype=np.int64)

    def _curves(self, subject: Subject) -> Curves:
        if subject not in self._known_curves:
            view = self.problem.view(subject)
            made = curves_of(view, self.problem.weights, self.partitions)
            self._known_curves[subject] = made
        return self._known_curves[subject]

    def _rests(self, key: SliceKey, asked: Asked) -> Rests:
        """Differences from the rest of all slices by the same features: they cost little more."""
        names = tuple(name for name, _ in key)
        about = names, asked.info.name, self.threshold
        if about not in self._known_rests:
            features = tuple(self.features[name] for name in names)
            slices = partition(features) if features else whole(len(self.problem))
            self._known_rests[about] = Rests.of(slices, asked, self._meter)
        return self._known_rests[about]

    @cached_property
    def _meter(self) -> Meter:
        return Meter(self.problem, self.threshold)
