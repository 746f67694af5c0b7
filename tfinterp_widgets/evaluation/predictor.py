"""Predictions of any model for rows of a table: in large chunks, compiled where that can be."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np

from tfinterp_widgets.engine.engine import AttributionEngine
from tfinterp_widgets.engine.models.keras_model import check_backend, is_keras, known_inputs
from tfinterp_widgets.engine.reading import look_like_probabilities
from tfinterp_widgets.evaluation.encoding import (
    Encode,
    Matrix,
    columns_for,
    matrix_for,
    normalised,
    takes_matrix,
)
from tfinterp_widgets.evaluation.forward import Called, Compiled, Forward, Rows, keras_caller
from tfinterp_widgets.evaluation.tables import Shuffle, Table, as_table, chunked

CHUNK_ROWS = 16_384
"""Rows in a chunk: enough for throughput, and few enough to stay in the processor's cache."""

CHUNK_BYTES = 64 * 2**20
"""What the rows of a chunk may take."""

LOOKED_AT = 1_000
"""Rows whose predictions are looked at to see whether they are probabilities."""

Preprocess = Callable[[Any], Any]


class Predictor:
    """One model, asked about rows of one table.

    Made by `predictor_for`.

    Attributes
    ----------
    names : tuple of str
        The raw columns; "0", "1", ... for an array.
    """

    def __init__(self, table: Table, encode: Encode, forward: Forward) -> None:
        self._table = table
        self._encode = encode
        self._forward = forward
        self._chunk_rows = max(1, min(CHUNK_ROWS, CHUNK_BYTES // table.row_bytes))
        self.names = table.names

    @property
    def table(self) -> Table:
        """The rows asked about."""
        return self._table

    @property
    def unit(self) -> Literal["probability", "value"]:
        """Whether the outputs are probabilities: seen to be such, or looking like it."""
        if self._forward.gives_probabilities is None:
            looked_at = self(self._table.slice(0, LOOKED_AT))
            self._forward.gives_probabilities = look_like_probabilities(looked_at)
        return "probability" if self._forward.gives_probabilities else "value"

    def __call__(self, X_rows: Any) -> Rows:
        """Predict rows of the same kind as the table's.

        Parameters
        ----------
        X_rows : array (n, k), DataFrame or dict of columns
            Any number of rows, n >= 1, with the table's columns.

        Returns
        -------
        ndarray of float32, shape (n, outputs)

        Raises
        ------
        TypeError, ValueError
            If the rows have other columns, or the model refuses them.
        """
        rows = as_table(X_rows)
        if rows.names != self.names:
            raise ValueError(
                f"the rows have the columns {list(rows.names)}; expected those of X, "
                f"{list(self.names)}."
            )
        ends = range(0, len(rows), self._chunk_rows)
        return np.concatenate(
            [self._predict(rows.slice(begin, begin + self._chunk_rows)) for begin in ends]
        )

    def shuffled(self, shuffles: Iterable[Shuffle]) -> Iterator[Rows]:
        """Predict shuffled rows of the table; small shuffles share a chunk.

        Yields
        ------
        ndarray of float32, shape (n, outputs)
            One for each shuffle, in turn.
        """
        parts: list[Rows] = []
        for chunk in chunked(shuffles, self._chunk_rows):
            predictions = self._predict(self._table.gather([part for part, _ in chunk]))
            begin = 0
            for part, is_last in chunk:
                parts.append(predictions[begin : begin + len(part)])
                begin += len(part)
                if is_last:
                    yield np.concatenate(parts)
                    parts = []

    def _predict(self, rows: Any) -> Rows:
        return self._forward(self._encode(rows), len(rows))


def predictor_for(model: Any, X: Any, preprocess: Preprocess | None = None) -> Predictor:
    """Ask a model about the rows of a table.

    Parameters
    ----------
    model : Any
        A Keras model (Keras 3 or tf_keras) with one matrix input or with a dict of named columns;
        any function of TensorFlow on a float32 matrix; any other function of rows as they came;
        or anything with `predict_proba` or `predict`, which get rows as they came.
    X : array (n, k), DataFrame or dict of columns
        The rows; missing values are passed through.
    preprocess : callable, optional
        Maps rows as they came to what the model takes.

    Returns
    -------
    Predictor
        Keras models and functions that TensorFlow can trace are compiled, once.

    Raises
    ------
    TypeError, ValueError
        If model and table do not fit; the message says why and what to do.

    Examples
    --------
    >>> predictor_for(model, X)(X[:2])  # doctest: +SKIP
    array([[0.81],
           [0.34]], dtype=float32)
    """
    table = as_table(X)
    _check_model(model)
    if preprocess is not None and not callable(preprocess):
        raise TypeError(
            f"preprocess={preprocess!r} is a {type(preprocess).__name__}; expected a function from "
            "rows of X to what the model takes."
        )
    if is_keras(model):
        return _keras_predictor(model, table, preprocess)
    name = repr(getattr(model, "__name__", type(model).__name__))
    for method, gives_probabilities in (("predict_proba", True), ("predict", None)):
        if hasattr(model, method):
            called = Called(getattr(model, method), name, gives_probabilities)
            return Predictor(table, preprocess or _as_it_came, called)
    return _function_predictor(model, table, preprocess, name)


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


def _keras_predictor(model: Any, table: Table, preprocess: Preprocess | None) -> Predictor:
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
        return Predictor(table, encode, Compiled(call, example, name))
    except Exception as error:
        error.add_note(f"Raised by the model {name}, asked about the first row of X.")
        raise


def _function_predictor(
    function: Callable[[Any], Any], table: Table, preprocess: Preprocess | None, name: str
) -> Predictor:
    if preprocess is not None or table.is_numeric:
        encode = _after(preprocess) if preprocess else Matrix()
        example = encode(table.slice(0, 1))
        # A function of NumPy or pandas may raise anything when it is handed tensors.
        with contextlib.suppress(Exception):
            return Predictor(table, encode, Compiled(function, example, name))
    return Predictor(table, preprocess or _as_it_came, Called(function, name, None))


def _after(preprocess: Preprocess) -> Encode:
    def encode(rows: Any) -> Any:
        return normalised(preprocess(rows))

    return encode


def _as_it_came(rows: Any) -> Any:
    return rows
