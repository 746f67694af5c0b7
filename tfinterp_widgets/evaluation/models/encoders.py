"""What makes of rows of a table, as they came, what a TensorFlow model eats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import tensorflow as tf
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.tables.tables import is_numeric

Encode = Callable[[Any], Any]
"""Maps rows, as they came, to what the model eats: an array, or a dict or list of them."""


@dataclass(frozen=True)
class Matrix:
    """Encodes rows of numbers as one matrix.

    Attributes
    ----------
    dtype : numpy dtype
        What the model eats.
    """

    dtype: Any = np.float32

    def __call__(self, rows: Any) -> NDArray[Any]:
        """Return the rows as an array (n, k) of `dtype`; a missing number is NaN."""
        if isinstance(rows, pd.DataFrame):
            whole = np.dtype(self.dtype).kind in "iu"
            rows = rows.to_numpy(np.float64 if whole else self.dtype, na_value=np.nan)
        return _cast(rows, self.dtype, "X")


@dataclass(frozen=True)
class Column:
    """One named input of a Keras model.

    Attributes
    ----------
    name : str
        That of the column, too.
    position : int
        Where the column is.
    dtype : tf.DType
    rank : int
        1 where the model takes (n,), 2 where it takes (n, 1).
    """

    name: str
    position: int
    dtype: Any
    rank: int

    def __call__(self, rows: pd.DataFrame) -> NDArray[Any]:
        """Return the column as the model takes it; a missing string is the empty one."""
        series = rows.iloc[:, self.position]
        values = self._strings(series) if self.dtype == tf.string else self._numbers(series)
        return values if self.rank == 1 else values[:, np.newaxis]

    def _strings(self, series: pd.Series) -> NDArray[Any]:
        if isinstance(series.dtype, pd.CategoricalDtype):
            # A missing value has the code -1, which is the last of the levels here.
            levels = self._checked(np.append(series.cat.categories.to_numpy(object), ""))
            values: NDArray[Any] = levels[series.cat.codes]
            return values
        strings = series.to_numpy(object)
        return self._checked(np.where(pd.isna(strings), "", strings) if series.hasnans else strings)

    def _checked(self, values: NDArray[Any]) -> NDArray[Any]:
        # pandas looks at all values in C, twenty times faster than a loop.
        if pd.api.types.infer_dtype(values, skipna=False) in ("string", "bytes"):
            return values
        wrong = next((value for value in values if not isinstance(value, str | bytes)), None)
        if wrong is not None:
            raise TypeError(
                f"column {self.name!r} holds {wrong!r}, but the model's input of that name takes "
                f"strings; convert it first, e.g. X[{self.name!r}].astype(str)."
            )
        return values

    def _numbers(self, series: pd.Series) -> NDArray[Any]:
        if isinstance(series.dtype, pd.CategoricalDtype):
            series = pd.Series(np.asarray(series))
        if not is_numeric(series.dtype):
            raise TypeError(
                f"column {self.name!r} is of type {series.dtype}, but the model's input of that "
                f"name takes {self.dtype.name}; encode it first, or pass preprocess=."
            )
        dtype = self.dtype.as_numpy_dtype
        has_missing = series.hasnans
        numbers = series.to_numpy(np.float64, na_value=np.nan) if has_missing else series.to_numpy()
        return _cast(numbers, dtype, f"column {self.name!r}")


def _cast(values: NDArray[Any], dtype: Any, what: str) -> NDArray[Any]:
    if np.dtype(dtype).kind in "biu" and values.dtype.kind == "f" and np.isnan(values).any():
        raise ValueError(
            f"{what} has missing values, but the model takes {np.dtype(dtype).name}, which has "
            "none. Fill them first."
        )
    with np.errstate(invalid="ignore"):  # of infinity, which is refused below
        made = values.astype(dtype, copy=False)
    if np.dtype(dtype).kind in "iu" and values.dtype.kind in "iuf" and (made != values).any():
        came = values[made != values].flat[0]
        raise ValueError(
            f"{what} holds {came}, but the model takes {np.dtype(dtype).name}, which would make "
            f"{made[made != values].flat[0]} of it. Give whole numbers that this type holds; to "
            "partial dependence as grid, e.g. grid=[0, 1, 2]."
        )
    return made
