"""The features that rows are sliced by: each a few levels, and a code for every row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.slicing.bins import cut, quantile_edges
from tfinterp_widgets.evaluation.slicing.keys import nearest_name, plain_value
from tfinterp_widgets.evaluation.tables.cells import check_hashable, unmasked

Codes = NDArray[np.signedinteger[Any]]

MOST_NUMBERS = 20
"""Whole numbers of more different values are cut into bins."""

QUANTILES = 4
"""Into so many bins, where nothing else is said."""


@dataclass(frozen=True, eq=False)
class Feature:
    """A feature, as slices see it.

    Attributes
    ----------
    name : str
    kind : {"category", "bins"}
    levels : tuple
        Its values in order; None, the missing one, last.
    codes : ndarray of int, shape (n,)
        The level of each row, of the smallest dtype that holds it.
    """

    name: str
    kind: Literal["category", "bins"]
    levels: tuple[Any, ...]
    codes: Codes

    @cached_property
    def positions(self) -> dict[Any, int]:
        """Where each level stands."""
        return {level: at for at, level in enumerate(self.levels)}


class Features(Mapping[str, Feature]):
    """The features by name; each is read when it is first asked for.

    Parameters
    ----------
    features : DataFrame, or mapping of names to columns
    rows : int
        How many rows there are.
    bins : mapping, optional
        For a feature's name the number of its quantile bins, their inner edges, or None to take
        its numbers as they are.

    Raises
    ------
    TypeError, ValueError
        If the features are neither, a column's length is not that of the labels, or `bins` does
        not fit.
    """

    def __init__(self, features: Any, rows: int, bins: Any = None) -> None:
        self._columns = _columns(features, rows)
        if bins is not None and not isinstance(bins, Mapping):
            raise TypeError(
                f"bins={bins!r} is a {type(bins).__name__}; expected a dict, such as {{'age': 4}} "
                "for quantiles or {'age': [25, 40]} for edges."
            )
        self._bins = dict(bins or {})
        for name in self._bins:
            self._check_known(name, "bins name")
        self._read: dict[str, Feature] = {}

    def __getitem__(self, name: str) -> Feature:
        self._check_known(name, "slices name")
        if name not in self._read:
            given = self._bins.get(name, "auto")
            self._read[name] = _feature(name, self._columns[name], given)
        return self._read[name]

    def __iter__(self) -> Any:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def _check_known(self, name: str, who: str) -> None:
        if name not in self._columns:
            raise ValueError(
                f"{who} feature {name!r}, which is not there; expected one of "
                f"{', '.join(map(repr, self._columns)) or 'none: no features were given'}."
                + nearest_name(str(name), self._columns)
            )


def smallest(codes: NDArray[Any], levels: int) -> Codes:
    """Codes of the smallest dtype that holds them, and one beyond, for rows of no level."""
    return codes.astype(np.min_scalar_type(-max(levels, 1) - 1), copy=False)


def _columns(features: Any, rows: int) -> dict[str, pd.Series]:
    if features is None:
        return {}
    if isinstance(features, pd.DataFrame):
        names = [str(name) for name in features.columns]
        columns = {name: features.iloc[:, at] for at, name in enumerate(names)}
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"features have several columns named {', '.join(sorted(twice))}.")
    elif isinstance(features, Mapping):
        columns = {str(name): _series(name, column) for name, column in features.items()}
    else:
        raise TypeError(
            f"features is a {type(features).__name__}; expected a pandas DataFrame, or a dict of "
            "columns."
        )
    for name, column in columns.items():
        if len(column) != rows:
            raise ValueError(
                f"feature {name!r} has {len(column)} rows, but there are {rows} labels; expected "
                "one value for each."
            )
    return columns


def _series(name: Any, column: Any) -> pd.Series:
    if isinstance(column, pd.Series | pd.api.extensions.ExtensionArray):
        return pd.Series(column, copy=False)
    if isinstance(column, list | tuple):
        return pd.Series(column)  # of mixed values NumPy would make text
    array = unmasked(column)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        raise ValueError(f"feature {name!r} has shape {array.shape}; expected one value a row.")
    return pd.Series(array, copy=False)


def _feature(name: str, column: pd.Series, bins: Any) -> Feature:
    if column.dtype == object:
        column = column.infer_objects()
    if _is_number(column.dtype):
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


def _of_numbers(name: str, column: pd.Series, bins: Any) -> Feature:
    if isinstance(bins, str) and bins == "auto":
        bins = None if _are_few_whole(column) else QUANTILES
    if bins is None:
        return _of_categories(name, column)
    values = _numbers(column)
    edges = _edges(name, values, bins)
    if isinstance(bins, int | np.integer) and edges.size < 2:  # all alike, or all missing
        return _of_categories(name, column)
    codes, names = cut(values, edges)
    return _with_missing(name, "bins", names, codes)


def _numbers(column: pd.Series) -> NDArray[Any]:
    if isinstance(column.dtype, np.dtype):
        return np.asarray(column.to_numpy())
    return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan))


def _edges(name: str, values: NDArray[Any], bins: Any) -> NDArray[np.float64]:
    what = f"bins={{{name!r}: {bins!r}}}"
    wanted = "the number of quantile bins, ascending edges such as [25, 40], or None"
    if isinstance(bins, int | np.integer) and not isinstance(bins, bool):
        if bins < 1:
            raise ValueError(f"{what}; expected {wanted}, with at least one bin.")
        return quantile_edges(values, int(bins))
    try:
        edges = np.asarray(bins, dtype=np.float64)
    except (TypeError, ValueError):
        raise TypeError(f"{what}; expected {wanted}.") from None
    if edges.ndim != 1 or not edges.size or not (np.diff(edges) > 0).all():
        raise ValueError(f"{what}; expected {wanted}.")
    return edges


def _are_few_whole(column: pd.Series) -> bool:
    """Whether a column holds a few whole numbers, which stand for categories as often as not."""
    distinct = column.unique()
    values = np.asarray(pd.Series(distinct).dropna(), dtype=np.float64)
    return values.size <= MOST_NUMBERS and bool((values == np.rint(values)).all())


def _of_categories(name: str, column: pd.Series) -> Feature:
    check_hashable(name, column)
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes, values = column.cat.codes.to_numpy(), list(column.cat.categories)
    else:
        codes, found = pd.factorize(column, use_na_sentinel=True)
        values = list(found)
        order = _sorted(values)
        codes = np.append(np.argsort(order), -1)[codes]
        values = [values[at] for at in order]
    return _with_missing(name, "category", [_level(value) for value in values], codes)


def _sorted(values: list[Any]) -> NDArray[np.intp]:
    try:
        ordered = sorted(range(len(values)), key=values.__getitem__)
    except TypeError:  # of several types
        ordered = sorted(range(len(values)), key=lambda at: str(values[at]))
    return np.array(ordered, dtype=np.intp)


def _level(value: Any) -> Any:
    plain = plain_value(value)
    if isinstance(plain, bytes):
        return plain.decode("utf-8", errors="replace")
    if isinstance(plain, float) and plain.is_integer():
        return int(plain)  # whole numbers with a missing value among them
    return plain if isinstance(plain, str | bool | int | float) else str(plain)


def _with_missing(
    name: str, kind: Literal["category", "bins"], levels: list[Any], codes: NDArray[Any]
) -> Feature:
    """The levels with the missing one, code -1, as the last."""
    merged = {level: at for at, level in reversed(list(enumerate(levels)))}
    if len(merged) < len(levels):  # two values that read alike are one level
        firsts = np.array([merged[level] for level in levels] + [-1])
        codes = firsts[codes]
    if (codes < 0).any():
        codes = np.where(codes < 0, np.array(len(levels), codes.dtype), codes)
        levels = [*levels, None]
    return Feature(name, kind, tuple(levels), smallest(codes, len(levels)))
