"""Intervals of metrics of slices by draws, block by block, or by groups of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.slicing.answers.columns import Floats
from tfinterp_widgets.evaluation.slicing.features.features import Codes
from tfinterp_widgets.evaluation.slicing.intervals.carriers import carriers
from tfinterp_widgets.evaluation.slicing.intervals.methods import Method
from tfinterp_widgets.evaluation.slicing.metrics.asked import Asked
from tfinterp_widgets.evaluation.slicing.metrics.definitions import COUNT_METRICS
from tfinterp_widgets.evaluation.slicing.metrics.grouped import grouped_weights
from tfinterp_widgets.evaluation.slicing.metrics.measure import Meter
from tfinterp_widgets.evaluation.slicing.metrics.measured import Measured
from tfinterp_widgets.evaluation.slicing.metrics.ranks import Areas, between_thresholds
from tfinterp_widgets.evaluation.slicing.metrics.ratios import Counts
from tfinterp_widgets.evaluation.uncertainty.bootstrap import RowBootstrap, count_draws
from tfinterp_widgets.evaluation.uncertainty.intervals import Intervals
from tfinterp_widgets.evaluation.uncertainty.jackknife import (
    GROUPS,
    jackknife_intervals,
    random_groups,
)
from tfinterp_widgets.evaluation.uncertainty.percentiles import percentile_intervals


def drawn_intervals(
    method: Method,
    asked: Asked,
    meter: Meter,
    codes: Codes,
    measured: Measured,
    generator: np.random.Generator,
) -> Iterator[float | Intervals]:
    """Intervals by draws: the share of the draws that is done, again and again; at last they."""
    slices = len(measured.value)
    if method == "jackknife":
        yield _jackknifed(asked, meter, codes, measured, generator)
    elif asked.info.family == "ranks" and asked.is_of_rows:
        yield from _of_areas(asked, meter, codes, measured, generator)
    elif asked.is_of_kinds and meter.problem.weights is None:
        counts = meter.counts(asked, asked.subjects[0], codes, slices)
        yield _by_counts(asked, counts, measured, generator)
    else:
        yield from _by_rows(asked, meter, codes, measured, generator)


def _by_counts(
    asked: Asked, counts: Counts, measured: Measured, generator: np.random.Generator
) -> Intervals:
    metric = COUNT_METRICS[asked.base]
    drawn = count_draws(np.stack(counts, axis=1), generator).astype(np.float64)
    draws = metric.ratio(Counts(*np.moveaxis(drawn, 2, 0))).value
    return percentile_intervals(draws, measured.value, metric.carriers(counts))


def _by_rows(
    asked: Asked, meter: Meter, codes: Codes, measured: Measured, generator: np.random.Generator
) -> Iterator[float | Intervals]:
    def value(rows: NDArray[np.int64], own: Codes, slices: int) -> Floats:
        sample = Meter(meter.problem.take(rows), meter.threshold)
        return sample.measure(asked, own, slices).value

    carrying = carriers(asked, meter, codes, len(measured.value))
    yield from intervals_by_rows(value, measured.value, codes, carrying, generator)


def _of_areas(
    asked: Asked, meter: Meter, codes: Codes, measured: Measured, generator: np.random.Generator
) -> Iterator[float | Intervals]:
    """By rows that are sorted by score once: those drawn of them are sorted, too."""
    view, weights = meter.problem.view(asked.subjects[0]), meter.problem.weights
    tfma = asked.base == "auc_tfma"
    ranked = (between_thresholds(view.scores) if tfma else view.scores).astype(np.float64)

    def value(rows: NDArray[np.int64], own: Codes, slices: int) -> Floats:
        areas = Areas(slices)
        heavy = None if weights is None else weights[rows]
        areas.add(own, view.positive[rows], ranked[rows], heavy)
        return areas.average_precision if asked.base == "pr_auc" else areas.auc

    carrying = carriers(asked, meter, codes, len(measured.value))
    yield from intervals_by_rows(value, measured.value, codes, carrying, generator, by=-ranked)


def intervals_by_rows(
    value: Callable[[NDArray[np.int64], Codes, int], Floats],
    values: Floats,
    codes: Codes,
    carrying: Floats,
    generator: np.random.Generator,
    by: Floats | None = None,
) -> Iterator[float | Intervals]:
    """Intervals of anything that can be told of rows, by a bootstrap over the rows of each slice.

    Parameters
    ----------
    value : callable
        ``value(rows, codes, slices) -> (slices,)``: of rows drawn, and the slice of each; several
        draws are asked about at once, as if they were slices more.
    values : ndarray of float64, shape (slices,)
        The same of all rows.
    codes : ndarray of int, shape (n,)
        The slice of each row; ``len(values)`` for rows of none.
    carrying : ndarray of float64, shape (slices,)
        How many rows carry the value.
    generator : numpy.random.Generator
    by : ndarray of float64, shape (n,), optional
        What the rows of a slice are sorted by, when `value` gets them.

    Yields
    ------
    float or Intervals
        The share of the draws that is done, again and again; at last the intervals.
    """
    order = np.argsort(codes, kind="stable") if by is None else np.lexsort((by, codes))
    sizes = grouped_weights(codes, len(values), None).astype(np.int64)

    def statistic(places: NDArray[np.int64], drawn: NDArray[np.int64]) -> Floats:
        own = np.repeat(np.arange(drawn.size), drawn)
        return value(order[places], own, drawn.size)[np.newaxis]

    bootstrap = RowBootstrap(statistic, sizes, generator, carrying)
    yield from bootstrap.run()
    yield bootstrap.intervals(values[np.newaxis])[0]


def _jackknifed(
    asked: Asked, meter: Meter, codes: Codes, measured: Measured, generator: np.random.Generator
) -> Intervals:
    slices = len(measured.value)
    groups = random_groups(codes.size, generator)
    without = [
        meter.measure(asked, np.where(groups == group, slices, codes), slices).value
        for group in range(GROUPS)
    ]
    return jackknife_intervals(np.stack(without), measured.value)
