"""What takes time to find of one metric: its intervals, differences, and two models' comparison."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.slicing.answers.columns import Column
from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.comparison.comparison import refine_comparison
from tfinterp_widgets.evaluation.slicing.keys import SliceKey
from tfinterp_widgets.evaluation.slicing.refine import refine
from tfinterp_widgets.widgets.slices.joining import part_of, with_part
from tfinterp_widgets.widgets.slices.sources import Tables, all_slices

Floats = NDArray[np.float64]


@dataclass(eq=False)
class Estimates:
    """A number for each slice with its interval, NaN where there is none, filled in bit by bit.

    Attributes
    ----------
    value, low, high : ndarray of float64, shape (slices,)
    known : set of SliceKey
        Slices of which everything is known that can be.
    """

    value: Floats
    low: Floats
    high: Floats
    known: set[SliceKey] = field(default_factory=set)

    @classmethod
    def empty(cls, count: int) -> Estimates:
        """None yet."""
        value, low, high = np.full((3, count), np.nan)
        return cls(value, low, high)

    def extend(self, count: int) -> None:
        """Make room for slices that have come after the others."""
        more = np.full(count - len(self.value), np.nan)
        self.value, self.low, self.high = (
            np.append(each, more) for each in (self.value, self.low, self.high)
        )


def undrawn(table: SliceTable, metric: str, keys: Iterable[SliceKey]) -> list[SliceKey]:
    """List those slices of which a metric's interval is still to be found."""
    column = table.columns.get(metric)
    if column is None or table.data is None or not table.data.method(metric):
        return []
    has_none = np.isnan(column.low) & ~np.isnan(column.value)
    has_none[list(column.no_interval)] = False
    return [key for key in keys if key in table and has_none[table.position(key)]]


def with_intervals(
    table: SliceTable, metric: str, keys: Sequence[SliceKey]
) -> Iterator[tuple[float, Column]]:
    """Draw a metric's intervals for some slices; yields the share done, and the column so far."""
    part = part_of(table, keys)
    assert part.data is not None  # else there is nothing to draw from
    at = np.array([table.position(key) for key in part], np.int64)
    for drawn in refine(replace(part.data, asked={metric: part.data.asked[metric]})):
        places = np.array([drawn.position(key) for key in part], np.int64)
        own = drawn.take(places)
        yield drawn.progress, with_part(table.columns[metric], at, own.columns[metric])
        if not undrawn(own, metric, own):
            return  # what may come along beside it is not asked for


def differences(
    table: SliceTable,
    metric: str,
    baseline: SliceKey | None,
    keys: Sequence[SliceKey],
    found: Estimates,
) -> Iterator[float]:
    """Find by how much slices differ from the baseline, or from the rest of the data.

    Yields
    ------
    float
        The share that is done, after each slice.
    """
    for number, key in enumerate(keys, start=1):
        is_part = bool(key) and key != baseline and key in table
        if is_part and key not in found.known and table.column(metric).info.family != "size":
            one, at = table.difference(key, [metric], baseline)[metric], table.position(key)
            for part in ("value", "low", "high"):
                end = getattr(one, part)
                getattr(found, part)[at] = np.nan if end is None else end
        found.known.add(key)
        yield number / len(keys)


def comparisons(
    tables: Tables, metric: str, keys: Sequence[SliceKey], found: Estimates
) -> Iterator[float]:
    """Find by how much the second table differs from the first, in some of the slices of both."""
    places = {key: at for at, key in enumerate(all_slices(tables))}
    first, second = (part_of(table, keys) for table in tables.values())
    for compared in refine_comparison(first, second, metric):
        at = [places[key] for key in compared.slices]
        found.value[at], found.low[at], found.high[at] = compared.value, compared.low, compared.high
        yield 0.5
    found.known.update(keys)
