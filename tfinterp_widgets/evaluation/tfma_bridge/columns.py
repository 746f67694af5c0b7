"""Columns of tables of any kind, as what they hold."""

from __future__ import annotations

from typing import Any

import pandas as pd

ROWS_AT_ONCE = 50_000
"""Of tables and files, that blocks of rows are made of."""

_KINDS = {
    "boolean": "boolean",
    "integer": "Int64",
    "floating": "Float64",
    "mixed-integer-float": "Float64",
    "decimal": "Float64",
}
"""What pandas infers of objects and categories, and the type that holds it beside missing ones."""


def typed(column: pd.Series[Any]) -> pd.Series[Any]:
    """A column of objects or categories as what they are: bools, whole numbers, numbers."""
    if getattr(column.dtype, "kind", "O") != "O":
        return column
    objects = column.astype(object)
    kind = _KINDS.get(pd.api.types.infer_dtype(objects, skipna=True))
    return column if kind is None else objects.astype(kind)
