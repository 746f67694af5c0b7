"""Tables: rows as they came, and rows some columns of which come from other rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.tables.cells import check_real, unmasked

Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Shuffle:
    """Rows of a table, some columns of which come from other rows.

    Attributes
    ----------
    rows : ndarray of intp, shape (n,)
        The rows.
    source : ndarray of intp, shape (n,)
        Where the columns of each row come from.
    columns : tuple of int
        Positions of these columns.
    """

    rows: Indices
    source: Indices
    columns: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def part(self, begin: int, end: int) -> Shuffle:
        """Its rows begin to end."""
        return Shuffle(self.rows[begin:end], self.source[begin:end], self.columns)


class Table(ABC):
    """Rows of named columns, of the kind that the model's owner holds them in.

    Attributes
    ----------
    rows : ndarray, shape (n, k), or DataFrame
        As they came; never written to.
    names : tuple of str
        One per column, all different.
    """

    def __init__(self, rows: Any, names: Sequence[str]) -> None:
        self.rows = rows
        self.names = tuple(names)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    @abstractmethod
    def is_numeric(self) -> bool:
        """Whether all columns hold numbers or truth values."""

    @property
    @abstractmethod
    def row_bytes(self) -> int:
        """What a row takes, in bytes; for strings and the like, their references."""

    @abstractmethod
    def column(self, position: int) -> pd.Series:
        """One column, without a copy where that can be; of objects, with a type of its own."""

    @abstractmethod
    def take(self, rows: Indices) -> Table:
        """These rows, copied."""

    @abstractmethod
    def slice(self, begin: int, end: int) -> Any:
        """Copy the rows begin to end: what is asked about them may change them in place."""

    @abstractmethod
    def gather(self, shuffles: Sequence[Shuffle]) -> Any:
        """Copy the rows of shuffles, end to end, with their columns from where they come from."""


class _ArrayTable(Table):
    @property
    def is_numeric(self) -> bool:
        if self.rows.dtype.kind == "O":
            return all(is_numeric(self.column(at).dtype) for at in range(len(self.names)))
        return self.rows.dtype.kind in "buif"

    @property
    def row_bytes(self) -> int:
        return int(self.rows.itemsize * self.rows.shape[1])

    def column(self, position: int) -> pd.Series:
        return pd.Series(self.rows[:, position], copy=False).infer_objects()

    def take(self, rows: Indices) -> Table:
        return _ArrayTable(self.rows[rows], self.names)

    def slice(self, begin: int, end: int) -> Any:
        return self.rows[begin:end].copy()

    def gather(self, shuffles: Sequence[Shuffle]) -> Any:
        rows = self.rows[np.concatenate([shuffle.rows for shuffle in shuffles])]
        begin = 0
        for shuffle in shuffles:
            end = begin + len(shuffle)
            for column in shuffle.columns:
                rows[begin:end, column] = self.rows[shuffle.source, column]
            begin = end
        return rows


class _FrameTable(Table):
    @property
    def is_numeric(self) -> bool:
        return all(is_numeric(dtype) for dtype in self.rows.dtypes)

    @property
    def row_bytes(self) -> int:
        return sum(getattr(dtype, "itemsize", 8) for dtype in self.rows.dtypes)

    def column(self, position: int) -> pd.Series:
        return self.rows.iloc[:, position]

    def take(self, rows: Indices) -> Table:
        return _FrameTable(self.rows.take(rows), self.names)

    def slice(self, begin: int, end: int) -> Any:
        return self.rows.iloc[begin:end].copy()

    def gather(self, shuffles: Sequence[Shuffle]) -> Any:
        rows = np.concatenate([shuffle.rows for shuffle in shuffles])
        gathered = self.rows.take(rows)
        sources: dict[int, Indices] = {}
        begin = 0
        for shuffle in shuffles:
            end = begin + len(shuffle)
            for column in shuffle.columns:
                sources.setdefault(column, rows.copy())[begin:end] = shuffle.source
            begin = end
        for column, source in sources.items():
            gathered.isetitem(column, self.column(column).array.take(source))
        return gathered


def is_numeric(dtype: Any) -> bool:
    """Whether a column of this dtype holds real numbers or truth values."""
    return pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_complex_dtype(dtype)


def dense(made: Any) -> NDArray[Any]:
    """See what a preprocessing made as an array, also a sparse matrix, as one-hot encoders do."""
    return np.asarray(made.toarray() if hasattr(made, "toarray") else made)


def as_table(X: Any) -> Table:
    """See an array (n, k), a DataFrame, or a dict of columns as a `Table`.

    An array's columns are named "0", "1", ...; a dict is made a DataFrame. What a masked array
    hides becomes a missing value.

    Raises
    ------
    TypeError
        If `X` is none of these, or holds complex numbers.
    ValueError
        If it has no rows or no columns, an array has other than two axes, or two columns share a
        name.
    """
    table = _table(X)
    if len(table) == 0 or not table.names:
        raise ValueError(
            f"X has {len(table)} rows and {len(table.names)} columns; expected at least one of "
            "each."
        )
    return table


def _table(X: Any) -> Table:
    if isinstance(X, Mapping):
        X = pd.DataFrame({name: _flat(column) for name, column in X.items()})
    if isinstance(X, pd.DataFrame):
        names = _unique(map(str, X.columns))
        for name, dtype in zip(names, X.dtypes, strict=True):
            check_real(name, dtype)
        return _FrameTable(X, names)
    array = _array(X)
    check_real("0", array.dtype)
    if array.ndim != 2:
        raise ValueError(
            f"X has shape {array.shape}; expected a table (rows, columns)."
            + (f" A single column is {_as_column(X)}." if array.ndim == 1 else "")
        )
    return _ArrayTable(array, list(map(str, range(array.shape[1]))))


def _as_column(X: Any) -> str:
    return "X.to_frame()" if isinstance(X, pd.Series) else "X[:, None]"


def _array(X: Any) -> NDArray[Any]:
    if not (hasattr(X, "__array__") or isinstance(X, Sequence)) or isinstance(X, str | bytes):
        raise TypeError(
            f"X is a {type(X).__name__}; expected an array (rows, columns), a pandas DataFrame, or "
            "a dict of columns."
        )
    try:
        return unmasked(X)
    except ValueError:
        raise TypeError("X is a ragged list; expected rows of equal length.") from None


def _flat(column: Any) -> Any:
    """A column as Keras takes them, (n, 1), as pandas does, (n,)."""
    if isinstance(column, pd.Series | pd.api.extensions.ExtensionArray):
        return column
    array = unmasked(column)
    return array[:, 0] if array.ndim == 2 and array.shape[1] == 1 else array


def _unique(names: Iterable[str]) -> list[str]:
    listed = list(names)
    twice = sorted({name for name in listed if listed.count(name) > 1})
    if twice:
        raise ValueError(
            f"X has several columns named {', '.join(map(repr, twice))}; give each a name of its "
            "own."
        )
    return listed
