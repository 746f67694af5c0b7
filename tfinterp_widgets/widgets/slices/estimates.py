"""What takes time to find of one metric: its intervals, differences, and two models' comparison."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.slicing.answers.columns import Column
from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.comparison.comparison import refine_comparison
from tfinterp_widgets.evaluation.slicing.keys import SliceKey
from tfinterp_widgets.evaluation.slicing.refine import refine
from tfinterp_widgets.widgets.slices.sources import Tables, all_slices

Floats = NDArray[np.float64]

PAUSE_SECONDS = 0.2
"""Between two previews of differences: each is sent whole."""


@dataclass(frozen=True, eq=False)
class Estimates:
    """A number for each slice with its interval, NaN where there is none."""

    value: Floats
    low: Floats
    high: Floats

    @classmethod
    def empty(cls, count: int) -> Estimates:
        """None yet."""
        return cls(*(np.full(count, np.nan) for _ in range(3)))


def is_drawn(table: SliceTable, metric: str) -> bool:
    """Whether a metric has all the intervals that it can have."""
    column = table.columns.get(metric)
    return column is None or table.data is None or _is_whole(column, table.data.method(metric))


def _is_whole(column: Column, method: str) -> bool:
    without = np.isnan(column.value)
    without[list(column.no_interval)] = True
    return not method or bool((without | ~np.isnan(column.low)).all())


def with_intervals(table: SliceTable, metric: str) -> Iterator[tuple[float, Column]]:
    """Draw the intervals of one metric; yields the share that is done, and the column so far."""
    data = table.data
    assert data is not None  # else there is nothing to draw from
    method = data.method(metric)
    for drawn in refine(replace(data, asked={metric: data.asked[metric]})):
        column = drawn.column(metric).take(_places(drawn, table))
        yield drawn.progress, column
        if _is_whole(column, method):
            return  # what may come along beside it is not asked for


def _places(drawn: SliceTable, table: SliceTable) -> NDArray[np.int64]:
    return np.array([drawn.position(key) for key in table.slices], np.int64)


def differences(
    table: SliceTable, metric: str, baseline: SliceKey | None
) -> Iterator[tuple[float, Estimates]]:
    """Find by how much each slice differs from the baseline, or from the rest of the data.

    Yields
    ------
    float
        The share that is done.
    Estimates
        The same object, filled in more and more.
    """
    found, told = Estimates.empty(len(table)), time.monotonic()
    if table.column(metric).info.family != "size":
        for at, key in enumerate(table.slices):
            if key and key != baseline:
                one = table.difference(key, [metric], baseline)[metric]
                for part in ("value", "low", "high"):
                    number = getattr(one, part)
                    getattr(found, part)[at] = np.nan if number is None else number
            if time.monotonic() - told > PAUSE_SECONDS:
                told = time.monotonic()
                yield at / len(table), found
    yield 1.0, found


def comparisons(tables: Tables, metric: str) -> Iterator[Estimates]:
    """Find by how much the second table differs from the first, over all slices of both."""
    slices = all_slices(tables)
    places = {key: at for at, key in enumerate(slices)}
    first, second = tables.values()
    for compared in refine_comparison(first, second, metric):
        laid = Estimates.empty(len(slices))
        at = [places[key] for key in compared.slices]
        laid.value[at], laid.low[at], laid.high[at] = compared.value, compared.low, compared.high
        yield laid
