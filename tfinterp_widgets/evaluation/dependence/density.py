"""Where the data of columns lie, on a grid of one column or two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.rows.raw_columns import RawColumn
from tfinterp_widgets.evaluation.tables.moments import counted, is_moment, moments

if TYPE_CHECKING:
    from tfinterp_widgets.evaluation.dependence.grids import Axis

_BULK = (1, 99)
# Percentiles: what lies beyond them, a few outliers, would stretch a grid.

_NEAR = 0.05
# How far from a point of the grid its data may lie, as a share of the bulk's width.


def numbers(column: RawColumn) -> NDArray[np.float64]:
    """A column of numbers as float64, missing values as NaN; of time in the column's own unit."""
    if is_moment(column.series.dtype):
        return counted(moments(column.series))
    return np.asarray(column.series.to_numpy(np.float64, na_value=np.nan))


def bulk(data: NDArray[np.float64]) -> tuple[float, float]:
    """Where the bulk of the finite numbers lies: all of them, if the bulk is one number."""
    data = data[np.isfinite(data)]
    low, high = np.percentile(data, _BULK)
    return (low, high) if high > low else (data.min(), data.max())


def counts_of(axes: tuple[Axis, ...]) -> NDArray[np.int64]:
    """How many rows of the data lie nearest to each point of the grid, in the grid's shape.

    The outermost cells reach as far outwards as inwards; rows beyond are in none.
    """
    shape = tuple(axis.values.size for axis in axes)
    cells = np.stack([_cells(axis) for axis in axes])
    flat = np.ravel_multi_index(tuple(cells[:, (cells >= 0).all(axis=0)]), shape)
    return np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)


def without_data(axes: tuple[Axis, ...]) -> NDArray[np.bool_]:
    """Which points of the grid have no row of the data near them, in the grid's shape.

    A row is near the point whose cell it is in, and near those within 5 % of the bulk's width.
    """
    ranges = [_reach(axis) for axis in axes]
    held = np.all([first < end for first, end in ranges], axis=0)
    # Each row covers a box of points. The box is marked at its corners alone, with alternating
    # signs; cumulative sums fill it in.
    covered = np.zeros([axis.values.size + 1 for axis in axes], np.int64)
    for sides in np.ndindex(*(2 for _ in axes)):
        corner = tuple(ends[side][held] for ends, side in zip(ranges, sides, strict=True))
        np.add.at(covered, corner, (-1) ** sum(sides))
    for dimension in range(len(axes)):
        covered = covered.cumsum(axis=dimension)
    return np.asarray(covered[tuple(slice(-1) for _ in axes)] == 0)


def _cells(axis: Axis) -> NDArray[np.intp]:
    """The point of the grid that each row lies nearest to, (rows,); -1 for none."""
    if axis.kind == "category":
        places = {level: place for place, level in enumerate(axis.values)}
        # The code of a missing value, -1, takes the last of these.
        of_code = np.array([*(places.get(level, -1) for level in axis.column.levels), -1], np.intp)
        return np.asarray(of_code[axis.column.codes()])
    data, values = numbers(axis.column), axis.numbers
    if values.size == 1:
        return np.where(data == values[0], 0, -1)
    middles = (values[1:] + values[:-1]) / 2
    first, last = 2 * values[0] - middles[0], 2 * values[-1] - middles[-1]
    return np.where((data >= first) & (data <= last), np.searchsorted(middles, data), -1)


def _reach(axis: Axis) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The points near which each row lies, (rows,) each: the first, and one after the last."""
    cells = _cells(axis)
    if axis.kind == "category":
        return np.maximum(cells, 0), cells + 1
    data = numbers(axis.column)
    low, high = bulk(data)
    near = _NEAR * (high - low)
    first = np.searchsorted(axis.numbers, data - near, "left")
    end = np.searchsorted(axis.numbers, data + near, "right")
    first = np.where(cells >= 0, np.minimum(first, cells), first)
    # NumPy sorts NaN behind everything, so that a missing value is near no point.
    return first, np.where(cells >= 0, np.maximum(end, cells + 1), end)
