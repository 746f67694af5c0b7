"""The features that rows are sliced by: each a few levels, and a code for every row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.slicing.features.levels import levels_of
from tfinterp_widgets.evaluation.slicing.keys import nearest_name
from tfinterp_widgets.evaluation.tables.cells import unmasked

Codes = NDArray[np.signedinteger[Any]]


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
        self._bins = {str(name): each for name, each in (bins or {}).items()}
        for name in self._bins:
            self._check_known(name, "bins name")
        self._read: dict[str, Feature] = {}

    def __getitem__(self, name: str) -> Feature:
        self._check_known(name, "slices name")
        if name not in self._read:
            self._read[name] = Feature(
                name, *levels_of(name, self._columns[name], self._bins.get(name, "auto"))
            )
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def __iter__(self) -> Any:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    @property
    def columns(self) -> Mapping[str, pd.Series]:
        """What was given, by name: a Series of all rows each, whatever its index."""
        return self._columns

    def _check_known(self, name: str, who: str) -> None:
        if name not in self._columns:
            known = f"expected one of {', '.join(map(repr, self))}" if self else "none were given"
            raise ValueError(
                f"{who} feature {name!r}, which is not there; {known}."
                + nearest_name(str(name), self._columns)
            )


def _columns(features: Any, rows: int) -> dict[str, pd.Series]:
    if features is None:
        return {}
    if isinstance(features, np.ndarray) and features.ndim == 2:
        features = pd.DataFrame(features)  # its columns are called 0, 1, ...; a view, not a copy
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
            f"features is a {type(features).__name__}; expected a pandas DataFrame, a dict of "
            "columns, or an array (rows, columns)."
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
