"""Which encoder a model needs: of one matrix, or of named columns."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

import pandas as pd
import tensorflow as tf

from tfinterp_widgets.evaluation.models.encoders import Column, Encode, Matrix
from tfinterp_widgets.evaluation.tables.tables import Table, is_numeric


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
