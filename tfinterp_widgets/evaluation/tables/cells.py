"""What the cells of a table may hold: real numbers, and whatever can be told apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_PLAIN = frozenset({"string", "boolean", "integer", "floating", "mixed-integer-float", "empty"})


def unmasked(values: Any) -> NDArray[Any]:
    """Take anything array-like as an array; what a masked one hides becomes a missing value."""
    if not np.ma.is_masked(values):
        return np.asarray(values)
    missing: Any = None
    made = np.array(values.data)
    if made.dtype.kind in "biufc":
        # Whole numbers and truth values have no missing value of their own.
        made, missing = made.astype(np.result_type(made, np.float32)), np.nan
    elif made.dtype.kind in "mM":
        missing = np.array("NaT", made.dtype)
    else:
        made = made.astype(object)
    made[np.ma.getmaskarray(values)] = missing
    return made


def check_real(name: str, dtype: Any) -> None:
    """Make sure that a column holds no complex numbers; raise TypeError otherwise."""
    if pd.api.types.is_complex_dtype(dtype):
        raise TypeError(
            f"column {name!r} of X holds complex numbers, {dtype}; expected real ones. Give the "
            "real and the imaginary part, X.real and X.imag, as columns of their own."
        )


def check_hashable(name: str, series: pd.Series, table: str = "X") -> None:
    """Make sure that a column's values can be told apart, which lists cannot.

    `table` is what the user calls that which the column is of.

    Raises
    ------
    TypeError
        If one cannot.
    """
    if series.dtype != object or pd.api.types.infer_dtype(series) in _PLAIN:
        return
    wrong = next((value for value in series if not _is_hashable(value)), None)
    if wrong is not None:
        raise TypeError(
            f"column {name!r} of {table} holds a {type(wrong).__name__}, {str(wrong)[:60]}; "
            "expected numbers, strings or other values that Python can hash. Make tuples of lists "
            f"and arrays, e.g. {table}[{name!r}].map(tuple), or give each of their items a column."
        )


def _is_hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True
