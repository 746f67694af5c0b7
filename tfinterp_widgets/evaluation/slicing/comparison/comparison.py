"""Two models, or two results, slice by slice: how a metric of the second differs."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from tfinterp_widgets.evaluation.metrics.scores import Weights
from tfinterp_widgets.evaluation.slicing.answers.columns import Column, Floats
from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.comparison.paired import paired_intervals
from tfinterp_widgets.evaluation.slicing.keys import SliceKey
from tfinterp_widgets.evaluation.slicing.sliced import Sliced
from tfinterp_widgets.evaluation.uncertainty.mover import Estimate, mover


@dataclass(frozen=True, eq=False)
class Comparison:
    """A metric of a second table less that of a first, slice by slice.

    Attributes
    ----------
    slices : tuple of SliceKey
        Those that both tables have, in the order of the first.
    value, low, high : ndarray of float64, shape (slices,)
        The differences and their 95 % intervals; NaN where there is none.
    paired : bool
        Whether both tables are of the same rows, so that what both models get wrong cancels.
    """

    slices: tuple[SliceKey, ...]
    value: Floats
    low: Floats
    high: Floats
    paired: bool


def compare(first: SliceTable, second: SliceTable, metric: str) -> Comparison:
    """Find how a metric of the second table differs from the first's.

    Each table's own intervals are put together (MOVER). Of the same rows both models' errors vary
    together, which makes the interval of the difference narrower; where intervals are made by draws
    it is a paired bootstrap: in each draw both models answer the same rows (Efron & Tibshirani
    1993, "An introduction to the bootstrap"). Of other rows, and of imported tables, the estimates
    are taken as independent, which is too wide where the rows were the same after all.

    Parameters
    ----------
    first, second : SliceTable
    metric : str

    Raises
    ------
    KeyError
        If either table does not have the metric.

    Examples
    --------
    >>> old = tw.slice_metrics(y, p, frame, slices=["housing"])  # doctest: +SKIP
    >>> new = tw.slice_metrics(y, q, frame, slices=["housing"])  # doctest: +SKIP
    >>> compare(old, new, "accuracy").value  # doctest: +SKIP
    array([ 0.01, -0.02,  0.04])
    """
    return deque(refine_comparison(first, second, metric), maxlen=1).pop()


def refine_comparison(first: SliceTable, second: SliceTable, metric: str) -> Iterator[Comparison]:
    """As `compare`, streaming: values at once, then ever more intervals; the last has all."""
    keys = tuple(key for key in first.slices if key in second)
    a, b = (
        _estimate(table.column(metric), [table.position(key) for key in keys])
        for table in (first, second)
    )
    apart = mover(b, a)
    if first.data is None or second.data is None or not _are_paired(first.data, second.data):
        yield Comparison(keys, apart.value, apart.low, apart.high, paired=False)
        return
    none = np.full(len(keys), np.nan)
    found = Comparison(keys, apart.value, none, none, paired=True)
    yield found
    if first.data.method(metric):
        places = np.array([first.data.places[key] for key in keys], dtype=np.int64)
        for low, high in paired_intervals(first.data, second.data, metric):
            found = replace(found, low=low[places], high=high[places])
            yield found


def _estimate(column: Column, positions: list[int]) -> Estimate:
    at = np.array(positions, dtype=np.int64)
    return Estimate(column.value[at], column.low[at], column.high[at])


def _are_paired(first: Sliced, second: Sliced) -> bool:
    """Whether two tables are of the same rows, weights and slices."""
    a, b = first.problem, second.problem
    crossed = {feature.name: feature for part in first.partitions for feature in part.features}
    return (
        np.array_equal(a.labels, b.labels)
        and _are_same(a.weights, b.weights)
        and all(
            name in second.features and np.array_equal(own.codes, second.features[name].codes)
            for name, own in crossed.items()
        )
    )


def _are_same(a: Weights, b: Weights) -> bool:
    return np.array_equal(a, b) if a is not None and b is not None else a is b
