"""Rows of CSV files, in blocks whose columns have the same types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from tfinterp_widgets.evaluation.tfma_bridge.columns import ROWS_AT_ONCE, typed


def csv_blocks(path: str) -> Iterator[pd.DataFrame]:
    """Read a CSV file in blocks of rows, whose columns have the same types in every block.

    The file is read twice: what a column holds is known at its end only.

    Raises
    ------
    ValueError
        If it is no CSV file, or holds no row. What pandas raises where there is no file passes.
    """
    kinds: dict[str, str] = {}
    rows = 0
    for block in _read_csv(path, None):
        rows += len(block)
        for name in block.columns:
            kinds[name] = _wider(kinds.get(name, ""), block[name])
    if not rows:
        raise ValueError(f"{path!r} holds no rows; expected a header and one row at least.")
    dtypes = {name: kind or "string" for name, kind in kinds.items()}
    yield from _read_csv(path, dtypes)


def csv_columns(path: str) -> tuple[str, ...]:
    """The names of the columns of a CSV file; raises as `csv_blocks` does."""
    return tuple(map(str, next(_read_csv(path, None)).columns))


def _read_csv(path: str, dtypes: dict[str, str] | None) -> Iterator[pd.DataFrame]:
    try:
        with pd.read_csv(path, dtype=dtypes, chunksize=ROWS_AT_ONCE) as blocks:
            yield from blocks
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise ValueError(f"{path!r} cannot be read as CSV: {error}.") from error


def _wider(kind: str, column: pd.Series[Any]) -> str:
    """The type that holds what was seen of a column, and this block of it; "" where all miss."""
    if column.isna().all():
        return kind
    column = typed(column)
    dtype = column.dtype.kind
    own = {"i": "Int64", "u": "Int64", "f": "Float64", "b": "boolean"}.get(dtype, "string")
    if own == "Float64" and kind != "Float64" and _whole(column):
        own = "Int64"  # missing values alone made floats of whole numbers
    if kind in ("", own):
        return own
    return "Float64" if {kind, own} == {"Int64", "Float64"} else "string"


def _whole(column: pd.Series[Any]) -> bool:
    there = column.dropna().to_numpy(np.float64)
    return bool(column.isna().any() and np.array_equal(there, np.rint(there)))
