"""From a column to the few levels by which rows are sliced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.slicing.features.bins import cut, number_text, quantile_edges
from tfinterp_widgets.evaluation.slicing.keys import plain_value
from tfinterp_widgets.evaluation.slicing.problem import blocks
from tfinterp_widgets.evaluation.tables.cells import check_hashable
from tfinterp_widgets.evaluation.tables.moments import (
    checked,
    counted,
    is_moment,
    moments,
    own_type,
)

MOST_NUMBERS = 20
"""Whole numbers of more different values are cut into bins."""

QUANTILES = 4
"""Into so many bins, where nothing else is said."""


class Levels(NamedTuple):
    """The levels of a column.

    Attributes
    ----------
    kind : {"category", "bins"}
    levels : tuple
        In order; None, the missing one, last.
    codes : ndarray of int, shape (n,)
        The level of each row.
    """

    kind: Literal["category", "bins"]
    levels: tuple[Any, ...]
    codes: NDArray[np.signedinteger[Any]]


def levels_of(name: str, column: pd.Series, bins: Any) -> Levels:
    """Tell the levels of a column.

    Parameters
    ----------
    name : str
        Of the feature, for messages.
    column : Series
        Of numbers, dates or whatever can be told apart.
    bins : int, sequence of numbers, None or "auto"
        How many quantile bins, their edges, or the values as they are; "auto": `QUANTILES` for
        numbers and dates, except a few that are whole.

    Raises
    ------
    TypeError, ValueError
        If values cannot be told apart, or `bins` does not fit them.
    """
    if column.dtype == object:
        column = column.infer_objects()
    if _is_number(column.dtype) or is_moment(column.dtype):
        return _of_numbers(name, column, bins)
    if bins not in ("auto", None):
        raise TypeError(
            f"bins={{{name!r}: {bins!r}}}, but the feature holds {column.dtype}; only numbers are "
            "cut into bins."
        )
    return _of_categories(name, column)


def _is_number(dtype: Any) -> bool:
    return pd.api.types.is_numeric_dtype(dtype) and not (
        pd.api.types.is_bool_dtype(dtype) or pd.api.types.is_complex_dtype(dtype)
    )


def _of_numbers(name: str, column: pd.Series, bins: Any) -> Levels:
    if isinstance(bins, str) and bins == "auto":
        bins = None if _are_few_whole(column) else QUANTILES
    if bins is None:
        return _of_categories(name, column)
    values = _numbers(column)
    edges = _edges(name, column, values, bins)
    if isinstance(bins, int | np.integer) and edges.size < 2:  # all alike, or all missing
        return _of_categories(name, column)
    codes, names = cut(values, edges, _writer(column))
    return _with_missing("bins", names, codes)


def _numbers(column: pd.Series) -> NDArray[Any]:
    if is_moment(column.dtype):
        return counted(moments(column))
    if isinstance(column.dtype, np.dtype):
        return np.asarray(column.to_numpy())
    return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan))


def _writer(column: pd.Series) -> Callable[[float], str]:
    """How an edge is written: a date without what it shares with all dates, midnight."""
    if not is_moment(column.dtype):
        return number_text
    unit = moments(column.iloc[:0]).dtype

    def text(edge: float) -> str:
        (moment,) = own_type(np.array([round(edge)]).view(unit), column)
        return str(moment).removesuffix(" 00:00:00")

    return text


def _edges(name: str, column: pd.Series, values: NDArray[Any], bins: Any) -> NDArray[np.float64]:
    is_date = is_moment(column.dtype)
    what = f"bins={{{name!r}: {bins!r}}}"
    edges_like = "['2026-01-31', '2026-07-01']" if is_date else "[25, 40]"
    wanted = f"the number of quantile bins, ascending edges such as {edges_like}, or None"
    if isinstance(bins, int | np.integer) and not isinstance(bins, bool):
        if bins < 1:
            raise ValueError(f"{what}; expected {wanted}, with at least one bin.")
        return quantile_edges(values, int(bins), short=not is_date)
    try:
        edges = _moments(name, column, bins) if is_date else np.asarray(bins, dtype=np.float64)
    except (TypeError, ValueError):
        raise TypeError(f"{what}; expected {wanted}.") from None
    if np.isnan(edges).any() or edges.ndim != 1 or not edges.size or not (np.diff(edges) > 0).all():
        raise ValueError(f"{what}; expected {wanted}.")
    return edges


def _moments(name: str, column: pd.Series, given: Any) -> NDArray[np.float64]:
    """Dates or spans, as numbers in the unit of a column of such."""
    return counted(np.array([checked(name, moment, column) for moment in given]))


def _are_few_whole(column: pd.Series) -> bool:
    """Whether a column holds a few whole numbers, or dates: often they stand for categories."""
    known: set[Any] = set()
    for rows in blocks(len(column)):
        known.update(column.iloc[rows].dropna().unique().tolist())
        if len(known) > MOST_NUMBERS:
            return False
    return is_moment(column.dtype) or all(float(number).is_integer() for number in known)


def _of_categories(name: str, column: pd.Series) -> Levels:
    check_hashable(name, column, "features")
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes, values = column.cat.codes.to_numpy(), list(column.cat.categories)
    else:
        codes, found = pd.factorize(column, use_na_sentinel=True)
        values = list(found)
        order = _sorted(values)
        places = np.append(np.argsort(order), -1)
        codes = places.astype(np.min_scalar_type(-len(values) - 1))[codes]
        values = [values[at] for at in order]
    return _with_missing("category", [plain_value(value) for value in values], codes)


def _sorted(values: list[Any]) -> NDArray[np.intp]:
    try:
        ordered = sorted(range(len(values)), key=values.__getitem__)
    except TypeError:  # of several types
        ordered = sorted(range(len(values)), key=lambda at: str(values[at]))
    return np.array(ordered, dtype=np.intp)


def _with_missing(
    kind: Literal["category", "bins"], levels: list[Any], codes: NDArray[Any]
) -> Levels:
    """The levels with the missing one, code -1, as the last."""
    merged = {level: at for at, level in reversed(list(enumerate(levels)))}
    if len(merged) < len(levels):  # two values that read alike are one level
        firsts = np.array([merged[level] for level in levels] + [-1])
        codes = firsts[codes]
    if (codes < 0).any():
        codes = np.where(codes < 0, np.array(len(levels), codes.dtype), codes)
        levels = [*levels, None]
    return Levels(kind, tuple(levels), codes.astype(np.min_scalar_type(-len(levels)), copy=False))
