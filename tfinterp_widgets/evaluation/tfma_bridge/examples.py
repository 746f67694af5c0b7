"""Rows of a table as tf.Examples in TFRecord files, which TFMA reads on any number of machines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import Any

import numpy as np
import pandas as pd

from tfinterp_widgets.evaluation.tfma_bridge.columns import ROWS_AT_ONCE, typed

MODEL_INPUT = "model_input"
"""The feature that holds what `preprocess` made of a row."""

_FILES = 8  # so that a few processes can share the work: a TFRecord file is read by one of them

Preprocess = Callable[[pd.DataFrame], Any]


def write_examples(
    frames: Iterable[pd.DataFrame],
    folder: str,
    keys: frozenset[str] = frozenset(),
    preprocess: Preprocess | None = None,
) -> str:
    """Write rows as tf.Examples.

    Whole numbers and bools are written as int64, other numbers as float32, and anything else as
    text; a missing value is a feature that holds none.

    Parameters
    ----------
    frames : iterable of DataFrame
        Blocks of rows, all with the same columns and types.
    folder : str
        Made where it is not there; on any file system that TensorFlow can write to.
    keys : frozenset of str, optional
        Columns that are not for the model: labels and weights.
    preprocess : callable, optional
        ``preprocess(rows) -> array (n, d)``, of rows without the keys. What it returns is written
        beside the columns, as the feature `MODEL_INPUT`.

    Returns
    -------
    str
        A pattern that matches the files.

    Raises
    ------
    TypeError, ValueError
        If a column cannot be written, or `preprocess` returns something else.
    """
    import tensorflow as tf

    tf.io.gfile.makedirs(folder)
    with ExitStack() as files:
        names = [f"{folder}/rows-{at:05}-of-{_FILES:05}.tfrecord" for at in range(_FILES)]
        writers = [files.enter_context(tf.io.TFRecordWriter(name)) for name in names]
        for frame in frames:
            _check_whole(frame, keys)
            rows = frame if preprocess is None else _with_input(frame, keys, preprocess)
            for at, example in enumerate(encode(rows)):
                writers[at % _FILES].write(example)
    return f"{folder}/rows-*.tfrecord"


def encode(frame: pd.DataFrame) -> list[bytes]:
    """Serialise each row as a tf.Example."""
    import pyarrow as pa
    from tfx_bsl.coders.example_coder import RecordBatchToExamplesEncoder

    arrays = [_lists_of(name, frame.iloc[:, at]) for at, name in enumerate(frame.columns)]
    batch = pa.RecordBatch.from_arrays(arrays, names=[str(name) for name in frame.columns])
    examples: list[bytes] = RecordBatchToExamplesEncoder().encode(batch)
    return examples


def frame_blocks(frame: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Cut a table into blocks of rows."""
    for begin in range(0, len(frame), ROWS_AT_ONCE):
        yield frame.iloc[begin : begin + ROWS_AT_ONCE]


def _with_input(frame: pd.DataFrame, keys: frozenset[str], preprocess: Preprocess) -> pd.DataFrame:
    rows = frame.drop(columns=[name for name in frame.columns if name in keys])
    matrix = np.asarray(preprocess(rows))
    if matrix.ndim != 2 or matrix.shape[0] != len(frame) or matrix.dtype.kind not in "biuf":
        raise ValueError(
            f"preprocess returned an array of {matrix.dtype}, shape {matrix.shape}, for "
            f"{len(frame)} rows; expected numbers of shape ({len(frame)}, d)."
        )
    return frame.assign(**{MODEL_INPUT: list(matrix.astype(np.float32))})


def _check_whole(frame: pd.DataFrame, keys: frozenset[str]) -> None:
    """TFMA takes a label that is missing for one that is wrong, without a word."""
    for name in frame.columns:
        count = int(frame[name].isna().sum()) if str(name) in keys else 0
        if count:
            raise ValueError(
                f"column {name!r} holds labels or weights, and misses {count} of {len(frame)}; "
                "leave those rows out."
            )


def _lists_of(name: Any, column: pd.Series[Any]) -> Any:
    """A column as lists of int64, float32 or bytes, as tf.Examples have them; empty: missing."""
    import pyarrow as pa

    first = next((value for value in column if not pd.api.types.is_scalar(value)), None)
    if first is not None:
        return pa.array([_vector(name, value) for value in column], pa.large_list(pa.float32()))
    column = typed(column)
    missing = column.isna().to_numpy(bool)
    kind = getattr(column.dtype, "kind", "O")
    if kind in "biu":
        values, of = column.fillna(False if kind == "b" else 0).to_numpy(np.int64), pa.int64()
    elif kind == "f":
        values, of = column.to_numpy(np.float32, na_value=np.nan), pa.float32()
    else:
        texts = column.astype(object).where(~missing, "")
        values, of = [str(value).encode() for value in texts], pa.large_binary()
    offsets = np.concatenate([[0], np.cumsum(~missing)])
    there = pa.array(values, of).filter(pa.array(~missing))
    return pa.LargeListArray.from_arrays(pa.array(offsets, pa.int64()), there)


def _vector(name: Any, value: Any) -> Any:
    vector = np.asarray(value)
    if vector.ndim != 1 or vector.dtype.kind not in "biuf":
        raise TypeError(
            f"column {name!r} holds {value!r:.60}; expected numbers, texts, or lists of numbers."
        )
    return vector.astype(np.float32)
