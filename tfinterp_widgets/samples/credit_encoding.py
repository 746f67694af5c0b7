"""Rows of a table to the matrix that a network takes: numbers scaled, categories one-hot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Encoding:
    """How each column of a table becomes columns of a float32 matrix.

    Attributes
    ----------
    numbers
        Name of a number's column to the mean and the standard deviation that scale it.
    categories
        Name of a category's column to its levels, each a column of 0 and 1 in the matrix.
    names
        The columns of the table in the order of the matrix.
    """

    numbers: Mapping[str, tuple[float, float]]
    categories: Mapping[str, tuple[str, ...]]
    names: tuple[str, ...]

    @classmethod
    def of(cls, table: pd.DataFrame) -> Encoding:
        """Take levels from the table's categorical columns, means and scales from the others."""
        categories = {
            name: tuple(table[name].cat.categories) for name in table.select_dtypes("category")
        }
        numbers = {
            name: (float(table[name].mean()), float(table[name].std(ddof=0)))
            for name in table.select_dtypes("number")
        }
        return cls(numbers, categories, tuple(table))

    @property
    def columns(self) -> tuple[str, ...]:
        """The table's column behind each column of the matrix."""
        return tuple(name for name in self.names for _ in range(self._width(name)))

    def encode(self, rows: pd.DataFrame) -> NDArray[np.float32]:
        """Encode rows of the table.

        Parameters
        ----------
        rows
            Any number of rows with the table's columns, in any order; others are ignored.
            Categories may be of any type that holds the levels, numbers of any number type.

        Returns
        -------
        ndarray
            float32, ``(rows, matrix columns)``: (number - mean) / standard deviation, and 0 or 1.

        Raises
        ------
        TypeError
            If `rows` is no DataFrame.
        ValueError
            If a column is missing, a level unknown, or a number missing or none.
        """
        self._check_columns(rows)
        matrix = np.zeros((len(rows), len(self.columns)), dtype=np.float32)
        start = 0
        for name in self.names:
            if name in self.numbers:
                mean, deviation = self.numbers[name]
                matrix[:, start] = (_numbers_of(rows[name]) - mean) / deviation
            else:
                positions = _positions_of(rows[name], self.categories[name])
                matrix[np.arange(len(rows)), start + positions] = 1
            start += self._width(name)
        return matrix

    def _width(self, name: str) -> int:
        return len(self.categories[name]) if name in self.categories else 1

    def _check_columns(self, rows: pd.DataFrame) -> None:
        import pandas as pd

        if not isinstance(rows, pd.DataFrame):
            raise TypeError(
                f"expected rows of a DataFrame, got {type(rows).__name__}. "
                "A single row is `table.iloc[[0]]`, with two pairs of brackets."
            )
        missing = [name for name in self.names if name not in rows]
        if missing:
            raise ValueError(
                f"the rows lack {_listed(missing)}. The model takes {_listed(self.names)}."
            )


def _numbers_of(column: pd.Series) -> NDArray[np.float64]:
    """Return a column's numbers; missing values and words are errors that say where they stand."""
    import pandas as pd

    coerced = pd.to_numeric(column, errors="coerce")
    numbers: NDArray[np.float64] = coerced.to_numpy(np.float64, na_value=np.nan)
    wrong = np.flatnonzero(~np.isfinite(numbers))
    if wrong.size:
        raise ValueError(f"{_cell(column, wrong[0])}; expected a number.")
    return numbers


def _positions_of(column: pd.Series, levels: tuple[str, ...]) -> NDArray[np.intp]:
    """Return the position of each value among the levels; any other value is an error."""
    import pandas as pd

    codes, values = pd.factorize(column)  # looks up each level once, however many rows there are
    known = pd.Index(levels).get_indexer(pd.Index(values))
    positions: NDArray[np.intp] = np.append(known, -1)[codes]  # a missing value has the code -1
    wrong = np.flatnonzero(positions < 0)
    if wrong.size:
        raise ValueError(f"{_cell(column, wrong[0])}; expected one of {_listed(levels)}.")
    return positions


def _cell(column: pd.Series, place: np.intp) -> str:
    return f"column {column.name!r} holds {column.iloc[place]!r} in row {place}"


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(map(repr, names))
