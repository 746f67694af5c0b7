"""The tables of a source's slices: what holds is kept, and the rest is measured."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace

from tfinterp_widgets.widgets.slices.joining import beside, with_slices
from tfinterp_widgets.widgets.slices.sources import (
    Source,
    Tables,
    Wanted,
    all_slices,
    at_threshold,
    of_class,
)


class Bringing:
    """Tables with the values of metrics, and with those intervals that come with them.

    Attributes
    ----------
    tables : mapping of str to SliceTable
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._wanted: Wanted | None = None
        self.tables: Tables = {}

    def bring(self, wanted: Wanted) -> Iterator[float]:
        """Have the tables that are wanted: keep what still holds, and measure the rest.

        Yields
        ------
        float
            The share that is done, where it takes time.
        """
        if self._wanted is None or _slices_of(wanted) != _slices_of(self._wanted):
            tables = yield from self._measured(replace(wanted, further=()))
            self.tables = tables
            self._drop_all()
        else:
            self._move(wanted)
            yield from self._add(wanted, self._wanted)
        self._extend(wanted)
        self._wanted = wanted

    def _drop_all(self) -> None:
        """Forget what else is known: the slices are others."""

    def _drop(self, columns: set[str]) -> None:
        """Forget what else is known of some metrics: their values are others."""

    def _make_room(self, count: int) -> None:
        """Take it that there are so many slices now, the new ones last."""

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
        self._drop(moved)

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
            self._make_room(len(all_slices(self.tables)))


def _slices_of(wanted: Wanted) -> Wanted:
    return replace(wanted, metrics=(), threshold=None, further=())
