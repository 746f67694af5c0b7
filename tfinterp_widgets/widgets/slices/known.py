"""What is known of a source's slices so far; nothing of it is computed twice."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace

from tfinterp_widgets.evaluation.slicing.keys import SliceKey
from tfinterp_widgets.widgets.slices.estimates import (
    Estimates,
    comparisons,
    differences,
    undrawn,
    with_intervals,
)
from tfinterp_widgets.widgets.slices.joining import beside, with_slices
from tfinterp_widgets.widgets.slices.sources import (
    Source,
    Tables,
    Wanted,
    all_slices,
    at_threshold,
    of_class,
)

FEW = 50
"""Of no more slices everything is found at once."""

AT_ONCE = 20
"""Of more slices so many at a time: about as many as one sees."""

About = tuple[str, SliceKey | None]
"""A column, and the slice that others are compared with."""


class Known:
    """Tables with the values of metrics, and of some metrics intervals and differences.

    These take time, so they are found for one metric when it is on view, of the slices on view
    first. What finds them outlives the question: who picks a slice meanwhile gets its examples at
    once, and loses no interval.

    Attributes
    ----------
    tables : mapping of str to SliceTable
    differences : dict
        By column and baseline, of each model.
    opposites : dict of str to Estimates
        Second model minus first, by column.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._wanted: Wanted | None = None
        self._done: dict[About, set[SliceKey]] = {}
        self._begun: dict[About, tuple[list[SliceKey], Iterator[float]]] = {}
        self.tables: Tables = {}
        self.differences: dict[About, dict[str, Estimates]] = {}
        self.opposites: dict[str, Estimates] = {}

    def bring(self, wanted: Wanted) -> Iterator[float]:
        """Have the tables that are wanted: keep what still holds, and measure the rest.

        Yields
        ------
        float
            The share that is done, where it takes time.
        """
        if self._wanted is None or _slices_of(wanted) != _slices_of(self._wanted):
            tables = yield from self._measured(replace(wanted, further=()))
            self.tables, self._done, self._begun = tables, {}, {}
            self.differences, self.opposites = {}, {}
        else:
            self._move(wanted)
            yield from self._add(wanted, self._wanted)
        self._extend(wanted)
        self._wanted = wanted

    def refine(
        self,
        column: str,
        baseline: SliceKey | None,
        order: Callable[[], Sequence[SliceKey]],
        *,
        on_view: bool = False,
    ) -> Iterator[float]:
        """Find a metric's intervals, differences and comparison.

        Parameters
        ----------
        column : str
        baseline : SliceKey or None
        order : callable
            The slices, those on view first; asked again and again, as a person may sort anew.
        on_view : bool
            Whether to leave it at the first ones.

        Yields
        ------
        float
            The share that is done.
        """
        about = column, baseline
        done, total = self._done.setdefault(about, set()), len(all_slices(self.tables))
        while len(done) < total:
            if about not in self._begun:
                left = [key for key in order() if key not in done]
                batch = left if total <= FEW else left[:AT_ONCE]
                self._begun[about] = batch, self._batch(about, batch)
            batch, work = self._begun[about]
            try:
                # Not by "yield from", which would end what was begun when nobody listens any more.
                for share in work:
                    yield (len(done) + share * len(batch)) / total
            except Exception:
                del self._begun[about]  # what has failed does not go on, and is begun anew
                raise
            del self._begun[about]
            done.update(batch)
            if on_view:
                return

    def _measured(self, wanted: Wanted) -> Generator[float, None, Tables]:
        tables: Tables = {}
        for item in self._source.measure(wanted):
            if isinstance(item, float):
                yield item
            else:
                tables = item
        # They wait for nothing: intervals come with the metric that is on view.
        return {name: replace(table, progress=1.0) for name, table in tables.items()}

    def _move(self, wanted: Wanted) -> None:
        """Go to another threshold; metrics that do not depend on it stay as they are."""
        threshold = wanted.threshold
        if self._wanted is None or threshold == self._wanted.threshold:
            return
        self.tables = at_threshold(self.tables, threshold)
        moved = {
            name
            for table in self.tables.values()
            for name, column in table.columns.items()
            if column.info.is_thresholded
        }
        for known in (self._begun, self._done, self.differences):
            for about in [about for about in known if about[0] in moved]:
                del known[about]
        self.opposites = {name: each for name, each in self.opposites.items() if name not in moved}

    def _add(self, wanted: Wanted, known: Wanted) -> Iterator[float]:
        """Measure metrics that were not asked for before."""
        names = {name for table in self.tables.values() for name in table.columns}
        metrics = [name for name in wanted.metrics if of_class(name, wanted.class_id) not in names]
        if metrics:
            asked = replace(wanted, metrics=tuple(metrics), further=known.further)
            more = yield from self._measured(asked)
            self.tables = {name: beside(self.tables[name], more[name]) for name in self.tables}

    def _extend(self, wanted: Wanted) -> None:
        """Measure slices that have come beside those asked for."""
        new = [key for key in wanted.further if key not in all_slices(self.tables)]
        if new:
            self.tables = {name: with_slices(each, new) for name, each in self.tables.items()}
            self._begun = {}
            count = len(all_slices(self.tables))
            of_models = (each for known in self.differences.values() for each in known.values())
            for estimates in (*of_models, *self.opposites.values()):
                estimates.extend(count)

    def _batch(self, about: About, keys: Sequence[SliceKey]) -> Iterator[float]:
        """Find everything about some slices."""
        column, baseline = about
        stages = (
            self._draw(column, keys),
            self._differ(column, baseline, keys),
            self._oppose(column, keys),
        )
        for number, stage in enumerate(stages):
            for share in stage:
                yield (number + share) / len(stages)

    def _draw(self, column: str, keys: Sequence[SliceKey]) -> Iterator[float]:
        for name, table in self.tables.items():
            missing = undrawn(table, column, keys)
            if missing:
                for share, drawn in with_intervals(table, column, missing):
                    columns = {**self.tables[name].columns, column: drawn}
                    self.tables = {
                        **self.tables,
                        name: replace(self.tables[name], columns=columns),
                    }
                    yield share

    def _differ(
        self, column: str, baseline: SliceKey | None, keys: Sequence[SliceKey]
    ) -> Iterator[float]:
        if self._source.allows.rest:
            known = self.differences.setdefault((column, baseline), {})
            for name, table in self.tables.items():
                if column in table.columns:
                    found = known.setdefault(name, Estimates.empty(len(table)))
                    yield from differences(table, column, baseline, keys, found)

    def _oppose(self, column: str, keys: Sequence[SliceKey]) -> Iterator[float]:
        if len(self.tables) == 2 and all(column in table.columns for table in self.tables.values()):
            slices = all_slices(self.tables)
            found = self.opposites.setdefault(column, Estimates.empty(len(slices)))
            missing = [key for key in keys if key not in found.known]
            if missing:
                yield from comparisons(self.tables, column, missing, found)


def _slices_of(wanted: Wanted) -> Wanted:
    return replace(wanted, metrics=(), threshold=None, further=())
