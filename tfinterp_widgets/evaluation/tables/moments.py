"""Columns of dates and of spans of time: numbers, counted in the column's own unit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def is_moment(dtype: Any) -> bool:
    """Whether a column of this dtype holds dates or spans of time of pandas or NumPy."""
    return isinstance(dtype, pd.DatetimeTZDtype) or (
        isinstance(dtype, np.dtype) and dtype.kind in "mM"
    )


def moments(series: pd.Series) -> NDArray[Any]:
    """A column as datetime64 or timedelta64; where it has a time zone, in UTC."""
    if isinstance(series.dtype, pd.DatetimeTZDtype):
        series = series.dt.tz_convert("UTC").dt.tz_localize(None)
    return np.asarray(series.to_numpy())


def counted(values: NDArray[Any]) -> NDArray[np.float64]:
    """Dates or spans as numbers in their own unit; a missing one is NaN."""
    return np.where(np.isnat(values), np.nan, values.astype(np.int64).astype(np.float64))


def spread(values: NDArray[Any], low: float, high: float, count: int) -> NDArray[Any]:
    """Evenly from low to high, as `counted` counts; whole days where all values are such."""
    evenly = np.rint(np.linspace(low, high, count)).astype(np.int64).view(values.dtype)
    days = f"{values.dtype.kind}8[D]"
    if (values == values.astype(days)).all():
        evenly = evenly.astype(days).astype(values.dtype)
    return np.unique(evenly)


def own_type(values: NDArray[Any], series: pd.Series) -> Any:
    """Dates or spans as the column holds them, in its time zone."""
    made = pd.Series(values)
    if isinstance(series.dtype, pd.DatetimeTZDtype):
        made = made.dt.tz_localize("UTC").dt.tz_convert(series.dtype.tz)
    return made.array


def checked(name: str, value: Any, series: pd.Series) -> Any:
    """Take a date or a span that a person gives for a column, also as text.

    Raises
    ------
    TypeError, ValueError
        If it is none, or has a time zone where the column has none.
    """
    unit = moments(series.iloc[:0]).dtype
    what = "date, e.g. '2020-01-31'" if unit.kind == "M" else "span of time, e.g. '3 days'"
    kind: Any = pd.Timestamp if unit.kind == "M" else pd.Timedelta
    if isinstance(value, bool | int | float | np.integer | np.floating):
        raise TypeError(f"{name}={value!r} is a {type(value).__name__}; expected a {what}.")
    try:
        moment = kind(value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}={value!r}; expected a {what}. {error}") from None
    if pd.isna(moment):
        raise ValueError(f"{name}={value!r} is missing; expected a {what}.")
    zone = getattr(series.dtype, "tz", None)
    if unit.kind == "M" and zone is None and moment.tz is not None:
        raise ValueError(f"{name}={value!r} has a time zone; the column has none. Leave it out.")
    if zone is not None:
        local = moment.tz_localize(zone) if moment.tz is None else moment
        moment = local.tz_convert("UTC").tz_localize(None)
    return moment.to_numpy().astype(unit)
