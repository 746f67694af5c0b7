"""Finished tables, as the slice explorer asks about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.rows.raw_columns import RawColumn
from tfinterp_widgets.evaluation.slicing.keys import nearest_name
from tfinterp_widgets.widgets.slices.checks import Combinations
from tfinterp_widgets.widgets.slices.sources import (
    Allows,
    FeatureInfo,
    Tables,
    Wanted,
    at_threshold,
)


class TableSource:
    """Finished tables: one, or two to compare.

    Parameters
    ----------
    tables : dict of str to SliceTable
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = dict(tables)
        self.names = tuple(tables)
        first, *_ = tables.values()
        self._all = list(tables.values())
        has_rows = all(table.data is not None for table in self._all)
        self.title = first.title or first.source
        self.rows = len(first.data.problem) if first.data is not None else 0
        self.threshold = first.threshold
        decides = first.data is not None and first.data.problem.task != "regression"
        self.allows = Allows(False, has_rows and decides, has_rows, has_rows, has_rows)
        keys = [key for table in self._all for key in table.slices]
        combinations = (tuple(name for name, _ in key) for key in keys if key)
        self.slices: Combinations = tuple(dict.fromkeys(combinations))
        self._levels: dict[str, set[Any]] = {}
        for name, value in (pair for key in keys for pair in key):
            self._levels.setdefault(name, set()).add(value)

    @property
    def features(self) -> list[FeatureInfo]:
        """Those that some slice has."""
        return [FeatureInfo(name, "category", len(levels)) for name, levels in self._levels.items()]

    @property
    def class_names(self) -> tuple[str, ...]:
        """None to pick: a finished table holds what was asked for."""
        return ()

    @property
    def metrics(self) -> tuple[str, ...]:
        """Those of all tables, but sizes: rows are counted in a column of their own."""
        names = dict.fromkeys(
            name
            for table in self._all
            for name, column in table.columns.items()
            if column.info.family != "size"
        )
        return tuple(names) or self._all[0].metrics

    def check_metric(self, name: str) -> None:
        """Raise ValueError where no table has the metric."""
        if all(name not in table.columns for table in self._all):
            raise ValueError(
                f"metric {name!r} is not in these results; expected one of "
                f"{', '.join(self.metrics)}.{nearest_name(name, self.metrics)}"
            )

    def columns(self, rows: NDArray[np.int64]) -> Sequence[RawColumn]:
        """What some rows are listed with: the levels of their features."""
        data = self._all[0].data
        assert data is not None  # else no examples are asked for
        features = data.features
        listed = []
        for name in self._levels:
            levels = np.array([*features[name].levels], object)
            listed.append(RawColumn(name, pd.Series(levels[features[name].codes[rows]])))
        return listed

    def prepare(self) -> Iterator[float]:
        """Nothing is to be done."""
        return iter(())

    def measure(self, wanted: Wanted) -> Iterator[float | Tables]:
        """Hand out the tables, at another threshold where that is wanted."""
        same = wanted.threshold == self.threshold
        yield self._tables if same else at_threshold(self._tables, wanted.threshold)
