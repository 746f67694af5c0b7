"""Models of every kind, as one: what encodes rows of a table, and what predicts them encoded."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tfinterp_widgets.engine.engine import AttributionEngine
from tfinterp_widgets.engine.models.keras_model import check_backend, is_keras, known_inputs
from tfinterp_widgets.evaluation.models.encoders import Encode, Matrix
from tfinterp_widgets.evaluation.models.encoding import (
    a_dict_of,
    columns_for,
    matrix_for,
    takes_matrix,
)
from tfinterp_widgets.evaluation.models.forward import Called, Compiled, Forward, keras_caller
from tfinterp_widgets.evaluation.tables.tables import Table, as_table, dense

Preprocess = Callable[[Any], Any]
"""Maps rows as they came to what the model takes."""

Floats = type[np.float32] | type[np.float64]

_METHODS = (("predict_proba", True), ("decision_function", False), ("predict", None))
"""Methods that are asked, the first that is there, and whether they give probabilities."""


def encode_and_forward(
    model: Any, table: Table, preprocess: Preprocess | None
) -> tuple[Encode, Forward]:
    """How a model is asked about rows of a table.

    Parameters and errors are those of `predictor_for`.
    """
    _check_model(model)
    if preprocess is not None and not callable(preprocess):
        raise TypeError(
            f"preprocess={preprocess!r} is a {type(preprocess).__name__}; expected a function from "
            "rows of X to what the model takes."
        )
    if is_keras(model):
        return _of_keras(model, table, preprocess)
    name = repr(getattr(model, "__name__", type(model).__name__))
    for method, gives_probabilities in _METHODS:
        if hasattr(model, method):
            called = Called(getattr(model, method), name, gives_probabilities)
            return preprocess or _as_it_came, called
    return _of_function(model, table, preprocess, name)


def _check_model(model: Any) -> None:
    if isinstance(model, AttributionEngine):
        raise TypeError(
            "model is an AttributionEngine; expected the model that it explains. Pass that, and "
            "the engine's preprocess= where it has one."
        )
    if isinstance(model, type):
        raise TypeError(f"model is the class {model.__name__}; expected an instance of it.")
    if isinstance(model, str | Path):
        raise TypeError(
            f"model={str(model)!r} is a path; expected a model. Load it first, e.g. with "
            "keras.models.load_model."
        )
    if not (callable(model) or hasattr(model, "predict_proba") or hasattr(model, "predict")):
        raise TypeError(
            f"model is a {type(model).__name__}; expected a Keras model, a function of rows, or "
            "something with predict_proba or predict."
        )


def _of_keras(model: Any, table: Table, preprocess: Preprocess | None) -> tuple[Encode, Forward]:
    check_backend(model)
    name = repr(model.name)
    inputs = known_inputs(model)
    # A Sequential model has `inputs` without `input`, and needs no structure.
    structure = getattr(model, "input", None) if inputs else None
    if preprocess is not None:
        encode = _after(preprocess)
    elif takes_matrix(table, structure, inputs):
        encode = matrix_for(table, inputs, name)
    else:
        encode = columns_for(table, structure, inputs, name)
    example = encode(table.slice(0, 1))
    try:
        call = keras_caller(model, structure, example)
        return encode, Compiled(call, example, name)
    except Exception as error:
        if not inputs and preprocess is None and isinstance(table.rows, pd.DataFrame):
            raise TypeError(
                f"the model {name} does not tell its inputs, so it was given the columns of X as "
                f"one matrix, and failed: {type(error).__name__}: {str(error)[:300]} If it takes "
                f"named columns, {a_dict_of(table.names)}."
            ) from error
        error.add_note(f"Raised by the model {name}, asked about the first row of X.")
        raise


def _of_function(
    function: Callable[[Any], Any], table: Table, preprocess: Preprocess | None, name: str
) -> tuple[Encode, Forward]:
    if preprocess is not None or table.is_numeric:
        # float64 first, so that a large number keeps its decimals; then float32, for functions
        # whose weights are of that. A function of NumPy or pandas may raise anything when it is
        # handed tensors.
        for floats in (np.float64, np.float32):
            encode = _after(preprocess, floats) if preprocess else Matrix(_held(table, floats))
            example = encode(table.slice(0, 1))
            with contextlib.suppress(Exception):
                return encode, Compiled(function, example, name)
    return preprocess or _as_it_came, Called(function, name, None)


def _held(table: Table, widest: Floats) -> Floats:
    """The floats that hold the numbers of a table: float32 or, if there is more, the widest."""
    columns = (table.column(at).dtype for at in range(len(table.names)))
    held = (getattr(dtype, "numpy_dtype", getattr(dtype, "subtype", dtype)) for dtype in columns)
    fits = all(np.result_type(dtype, np.float32) == np.float32 for dtype in set(held))
    return np.float32 if fits else widest


def _after(preprocess: Preprocess, floats: Floats = np.float32) -> Encode:
    def encode(rows: Any) -> Any:
        return _normalised(preprocess(rows), floats)

    return encode


def _normalised(encoded: Any, widest: Floats) -> Any:
    """What a user's `preprocess` returned as arrays that TensorFlow takes."""
    if isinstance(encoded, Mapping):
        return {key: _normalised(value, widest) for key, value in encoded.items()}
    if isinstance(encoded, list | tuple):
        return [_normalised(value, widest) for value in encoded]
    if isinstance(encoded, pd.DataFrame):
        return Matrix(_held(as_table(encoded), widest))(encoded)
    array = dense(encoded)
    if array.dtype.kind != "f":
        return array
    floats = widest if array.dtype.itemsize > 4 else np.float32
    return array.astype(floats, copy=False)


def _as_it_came(rows: Any) -> Any:
    return rows
