"""Tables put together of parts that were measured apart, and parts of tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.slicing.answers.columns import Column
from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.features.partition import Partition
from tfinterp_widgets.evaluation.slicing.features.specs import Spec, partition_of
from tfinterp_widgets.evaluation.slicing.keys import SliceKey
from tfinterp_widgets.evaluation.slicing.refine import refine
from tfinterp_widgets.evaluation.slicing.sliced import Sliced

AT_ONCE = 20
"""Combinations of features that are measured between two reports of progress."""


def beside(table: SliceTable, more: SliceTable) -> SliceTable:
    """A table of rows with metrics more, of the same slices."""
    asked = {**_rows_of(table).asked, **_rows_of(more).asked}
    data = replace(_rows_of(table), asked=asked)
    return replace(table, columns={**table.columns, **more.columns}, data=data)


def with_slices(table: SliceTable, keys: Sequence[SliceKey]) -> SliceTable:
    """A table of rows with slices more."""
    data = _rows_of(table)
    features, rows = data.features, len(data.problem)
    partitions = tuple(partition_of(Spec(values=key), features, rows, 0) for key in keys)
    return below([table, next(refine(replace(data, partitions=partitions)))])


def measured(sliced: Sliced) -> Iterator[float | SliceTable]:
    """Measure all metrics, with those intervals that have a formula.

    Yields
    ------
    float or SliceTable
        The share of the slices that is done, where it takes time; at last the table.
    """
    every, parts = sliced.partitions, []
    for begin in range(0, len(every), AT_ONCE):
        part = replace(sliced, partitions=every[begin : begin + AT_ONCE])
        parts.append(next(refine(part)))
        if len(every) > AT_ONCE:
            yield min(begin + AT_ONCE, len(every)) / len(every)
    yield parts[0] if len(parts) == 1 else below(_alike(parts))


def _alike(tables: Sequence[SliceTable]) -> list[SliceTable]:
    """Have in every table the metrics that came along beside those asked for in some."""
    asked = {name: each for table in tables for name, each in _rows_of(table).asked.items()}
    alike = []
    for table in tables:
        lacking = {name: each for name, each in asked.items() if name not in table.columns}
        more = replace(_rows_of(table), asked=lacking)
        alike.append(beside(table, next(refine(more))) if lacking else table)
    return alike


def below(tables: Sequence[SliceTable]) -> SliceTable:
    """A table of rows with the slices of several tables, each once; its metrics are the first's."""
    known: set[SliceKey] = set()
    parts = []
    for table in tables:
        new = [at for at, key in enumerate(table) if key not in known]
        parts.append(table.take(np.array(new, np.int64)))
        known.update(table)
    first, *_ = parts
    partitions = tuple(each for part in parts for each in _rows_of(part).partitions)
    return replace(
        first,
        slices=tuple(key for part in parts for key in part.slices),
        counts=np.concatenate([part.counts for part in parts]),
        weights=np.concatenate([part.weights for part in parts]),
        columns={name: _one([part.columns[name] for part in parts]) for name in first.columns},
        data=replace(_rows_of(first), partitions=partitions, _known_curves={}),
    )


def part_of(table: SliceTable, keys: Sequence[SliceKey]) -> SliceTable:
    """The table of some of its slices, in the table's order; its rows know of no others either."""
    wanted = set(keys)
    if len(wanted) == len(table):
        return table
    part = table.take(np.array([at for at, key in enumerate(table) if key in wanted], np.int64))
    if table.data is None:
        return part
    partitions = []
    for each in table.data.partitions:
        kept = np.array([key in wanted for key in each.keys], bool)
        wanted -= set(each.keys)  # in some other partition it may stand again
        if kept.any():
            partitions.append(each if kept.all() else _kept(each, kept))
    return replace(part, data=replace(table.data, partitions=tuple(partitions), _known_curves={}))


def with_part(column: Column, at: NDArray[np.int64], part: Column) -> Column:
    """A column whose intervals at some places are those of another one."""
    low, high = column.low.copy(), column.high.copy()
    low[at], high[at] = part.low, part.high
    reasons = {int(at[place]): why for place, why in part.no_interval.items()}
    return replace(
        column,
        low=low,
        high=high,
        method=part.method or column.method,
        no_interval={**column.no_interval, **reasons},
    )


def _kept(partition: Partition, kept: NDArray[np.bool_]) -> Partition:
    return replace(
        partition, combinations=partition.combinations[kept], counts=partition.counts[kept]
    )


def _one(columns: Sequence[Column]) -> Column:
    """Columns of one metric, one below the other."""
    starts = np.cumsum([0, *map(len, columns)]).tolist()
    denominators = [each.denominator for each in columns if each.denominator is not None]
    return replace(
        columns[0],
        value=np.concatenate([each.value for each in columns]),
        low=np.concatenate([each.low for each in columns]),
        high=np.concatenate([each.high for each in columns]),
        undefined=_moved([each.undefined for each in columns], starts),
        denominator=np.concatenate(denominators) if denominators else None,
        no_interval=_moved([each.no_interval for each in columns], starts),
    )


def _moved(reasons: Sequence[Mapping[int, str]], starts: Sequence[int]) -> dict[int, str]:
    return {
        start + at: why
        for start, own in zip(starts, reasons, strict=False)
        for at, why in own.items()
    }


def _rows_of(table: SliceTable) -> Sliced:
    assert table.data is not None  # a finished table is not measured in parts
    return table.data
