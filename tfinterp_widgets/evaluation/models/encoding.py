"""From rows of a table to what a TensorFlow model eats: one matrix, or a dict of named columns."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import tensorflow as tf
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.tables.tables import Table, is_numeric

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


def takes_matrix(table: Table, structure: Any, inputs: list[Any]) -> bool:
    """Whether a Keras model eats the rows of a table as one matrix, as far as it tells."""
    if len(inputs) != 1:
        return not inputs
    shape, dtype = inputs[0].shape, tf.as_dtype(inputs[0].dtype)
    if len(shape) != 2 or dtype == tf.string:
        return False
    is_named = isinstance(structure, Mapping) and isinstance(table.rows, pd.DataFrame)
    return shape[-1] != 1 or not is_named


def matrix_for(table: Table, inputs: list[Any], model: str) -> Matrix:
    """Encode a table for a model with one matrix input, or none that it tells.

    Raises
    ------
    TypeError, ValueError
        If a column holds no numbers, or there are more or fewer of them.
    """
    width = inputs[0].shape[-1] if inputs else None
    if width is not None and width != len(table.names):
        raise ValueError(
            f"X has {len(table.names)} columns; the model {model} takes {width}. Give exactly the "
            "columns that it takes, or the function that makes them out of X as preprocess=."
        )
    if not table.is_numeric:
        # Of an array's columns none is worse than the others.
        name = next(n for j, n in enumerate(table.names) if not is_numeric(table.column(j).dtype))
        raise TypeError(
            f"column {name!r} holds something else than numbers, and the model {model} takes a "
            "matrix of numbers"
            + (
                ". Pass the function that encodes the columns as preprocess=."
                if inputs
                else f", as far as it tells. If it takes named columns, {a_dict_of(table.names)}."
            )
        )
    return Matrix(tf.as_dtype(inputs[0].dtype).as_numpy_dtype) if inputs else Matrix()


def columns_for(table: Table, structure: Any, inputs: list[Any], model: str) -> Encode:
    """Encode a table for a model with named inputs, a dict or a list of them.

    Raises
    ------
    ValueError
        If an input has no column of its name, a column no input, or an input is no single column.
    TypeError
        If the columns have no names.
    """
    named = (
        dict(structure)
        if isinstance(structure, Mapping)
        else {tensor.name.split(":")[0]: tensor for tensor in inputs}
    )
    for key, tensor in named.items():
        _check_shape(key, tensor, model)
    if not isinstance(table.rows, pd.DataFrame):
        raise TypeError(
            f"the model {model} has the inputs {_listed(named)}; give X as a DataFrame or a dict "
            "with columns of these names."
        )
    _check_names(table.names, list(named), model)
    columns = {
        key: Column(key, table.names.index(key), tf.as_dtype(tensor.dtype), len(tensor.shape))
        for key, tensor in named.items()
    }

    def encode(rows: pd.DataFrame) -> Any:
        encoded = {key: column(rows) for key, column in columns.items()}
        return encoded if isinstance(structure, Mapping) else list(encoded.values())

    return encode


def a_dict_of(names: tuple[str, ...]) -> str:
    """Say how to give named columns to a model that does not tell its inputs."""
    first = names[0]
    return (
        f"pass preprocess=lambda frame: {{{first!r}: frame[[{first!r}]].to_numpy(), ...}}, with an "
        "array for each"
    )


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


def _check_shape(key: str, tensor: Any, model: str) -> None:
    shape = tuple(tensor.shape)
    if shape[1:] not in ((), (1,)):
        raise ValueError(
            f"the input {key!r} of the model {model} has shape {shape}; expected one column, "
            "(None,) or (None, 1). Pass the function from rows of X to the model's input as "
            "preprocess=."
        )


def _check_names(columns: tuple[str, ...], inputs: list[str], model: str) -> None:
    missing = [name for name in inputs if name not in columns]
    if missing:
        near = difflib.get_close_matches(missing[0], columns, n=1)
        hint = f" Did you mean X's {near[0]!r}?" if near else ""
        raise ValueError(
            f"X lacks the columns {_listed(missing)} that the model {model} takes.{hint}"
        )
    unknown = [name for name in columns if name not in inputs]
    if unknown:
        raise ValueError(
            f"the model {model} lacks inputs for the columns {_listed(unknown)} of X; it takes "
            f"{_listed(inputs)}. Leave the others out: X[{inputs!r}]."
        )


def _listed(names: Any) -> str:
    return ", ".join(map(repr, names))
