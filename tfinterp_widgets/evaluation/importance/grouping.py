"""Which columns are shuffled together: every column alone, groups by name, or correlated ones."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from scipy.stats import rankdata

from tfinterp_widgets.evaluation.tables.tables import Table, is_numeric

RANKED_ROWS = 10_000
"""Rows that correlations are taken over, at most: their standard error is then .01 or less."""


@dataclass(frozen=True)
class Feature:
    """Columns that are shuffled with one permutation.

    Attributes
    ----------
    name : str
    columns : tuple of int
        Positions, at least one.
    """

    name: str
    columns: tuple[int, ...]


def features_of(table: Table, groups: Any, correlation: float) -> tuple[Feature, ...]:
    """The features of a table, in the order of their first columns; columns in no group are single.

    Parameters
    ----------
    table : Table
    groups : None, list of lists, dict or "correlated"
        Columns by name or position: ``[["a", "b"]]`` makes the feature "a + b", ``{"size": ["a",
        "b"]}`` calls it "size".
    correlation : float
        For "correlated": the mean |Spearman's rho| in (0, 1] from which columns are clustered.

    Raises
    ------
    TypeError, ValueError
        If a group names no column, one that the table lacks, or one that is in another group.
    """
    named = _named_groups(table, groups, correlation)
    grouped = {column for columns in named.values() for column in columns}
    features = [Feature(name, columns) for name, columns in named.items()] + [
        Feature(name, (position,))
        for position, name in enumerate(table.names)
        if position not in grouped
    ]
    names = [feature.name for feature in features]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(
            f"the group {twice!r} has the name of a column that is not in it; call it otherwise."
        )
    return tuple(sorted(features, key=lambda feature: feature.columns[0]))


def spearman(table: Table) -> NDArray[np.float64]:
    """Spearman's rank correlation of all columns, (k, k).

    Ranks are those among a column's own values; where a value is missing, the row is left out of
    the pair. Columns without an order (more than two unordered categories, constants) correlate
    with nothing: 0. Of more than `RANKED_ROWS` rows as many, evenly spaced, are looked at.
    """
    rows = np.unique(np.linspace(0, len(table) - 1, RANKED_ROWS).astype(np.intp))
    codes = np.stack(
        [_codes(table.column(position).iloc[rows]) for position in range(len(table.names))], axis=1
    )
    present = (~np.isnan(codes)).astype(np.float64)
    ranks = np.nan_to_num(rankdata(codes, axis=0, nan_policy="omit"))
    ranks -= present * (ranks.sum(axis=0) / np.maximum(present.sum(axis=0), 1))
    pairs = np.maximum(present.T @ present, 1)
    sums, squares = ranks.T @ present, (ranks**2).T @ present
    covariances = ranks.T @ ranks - sums * sums.T / pairs
    variances = squares - sums**2 / pairs
    scale = np.sqrt(np.maximum(variances * variances.T, 0))
    # Ranks are multiples of a half, so that what varies at all varies by more than rounding does.
    rho: NDArray[np.float64] = np.zeros_like(scale)
    np.divide(covariances, scale, out=rho, where=scale > 1e-3)
    return rho


def _named_groups(table: Table, groups: Any, correlation: float) -> dict[str, tuple[int, ...]]:
    if groups is None:
        return {}
    if isinstance(groups, str) and groups == "correlated":
        listed = _correlated(table, correlation)
    elif isinstance(groups, str) or not isinstance(groups, Collection):
        raise TypeError(
            f"groups={groups!r}; expected 'correlated', a list of lists of columns, or a dict."
        )
    else:
        columns = groups.values() if isinstance(groups, Mapping) else groups
        listed = [_positions(table, each) for each in columns]
    _check_disjoint(table, listed)
    if isinstance(groups, Mapping):
        return dict(zip(map(str, groups), listed, strict=True))
    names = [" + ".join(table.names[column] for column in columns) for columns in listed]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"two groups would be called {twice!r}; name them: groups={{'a': [...]}}.")
    return dict(zip(names, listed, strict=True))


def _positions(table: Table, columns: Any) -> tuple[int, ...]:
    if isinstance(columns, str) or not isinstance(columns, Collection):
        raise TypeError(
            f"groups holds {columns!r}; expected lists of columns, e.g. groups=[['a', 'b']]."
        )
    if len(columns) == 0:
        raise ValueError("a group names no column; expected at least one.")
    return tuple(sorted(_position(table, column) for column in columns))


def _position(table: Table, column: Any) -> int:
    if str(column) in table.names:
        return table.names.index(str(column))
    is_position = isinstance(column, int | np.integer) and not isinstance(column, bool)
    if is_position and 0 <= column < len(table.names):
        return int(column)
    near = difflib.get_close_matches(str(column), table.names, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else f" It has {', '.join(table.names)}."
    raise ValueError(f"a group names the column {column!r}, which X lacks.{hint}")


def _check_disjoint(table: Table, groups: list[tuple[int, ...]]) -> None:
    columns = [column for group in groups for column in group]
    twice = next((column for column in columns if columns.count(column) > 1), None)
    if twice is not None:
        raise ValueError(
            f"the column {table.names[twice]!r} is in groups twice; expected each column in one "
            "group, and once."
        )


def _correlated(table: Table, correlation: float) -> list[tuple[int, ...]]:
    if not (isinstance(correlation, int | float | np.number) and 0 < correlation <= 1):
        raise ValueError(f"correlation={correlation!r}; expected a threshold in (0, 1].")
    if len(table.names) == 1:
        return []
    distances = squareform(1 - np.abs(spearman(table)), checks=False)
    # The allowance is for rounding: columns that are equal have a distance of 1e-16 or so.
    labels = fcluster(linkage(distances, "average"), 1 - correlation + 1e-9, "distance")
    clusters = [tuple(map(int, np.flatnonzero(labels == label))) for label in np.unique(labels)]
    return [cluster for cluster in clusters if len(cluster) > 1]


def _codes(column: pd.Series) -> NDArray[np.float64]:
    """A column as numbers in its order, NaN where missing; all NaN where there is no order."""
    if is_numeric(column.dtype):
        numbers: NDArray[np.float64] = column.to_numpy(np.float64, na_value=np.nan)
        return numbers
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        column = column.astype("category").cat.as_ordered()
    elif not isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(object).astype("category")
    codes = column.cat.codes.to_numpy(np.float64)
    has_order = column.cat.ordered or column.nunique() <= 2
    return np.where((codes >= 0) & has_order, codes, np.nan)
