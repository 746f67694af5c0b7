"""Raw rows and the matrix that a model takes of them: there, back again, and the rows to compare.

A model of a table takes a matrix of numbers; people think in raw columns. An attribution is worked
out in the matrix and summed over the matrix columns that come from one raw column.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.rows.probing import NOBODY, find_owners
from tfinterp_widgets.evaluation.rows.raw_columns import RawColumn, raw_columns, with_values
from tfinterp_widgets.evaluation.tables.cells import check_hashable
from tfinterp_widgets.evaluation.tables.tables import Table, as_table, dense

Floats = NDArray[np.float32]
BaselineName = Literal["median", "mean", "zero", "row"]


@dataclass(frozen=True, eq=False)
class Point:
    """One row, in both its forms.

    Attributes
    ----------
    matrix : ndarray of float32, shape (k,)
        What the model takes.
    values : tuple
        What people read, one per raw column; None where no single value stands for it, as for the
        mean of a category.
    """

    matrix: Floats
    values: tuple[Any, ...]


class Rows:
    """A table whose rows are explained.

    Parameters
    ----------
    X : array (n, raw), DataFrame, or dict of columns
        The raw rows; never written to.
    preprocess : callable, optional
        Maps rows of the kind of `X` to the model's matrix (rows, k). Without it the columns must be
        numbers, and are the matrix.
    columns : sequence of str, optional
        The raw column that each matrix column comes from. Found by probing where it is left out:
        one raw column at a time takes all its values (up to 1,000 of a number's) in the median row.

    Attributes
    ----------
    table : Table
    columns : tuple of RawColumn
    matrix : ndarray of float32, shape (n, k)
    owners : ndarray of intp, shape (k,)
        The position of each matrix column's raw column; -1 for a constant that is nobody's.

    Raises
    ------
    TypeError, ValueError
        If the table, what `preprocess` makes of it or `columns` does not fit; the message says what
        came, what was expected and what to do.

    Examples
    --------
    >>> one_hot = lambda frame: pd.get_dummies(frame).to_numpy(np.float32)
    >>> frame = pd.DataFrame({"age": [20, 40], "job": pd.Categorical(["baker", "smith"])})
    >>> rows = Rows(frame, one_hot)
    >>> rows.owners.tolist(), rows.baseline("mean").matrix.tolist()
    ([0, 1, 1], [30.0, 0.5, 0.5])
    """

    def __init__(
        self,
        X: Any,
        preprocess: Callable[[Any], Any] | None = None,
        columns: Sequence[str] | None = None,
    ) -> None:
        self.table: Table = as_table(X)
        self.columns: tuple[RawColumn, ...] = raw_columns(self.table)
        for column in self.columns:
            check_hashable(column.name, column.series)
        self._preprocess = preprocess
        self.matrix = self._to_matrix(self.table.rows, len(self.table))
        self.matrix.flags.writeable = False
        self.owners = self._find_owners() if columns is None else self._named_owners(columns)

    def __len__(self) -> int:
        return len(self.table)

    @property
    def names(self) -> tuple[str, ...]:
        """The raw columns."""
        return self.table.names

    def row(self, row: int, edits: Mapping[str, Any] | None = None) -> Point:
        """Take a row, with some of its raw values replaced.

        Raises
        ------
        TypeError, ValueError
            If an edit names no column, or a value does not fit its column.
        """
        values = [plain(column.series.iloc[row]) for column in self.columns]
        if not edits:
            return Point(self.matrix[row], tuple(values))
        replaced = {self.position(name): value for name, value in edits.items()}
        for at, value in replaced.items():
            values[at] = self.columns[at].edited(value)
            replaced[at] = self.columns[at].held(values[at])
        return Point(self._with_values(row, replaced), tuple(values))

    def baseline(self, name: BaselineName, row: int | None = None) -> Point:
        """Make the row to compare with, raw column by raw column.

        Parameters
        ----------
        name : {"median", "mean", "zero", "row"}
            "median": the median of a number, the mode of a category. "mean": the mean over the
            matrix, of rows without a missing value there; for a category that is the mean one-hot
            vector. "zero": a number's own 0, all zeros for a category. "row": another row of the
            table.
        row : int, optional
            Which row, for "row".

        Raises
        ------
        ValueError
            For the mean, if every row has a missing value in the matrix.
        """
        if name == "row":
            return self.row(0 if row is None else row)
        if name == "median":
            return self._median
        return self._mean if name == "mean" else self._zero

    def sums(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Sum over the matrix columns of each raw column: (..., k) to (..., raw), float64."""
        onto = np.zeros((self.owners.size, len(self.columns)))
        owned = np.flatnonzero(self.owners != NOBODY)
        onto[owned, self.owners[owned]] = 1
        return np.asarray(values, np.float64) @ onto

    def position(self, name: str) -> int:
        """Find a raw column; raise ValueError, with the nearest name, where there is none."""
        if name in self.names:
            return self.names.index(name)
        near = difflib.get_close_matches(str(name), self.names, n=1, cutoff=0)
        raise ValueError(f"the table has no column {name!r}. Did you mean {near[0]!r}?")

    @cached_property
    def _median(self) -> Point:
        values = tuple(plain(column.middle()) for column in self.columns)
        return Point(self._with_values(0, dict(enumerate(values))), values)

    @cached_property
    def _mean(self) -> Point:
        values = tuple(
            plain(column.series.mean()) if column.is_number else None for column in self.columns
        )
        usable = self.matrix[np.isfinite(self.matrix).all(axis=1)]
        if not len(usable):
            raise ValueError(
                "every row has a missing or infinite value in the model's matrix, so there is no "
                "mean row. Fill these in `preprocess`."
            )
        return Point(usable.mean(axis=0, dtype=np.float64).astype(np.float32), values)

    @cached_property
    def _zero(self) -> Point:
        values = {at: 0 if c.is_number else c.middle() for at, c in enumerate(self.columns)}
        matrix = self._with_values(0, values)
        categories = [at for at, column in enumerate(self.columns) if not column.is_number]
        matrix[np.isin(self.owners, categories)] = 0
        return Point(matrix, tuple(0 if column.is_number else None for column in self.columns))

    def _with_values(self, row: int, values: Mapping[int, Any]) -> Floats:
        listed = {at: [value] for at, value in values.items()}
        matrix = self._varied(with_values(self.table.rows, self.columns, row, listed), 1)
        return np.asarray(matrix[0])

    def _to_matrix(self, raw: Any, count: int) -> Floats:
        if self._preprocess is None:
            return self._plain_matrix(raw)
        try:
            # A copy, because a preprocessing may change what it is given in place.
            made = dense(self._preprocess(raw.copy()))
        except Exception as error:
            error.add_note(f"Raised inside preprocess, for {count} rows of the table.")
            raise
        if made.ndim != 2 or len(made) != count or made.dtype.kind not in "buif":
            raise ValueError(
                f"preprocess turned {count} rows into {made.dtype} of shape {made.shape}; expected "
                "a matrix of numbers with as many rows."
            )
        matrix: Floats = made.astype(np.float32)
        return matrix

    def _varied(self, raw: Any, count: int) -> Floats:
        """The matrix of rows other than the table's."""
        matrix = self._to_matrix(raw, count)
        if matrix.shape[1] != self.matrix.shape[1]:
            raise ValueError(
                f"preprocess turned the table into {self.matrix.shape[1]} columns, but {count} "
                f"other rows into {matrix.shape[1]}; expected the same ones of any rows. One-hot "
                "columns, for example, must not depend on which categories the rows show."
            )
        return matrix

    def _plain_matrix(self, raw: Any) -> Floats:
        if isinstance(raw, pd.DataFrame) and self.table.is_numeric:
            return np.array(raw.to_numpy(np.float32, na_value=np.nan))
        if self.table.is_numeric:
            return np.array(raw, np.float32)
        texts = [column.name for column in self.columns if not column.is_number]
        raise TypeError(
            f"the columns {', '.join(texts[:5])}{', ...' if len(texts) > 5 else ''} hold no "
            "numbers, but the model takes a matrix. Pass preprocess=, a function from raw rows to "
            "that matrix."
        )

    def _find_owners(self) -> NDArray[np.intp]:
        if self._preprocess is None:
            return np.arange(len(self.columns))
        middle = {at: [column.middle()] for at, column in enumerate(self.columns)}
        # Copied, which lays columns of a type together: each probe copies it once more.
        median = with_values(self.table.rows, self.columns, 0, middle).copy()

        def probe(at: int, values: Sequence[Any]) -> Floats:
            varied = with_values(median, self.columns, 0, {at: values})
            return self._varied(varied, len(values))

        return find_owners(self.columns, probe, self.matrix)

    def _named_owners(self, columns: Sequence[str]) -> NDArray[np.intp]:
        width = self.matrix.shape[1]
        if isinstance(columns, str) or len(columns) != width:
            raise ValueError(
                f"columns={columns!r} names {len(columns)} columns, but the matrix has {width}; "
                "expected the raw column of each matrix column."
            )
        return np.array([self.position(str(name)) for name in columns], np.intp)


def plain(value: Any) -> Any:
    """Turn a value of a table into one of Python's own; None where it is missing."""
    if pd.isna(value):
        return None
    return value.item() if isinstance(value, np.generic) else value
