"""The values that columns are set to for partial dependence."""

from __future__ import annotations

import difflib
import operator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.dependence.density import bulk, numbers
from tfinterp_widgets.evaluation.rows.raw_columns import RawColumn
from tfinterp_widgets.evaluation.tables import moments
from tfinterp_widgets.evaluation.tables.cells import check_hashable
from tfinterp_widgets.evaluation.tables.tables import Table


@dataclass(frozen=True, eq=False)
class Axis:
    """The values that one column is set to.

    Attributes
    ----------
    column : RawColumn
    position : int
        Which of the table's columns it is.
    values : ndarray, shape (points,)
        int64 or float64, ascending, for a number; datetime64 or timedelta64 for dates and spans of
        time; objects for a category, those of an ordered one in its order, else the most frequent
        first.
    """

    column: RawColumn
    position: int
    values: NDArray[Any]

    @property
    def kind(self) -> Literal["number", "category"]:
        """Whether it counts or measures, also time; all else, truth values too, is a category."""
        is_time = self.values.dtype.kind in "mM"
        return "number" if self.column.is_number or is_time else "category"

    @property
    def numbers(self) -> NDArray[np.float64]:
        """The values of a number, in the unit that `density.numbers` counts in."""
        is_time = self.values.dtype.kind in "mM"
        return moments.counted(self.values) if is_time else self.values.astype(np.float64)

    def own_values(self) -> Any:
        """The values in the column's own type, as far as that holds them: an array of pandas."""
        if self.values.dtype.kind in "mM":
            return moments.own_type(self.values, self.column.series)
        return self.column.filled(self.values.tolist())


def axes_for(table: Table, feature: Any, grid: Any) -> tuple[Axis, ...]:
    """Lay a grid over one column of a table, or over two.

    Parameters
    ----------
    table : Table
    feature : str, int, or a list or tuple of one or two
        Columns by name or position.
    grid : int or array-like; for two columns a pair of them too
        As for `axis_for`.

    Raises
    ------
    TypeError, ValueError
        As `axis_for`, and if the table lacks a column, or there are not one or two different ones.
    """
    # A tuple may be the name of one column, in a MultiIndex.
    is_pair = isinstance(feature, list | tuple) and str(feature) not in table.names
    listed = list(feature) if is_pair else [feature]
    positions = [_position(table.names, column) for column in listed]
    if len(positions) not in (1, 2) or len(set(positions)) < len(positions):
        raise ValueError(
            f"feature={feature!r} names {len(listed)} columns; expected one, or two different ones."
        )
    grids = [grid]
    if len(positions) == 2:
        grids = [grid, grid] if _count(grid) is not None else _pair(grid)
    return tuple(
        axis_for(RawColumn(table.names[at], table.column(at).infer_objects()), at, each)
        for at, each in zip(positions, grids, strict=True)
    )


def axis_for(column: RawColumn, position: int, grid: Any) -> Axis:
    """Lay a grid over a column, or check the one that a user gives.

    Parameters
    ----------
    column : RawColumn
    position : int
    grid : int or array-like
        How many points, >= 2: evenly spaced from the 1st to the 99th percentile, whole for whole
        numbers, the values themselves where there are no more than that, the most frequent levels
        of a category. Or the values themselves.

    Raises
    ------
    TypeError, ValueError
        If the grid is empty, holds something that the column cannot, or is to be laid over a
        column that is constant or has no values.
    """
    check_hashable(column.name, column.series)
    if column.series.isna().all():
        raise ValueError(f"column {column.name!r} has no values: every row misses it.")
    count = _count(grid)
    if count is None:
        return Axis(column, position, _given(column, grid))
    if count < 2:
        raise ValueError(f"grid={grid}; expected at least 2 points, or an array of values.")
    is_time = moments.is_moment(column.series.dtype)
    if column.is_number and not np.isfinite(numbers(column)).any():
        raise ValueError(f"column {column.name!r} has no finite values.")
    is_laid = column.is_number or is_time
    values = _laid(column, count) if is_laid else _most_frequent(column, count)
    if values.size == 1:
        raise ValueError(
            f"column {column.name!r} is constant: every row has {values[0]}, so there is no curve. "
            f"Choose another column, or give the values to try as grid, e.g. grid=[{values[0]!r}]."
        )
    return Axis(column, position, values)


def whole(value: Any, name: str) -> int:
    """Take a whole number that a user gave; raise TypeError for anything else."""
    count = _count(value)
    if count is None:
        raise TypeError(f"{name}={value!r} is a {type(value).__name__}; expected a whole number.")
    return count


def _count(grid: Any) -> int | None:
    try:  # True is an int to Python, but nobody means 1 by it
        return None if isinstance(grid, bool | np.bool_) else operator.index(grid)
    except TypeError:
        return None


def _pair(grid: Any) -> list[Any]:
    if not (isinstance(grid, list | tuple) and len(grid) == 2):
        raise ValueError(
            f"grid={grid!r}; for two columns expected how many points, or a pair: one grid each."
        )
    return list(grid)


def _position(names: tuple[str, ...], column: Any) -> int:
    if str(column) in names:
        return names.index(str(column))
    position = _count(column)
    if position is not None and 0 <= position < len(names):
        return position
    near = difflib.get_close_matches(str(column), names, n=1)
    listed = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    hint = f" Did you mean {near[0]!r}?" if near else f" It has {listed}."
    raise ValueError(f"feature={column!r} is no column of X.{hint}")


def _laid(column: RawColumn, count: int) -> NDArray[Any]:
    data = numbers(column)
    if moments.is_moment(column.series.dtype):
        times = np.unique(moments.moments(column.series.dropna()))
        return times if times.size <= count else moments.spread(times, *bulk(data), count)
    values = np.unique(data[np.isfinite(data)])
    if values.size > count:
        low, high = bulk(data)
        if column.is_whole:
            return np.unique(np.rint(np.linspace(np.floor(low), np.ceil(high), count))).astype(int)
        return np.linspace(low, high, count)
    return values.astype(int) if column.is_whole else values


def _most_frequent(column: RawColumn, count: int) -> NDArray[Any]:
    series = column.series
    found = series.value_counts()
    levels = found[found > 0].index[:count].tolist()
    if getattr(series.dtype, "ordered", False) or isinstance(series.dtype, pd.PeriodDtype):
        levels = [level for level in column.levels if level in set(levels)]
    return _objects(levels)


def _given(column: RawColumn, grid: Any) -> NDArray[Any]:
    try:
        values = list(grid) if not isinstance(grid, str) else None
    except TypeError:
        values = None
    if values is None:
        raise TypeError(
            f"grid={grid!r} is a {type(grid).__name__}; expected how many points, or an array of "
            f"values for column {column.name!r}."
        )
    if not values:
        raise ValueError(f"the grid for column {column.name!r} is empty; expected values.")
    if moments.is_moment(column.series.dtype):
        return np.unique([moments.checked(column.name, each, column.series) for each in values])
    checked = dict.fromkeys(column.checked(value) for value in values)
    return np.array(sorted(checked)) if column.is_number else _objects(list(checked))


def _objects(values: list[Any]) -> NDArray[Any]:
    array = np.empty(len(values), object)
    array[:] = values
    return array
