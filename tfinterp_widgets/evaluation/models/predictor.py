"""Predictions of any model for rows of a table: in large chunks, compiled where that can be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

import numpy as np

from tfinterp_widgets.engine.models.reading import look_like_probabilities
from tfinterp_widgets.evaluation.models.encoders import Encode
from tfinterp_widgets.evaluation.models.forward import Forward, Rows
from tfinterp_widgets.evaluation.models.models import Preprocess, encode_and_forward
from tfinterp_widgets.evaluation.tables.tables import Shuffle, Table, as_table

__all__ = ["CHUNK_BYTES", "CHUNK_ROWS", "Predictor", "Preprocess", "chunked", "predictor_for"]

CHUNK_ROWS = 16_384
"""Rows in a chunk: enough for throughput, and few enough to stay in the processor's cache."""

CHUNK_BYTES = 64 * 2**20
"""What the rows of a chunk may take."""

LOOKED_AT = 1_000
"""Rows whose predictions are looked at to see whether they are probabilities."""


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
        ndarray of float32 or float64, shape (n, outputs)

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
        ndarray of float32 or float64, shape (n, outputs)
            One for each shuffle, in turn.
        """
        parts: list[Any] = []
        for chunk in chunked(shuffles, self._chunk_rows):
            predictions = self._predict(self._table.gather([part for part, _ in chunk]))
            begin = 0
            for part, is_last in chunk:
                parts.append(predictions[begin : begin + len(part)])
                begin += len(part)
                if is_last:
                    yield np.concatenate(parts)
                    parts = []

    def fingerprint(self) -> int:
        """A checksum of the model's weights; 0 where they cannot be seen."""
        return self._forward.fingerprint()

    def _predict(self, rows: Any) -> Rows:
        return self._forward(self._encode(rows), len(rows))


def predictor_for(model: Any, X: Any, preprocess: Preprocess | None = None) -> Predictor:
    """Ask a model about the rows of a table.

    Parameters
    ----------
    model : Any
        A Keras model (Keras 3 or tf_keras) with one matrix input or with a dict of named columns;
        any function that TensorFlow can trace, on a float64 matrix where float32 does not hold the
        numbers of X, and on a float32 matrix where that cannot be traced; any other function of
        rows as they came; or anything with `predict_proba`, `decision_function` or `predict`, the
        first of which gets rows as they came.
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
    return Predictor(table, *encode_and_forward(model, table, preprocess))


def chunked(shuffles: Iterable[Shuffle], size: int) -> Iterator[list[tuple[Shuffle, bool]]]:
    """Lay shuffles end to end and cut them into chunks of `size` rows; the last may be smaller.

    Yields
    ------
    list of (Shuffle, bool)
        The parts that make up a chunk, and whether each is the last of its shuffle.
    """
    chunk: list[tuple[Shuffle, bool]] = []
    room = size
    for shuffle in shuffles:
        begin = 0
        while begin < len(shuffle):
            end = min(len(shuffle), begin + room)
            chunk.append((shuffle.part(begin, end), end == len(shuffle)))
            room -= end - begin
            begin = end
            if room == 0:
                yield chunk
                chunk, room = [], size
    if chunk:
        yield chunk
