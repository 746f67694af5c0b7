"""What is known of a source's slices so far; nothing of it is computed twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.keys import SliceKey
from tfinterp_widgets.widgets.slices.estimates import (
    Estimates,
    comparisons,
    differences,
    is_drawn,
    with_intervals,
)
from tfinterp_widgets.widgets.slices.sources import Source, Tables, Wanted, at_threshold, of_class


class Known:
    """Tables with the values of all metrics, and of some metrics intervals and differences.

    These take time, so they are found for one metric when it is on view. What finds them outlives
    the question: who picks a slice meanwhile gets its examples at once, and loses no interval.

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
        self._begun: dict[tuple[Any, ...], Iterator[float]] = {}  # the column comes second
        self.tables: Tables = {}
        self.differences: dict[tuple[str, SliceKey | None], dict[str, Estimates]] = {}
        self.opposites: dict[str, Estimates] = {}

    def bring(self, wanted: Wanted) -> None:
        """Have the tables that are wanted: keep what still holds, and measure the rest."""
        if self._wanted is None or _slices_of(wanted) != _slices_of(self._wanted):
            self._begin(wanted)
        else:
            self._move(wanted)
            self._add(wanted)
        self._wanted = wanted

    def refine(self, column: str, baseline: SliceKey | None) -> Iterator[float]:
        """Find a metric's intervals, differences and comparison; yields the share that is done."""
        stages = (
            self._going(("draw", column), self._draw(column)),
            self._going(("differ", column, baseline), self._differ(column, baseline)),
            self._going(("oppose", column), self._oppose(column)),
        )
        for number, stage in enumerate(stages):
            for share in stage:
                yield (number + share) / len(stages)

    def _begin(self, wanted: Wanted) -> None:
        self.tables = _whole(self._source.measure(wanted))
        self._begun, self.differences, self.opposites = {}, {}, {}

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
        self._begun = {about: each for about, each in self._begun.items() if about[1] not in moved}
        self.differences = {
            about: each for about, each in self.differences.items() if about[0] not in moved
        }
        self.opposites = {name: each for name, each in self.opposites.items() if name not in moved}

    def _add(self, wanted: Wanted) -> None:
        """Measure metrics that were not asked for before."""
        known = {name for table in self.tables.values() for name in table.columns}
        metrics = [name for name in wanted.metrics if of_class(name, wanted.class_id) not in known]
        if metrics:
            more = self._source.measure(replace(wanted, metrics=tuple(metrics)))
            self.tables = {name: _joined(self.tables[name], more[name]) for name in self.tables}

    def _going(self, about: tuple[Any, ...], begin: Iterator[float]) -> Iterator[float]:
        """Go on where an earlier question left off.

        Not by "yield from", which would end what was begun when nobody listens any more.
        """
        try:
            for share in self._begun.setdefault(about, begin):  # noqa: UP028
                yield share
        except Exception:
            del self._begun[about]  # what has failed does not go on, and is begun anew
            raise

    def _draw(self, column: str) -> Iterator[float]:
        for name, table in self.tables.items():
            if not is_drawn(table, column):
                for share, drawn in with_intervals(table, column):
                    columns = {**self.tables[name].columns, column: drawn}
                    self.tables = {
                        **self.tables,
                        name: replace(self.tables[name], columns=columns),
                    }
                    yield share

    def _differ(self, column: str, baseline: SliceKey | None) -> Iterator[float]:
        if self._source.allows.rest:
            known = self.differences[column, baseline] = {}
            for name, table in self.tables.items():
                if column in table.columns:
                    for share, known[name] in differences(table, column, baseline):
                        yield share

    def _oppose(self, column: str) -> Iterator[float]:
        if len(self.tables) == 2 and all(column in table.columns for table in self.tables.values()):
            for comparison in comparisons(self.tables, column):
                self.opposites[column] = comparison
                yield 0.5


def _slices_of(wanted: Wanted) -> Wanted:
    return replace(wanted, metrics=(), threshold=None)


def _whole(tables: Tables) -> Tables:
    """Tables that wait for nothing: intervals come with the metric that is on view."""
    return {name: replace(table, progress=1.0) for name, table in tables.items()}


def _joined(table: SliceTable, more: SliceTable) -> SliceTable:
    assert table.data is not None  # else nothing is measured
    assert more.data is not None
    asked = {**table.data.asked, **more.data.asked}
    return replace(
        table,
        columns={**table.columns, **more.columns},
        data=replace(table.data, asked=asked),
    )
