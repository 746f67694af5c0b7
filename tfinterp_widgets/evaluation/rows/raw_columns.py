"""Raw columns: what they hold, and one row of them changed here and there."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from tfinterp_widgets.evaluation.tables.tables import Table, is_numeric

EVERY = slice(None)
"""All rows."""


@dataclass(frozen=True, eq=False)
class RawColumn:
    """One column of a table as its owner knows it.

    Attributes
    ----------
    name : str
    series : Series
        Its values, of their own type.
    """

    name: str
    series: pd.Series

    @property
    def is_number(self) -> bool:
        """Whether it counts or measures; all else, truth values among it, is a category."""
        dtype = self.series.dtype
        return is_numeric(dtype) and not pd.api.types.is_bool_dtype(dtype)

    @property
    def is_whole(self) -> bool:
        """Whether it is a number without decimals, by its type."""
        return self.is_number and pd.api.types.is_integer_dtype(self.series.dtype)

    @property
    def is_ordered(self) -> bool:
        """Whether its values are low or high: numbers, times, truth values, ordered categories."""
        dtype, types = self.series.dtype, pd.api.types
        is_time = types.is_datetime64_any_dtype(dtype) or types.is_timedelta64_dtype(dtype)
        is_ranked = isinstance(dtype, pd.CategoricalDtype) and bool(dtype.ordered)
        return self.is_number or is_time or is_ranked or types.is_bool_dtype(dtype)

    @cached_property
    def levels(self) -> tuple[Any, ...]:
        """The values of a category, sorted, those that a Categorical has and no row shows too."""
        if isinstance(self.series.dtype, pd.CategoricalDtype):
            return tuple(self.series.cat.categories)
        found = self.series.dropna().unique().tolist()
        return tuple(sorted(found, key=lambda value: (str(type(value)), value)))

    @property
    def missing(self) -> tuple[Any, ...]:
        """A missing value as the column holds it; nothing where none is missing."""
        return tuple(self.series[self.series.isna()].iloc[:1])

    @cached_property
    def range(self) -> tuple[float, float]:
        """The smallest and the largest value of a number; (0, 1) where there is none."""
        values = self.series.to_numpy(np.float64, na_value=np.nan)
        finite = values[np.isfinite(values)]
        return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)

    def middle(self) -> Any:
        """The median of a number, the mode of a category; missing values do not count."""
        present = self.series.dropna()
        if present.empty:
            return self.series.iloc[0]
        if self.is_number:
            middle = float(present.median())
            return int(middle) if self.is_whole and middle.is_integer() else middle
        return present.mode().iloc[0]

    def positions(self, rows: Any = EVERY) -> Any:
        """Where the values of some rows lie: 0 lowest to 1 highest; NaN where missing.

        The place among the different values of these rows, so that a few large ones do not leave
        all others alike; of an ordered category, the place of its level. NaN where there is no
        order.
        """
        if self.is_number:
            values = self.series.iloc[rows]
            ranks = values.rank(method="dense").to_numpy(np.float64, na_value=np.nan)
            return (ranks - 1) / max(1, values.nunique() - 1)
        if not self.is_ordered:
            return np.full(len(self.series.iloc[rows]), np.nan)
        codes = self.codes(rows).astype(np.float64)
        codes[codes < 0] = np.nan
        return codes / max(1, len(self.levels) - 1)

    def codes(self, rows: Any = EVERY) -> Any:
        """The position of some rows' values among the levels, int32; -1 where it is missing."""
        codes = pd.Categorical(self.series.iloc[rows], categories=list(self.levels)).codes
        return np.asarray(codes, np.int32)

    def checked(self, value: Any) -> Any:
        """Take a value that a person gives for it, a category's level by its text too.

        Raises
        ------
        TypeError, ValueError
            If a number is none or beyond what the column's type holds, or a category has no such
            level.
        """
        return self._checked_number(value) if self.is_number else self._checked_level(value)

    def edited(self, value: Any) -> Any:
        """Take a value that a person gives one row; None, NaN and their like are a missing one.

        Returns
        -------
        object
            None where it is missing.

        Raises
        ------
        TypeError, ValueError
            As `checked` does, and if no row of the column has a missing value, or its type holds
            whole numbers and this is none.
        """
        if pd.api.types.is_scalar(value) and pd.isna(value):
            if self.missing:
                return None
            expected = "a finite number" if self.is_number else "one of its levels"
            raise ValueError(
                f"{self.name}={value!r}, but no row of X has a missing value there; expected "
                f"{expected}."
            )
        new = self.checked(value)
        if self.is_whole and isinstance(new, float):
            raise ValueError(
                f"{self.name}={new}; expected a whole number, as the column holds "
                f"{self.series.dtype}. Give X with the column as float to edit it so."
            )
        return new

    def held(self, value: Any) -> Any:
        """What stands for an edited value in the table itself."""
        return self.missing[0] if value is None else value

    def _checked_number(self, value: Any) -> Any:
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise TypeError(
                f"{self.name}={value!r} is a {type(value).__name__}; expected a number."
            ) from None
        if not math.isfinite(number):
            raise ValueError(f"{self.name}={number}; expected a finite number.")
        if not (self.is_whole and number.is_integer()):
            return number
        dtype = self.series.dtype
        held = np.iinfo(getattr(dtype, "numpy_dtype", getattr(dtype, "subtype", dtype)))
        if not held.min <= int(number) <= held.max:
            raise ValueError(
                f"{self.name}={int(number)}; expected {held.min} to {held.max}, which is what a "
                f"column of {dtype} holds. Give X as a wider type, e.g. float."
            )
        return int(number)

    def _checked_level(self, value: Any) -> Any:
        for level in self.levels:
            if level == value or str(level) == str(value):
                return level
        texts = list(map(str, self.levels))
        near = difflib.get_close_matches(str(value), texts, n=1, cutoff=0)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        shown = ", ".join(map(repr, texts[:12])) + (", ..." if len(texts) > 12 else "")
        raise ValueError(f"{self.name}={value!r}; expected one of {shown}.{hint}")

    def filled(self, values: Sequence[Any]) -> Any:
        """Make an array of values of the column's own type, as far as that holds them."""
        dtype = self.series.dtype
        if isinstance(dtype, pd.CategoricalDtype):
            return pd.Categorical(list(values), dtype=dtype)
        made = pd.Series(list(values))
        fits = not self.is_whole or all(
            pd.isna(value) or float(value).is_integer() for value in values
        )
        return made.astype(dtype).array if fits else made.array


def raw_columns(table: Table) -> tuple[RawColumn, ...]:
    """See the columns of a table; numbers among other objects in an array count as numbers."""
    series = [table.column(at).infer_objects() for at in range(len(table.names))]
    return tuple(map(RawColumn, table.names, series))


def with_values(
    rows: Any, columns: Sequence[RawColumn], row: int, values: Mapping[int, Sequence[Any]]
) -> Any:
    """Copy a row, some of its columns replaced, as many times as these have values.

    Returns
    -------
    ndarray or DataFrame
        Of the kind of `rows`.
    """
    count = len(next(iter(values.values()))) if values else 1
    if not isinstance(rows, pd.DataFrame):
        array = np.repeat(rows[row : row + 1], count, axis=0)
        if any(isinstance(value, float) for new in values.values() for value in new):
            array = array.astype(np.result_type(array, np.float32), copy=False)
        for at, new in values.items():
            array[:, at] = new
        return array
    frame = rows.iloc[[row] * count].reset_index(drop=True)
    for at, new in values.items():
        frame.isetitem(at, columns[at].filled(new))
    return frame
