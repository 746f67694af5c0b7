"""Where slices stand in tables: those of two may be others, in another order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.keys import SliceKey
from tfinterp_widgets.widgets.slices.sources import Tables

NOWHERE = -1

Places = NDArray[np.int64]


def places_of(table: SliceTable, slices: Sequence[SliceKey]) -> Places:
    """Where slices stand in a table; `NOWHERE` for those that it does not have."""
    if table.slices == slices:
        return np.arange(len(slices))
    places = {key: at for at, key in enumerate(table.slices)}
    return np.array([places.get(key, NOWHERE) for key in slices], np.int64)


def spread(values: NDArray[np.float64], places: Places) -> NDArray[np.float64]:
    """Bring a table's values to the order of slices, NaN for those that it does not have."""
    return np.where(places == NOWHERE, np.nan, values[places])


def sizes_of(
    tables: Tables, slices: Sequence[SliceKey]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Rows of slices, and their weights: of two tables the second tells, where it has the slice."""
    counts, weights = np.zeros(len(slices), np.int64), np.zeros(len(slices))
    for table in tables.values():
        places = places_of(table, slices)
        there = places != NOWHERE
        counts[there], weights[there] = table.counts[places[there]], table.weights[places[there]]
    return counts, weights
