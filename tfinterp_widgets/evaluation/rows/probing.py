"""Which raw column each column of a model's matrix comes from, found by trying."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.rows.raw_columns import RawColumn

NOBODY = -1
"""The owner of a matrix column that no raw column changes, such as a constant."""

_FEW, _MANY = 32, 1_000  # values of a number, spread over all it has: at first, and if need be
_ROWS_AT_ONCE = 1_024

Probe = Callable[[int, Sequence[Any]], NDArray[np.float32]]
"""``probe(position, values)``: the matrix of one row with one raw column at each of the values."""


def find_owners(
    columns: Sequence[RawColumn], probe: Probe, matrix: NDArray[np.float32]
) -> NDArray[np.intp]:
    """Change one raw column at a time, and see which matrix columns follow.

    Parameters
    ----------
    columns : sequence of RawColumn
    probe : callable
    matrix : ndarray of float32, shape (rows, k)
        That of the whole table.

    Returns
    -------
    ndarray of intp, shape (k,)
        The position of each matrix column's raw column; `NOBODY` for a constant one.

    Raises
    ------
    ValueError
        If a matrix column follows several raw columns, or changes over the table and follows none.
    """
    owners = np.full(matrix.shape[1], NOBODY, np.intp)
    varies = _changes(matrix)
    for count in (_FEW, _MANY):  # narrow bins of a number show themselves to many values only
        if count == _MANY and not _strays(owners, varies).size:
            break
        for at, column in enumerate(columns):
            followed = np.zeros(matrix.shape[1], bool)
            for values in _chunks(_values_to_try(column, count)):
                followed |= _changes(probe(at, values))
            _check_single(columns, owners, followed, at)
            owners[followed] = at
    strays = _strays(owners, varies)
    if strays.size:
        raise ValueError(
            f"column {strays[0]} of the matrix changes over the table, but with no raw column "
            "alone. Pass columns=, the raw column that each matrix column is to count for."
        )
    return owners


def _strays(owners: NDArray[np.intp], varies: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The matrix columns that are no constants, and nobody's."""
    return np.flatnonzero((owners == NOBODY) & varies)


def _check_single(
    columns: Sequence[RawColumn], owners: NDArray[np.intp], followed: NDArray[np.bool_], at: int
) -> None:
    shared = np.flatnonzero(followed & (owners != NOBODY) & (owners != at))
    if shared.size:
        raise ValueError(
            f"column {shared[0]} of the matrix changes with both "
            f"{columns[owners[shared[0]]].name!r} and {columns[at].name!r}, so its attribution "
            "cannot be summed into one of them. Pass columns=, the raw column that each matrix "
            "column is to count for."
        )


def _values_to_try(column: RawColumn, count: int) -> list[Any]:
    """The first is repeated in front of each chunk, as what the others are compared with."""
    if not column.is_number:
        return [*column.levels, *column.missing]
    present = np.unique(column.series.dropna().to_numpy())
    spread = np.linspace(0, max(0, present.size - 1), min(present.size, count))
    return [*present[spread.round().astype(int)].tolist(), *column.missing]


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    step = _ROWS_AT_ONCE - 1
    for begin in range(1, len(values), step):
        yield [values[0], *values[begin : begin + step]]


def _changes(matrix: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which columns are not the same in all rows; a NaN is the same as another."""
    first = matrix[:1]
    same = (matrix == first) | (np.isnan(matrix) & np.isnan(first))
    changed: NDArray[np.bool_] = ~same.all(axis=0)
    return changed
