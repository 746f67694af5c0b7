"""What is known of a source's slices so far; nothing of it is computed twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from tfinterp_widgets.evaluation.slicing.keys import SliceKey
from tfinterp_widgets.widgets.slices.bringing import Bringing
from tfinterp_widgets.widgets.slices.estimates import (
    Estimates,
    comparisons,
    differences,
    undrawn,
    with_intervals,
)
from tfinterp_widgets.widgets.slices.sources import Source, all_slices

FEW = 50
"""Of no more slices everything is found at once."""

AT_ONCE = 20
"""Of more slices first so many: about as many as one sees."""

LATER = 100
"""Then so many at a time, those by the same features together: they cost less so."""

About = tuple[str, SliceKey | None]
"""A column, and the slice that others are compared with."""


class Known(Bringing):
    """Tables with the values of metrics, and of some metrics intervals and differences.

    These take time, so they are found for one metric when it is on view, of the slices on view
    first. What finds them outlives the question: who picks a slice meanwhile gets its examples at
    once, and loses no interval.

    Attributes
    ----------
    differences : dict
        By column and baseline, of each model.
    opposites : dict of str to Estimates
        Second model minus first, by column.
    """

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._done: dict[About, set[SliceKey]] = {}
        self._begun: dict[About, tuple[list[SliceKey], Iterator[float]]] = {}
        self.differences: dict[About, dict[str, Estimates]] = {}
        self.opposites: dict[str, Estimates] = {}

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
            The slices on view; asked again and again, as a person may sort anew.
        on_view : bool
            Whether to leave it at these.

        Yields
        ------
        float
            The share that is done.
        """
        about = column, baseline
        done, total = self._done.setdefault(about, set()), len(all_slices(self.tables))
        while len(done) < total:
            if about not in self._begun:
                batch = self._next(done, order)
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

    def _drop_all(self) -> None:
        self._done, self._begun, self.differences, self.opposites = {}, {}, {}, {}

    def _drop(self, columns: set[str]) -> None:
        for known in (self._begun, self._done, self.differences):
            for about in [about for about in known if about[0] in columns]:
                del known[about]
        for name in self.opposites.keys() & columns:
            del self.opposites[name]

    def _make_room(self, count: int) -> None:
        self._begun = {}
        of_models = (each for known in self.differences.values() for each in known.values())
        for estimates in (*of_models, *self.opposites.values()):
            estimates.extend(count)

    def _next(self, done: set[SliceKey], order: Callable[[], Sequence[SliceKey]]) -> list[SliceKey]:
        every = all_slices(self.tables)
        left = [key for key in every if key not in done]
        if len(every) <= FEW:
            return left
        on_view = [key for key in order()[:AT_ONCE] if key not in done]
        return on_view or left[:LATER]

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
