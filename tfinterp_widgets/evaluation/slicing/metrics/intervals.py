"""Intervals of metrics of slices: closed ones at once, those by draws block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.slicing.answers.columns import Floats
from tfinterp_widgets.evaluation.slicing.features.features import Codes
from tfinterp_widgets.evaluation.slicing.metrics.asked import Asked
from tfinterp_widgets.evaluation.slicing.metrics.definitions import COUNT_METRICS
from tfinterp_widgets.evaluation.slicing.metrics.grouped import grouped_kinds, grouped_weights
from tfinterp_widgets.evaluation.slicing.metrics.measure import Measured, Meter
from tfinterp_widgets.evaluation.slicing.metrics.ranks import Areas, between_thresholds
from tfinterp_widgets.evaluation.slicing.metrics.ratios import Counts
from tfinterp_widgets.evaluation.slicing.problem import View
from tfinterp_widgets.evaluation.uncertainty.bootstrap import RowBootstrap, count_draws
from tfinterp_widgets.evaluation.uncertainty.jackknife import (
    GROUPS,
    jackknife_intervals,
    random_groups,
)
from tfinterp_widgets.evaluation.uncertainty.percentiles import Intervals, percentile_intervals
from tfinterp_widgets.evaluation.uncertainty.wilson import wilson

Method = Literal["wilson", "bootstrap", "jackknife", ""]
INTERVALS = ("auto", "wilson", "bootstrap", "jackknife", None)


def interval_of(interval: Any, weighted: bool) -> str | None:
    """Take the name of a way to make intervals.

    Raises
    ------
    ValueError
        If it is none, or is Wilson's and rows have weights.
    """
    if interval not in INTERVALS:
        raise ValueError(
            f"interval={interval!r}; expected one of {', '.join(map(repr, INTERVALS))}."
        )
    if interval == "wilson" and weighted:
        raise ValueError(
            "interval='wilson' is for shares of rows that count alike, but weights were given; "
            "expected 'bootstrap', 'jackknife', 'auto' or None."
        )
    return None if interval is None else str(interval)


def method_for(asked: Asked, interval: str | None, weighted: bool) -> Method:
    """How the interval of a metric is made; "" for not at all."""
    if interval is None or asked.info.family == "size":
        return ""
    shares = asked.info.is_share and not weighted
    if interval == "auto":
        return "wilson" if shares else "bootstrap"
    if interval == "wilson":
        return "wilson" if shares else ""
    return "bootstrap" if interval == "bootstrap" else "jackknife"


def wilson_intervals(measured: Measured) -> Intervals:
    """Wilson's interval of a share."""
    assert measured.share is not None, "asked for shares only"
    return Intervals(*wilson(*measured.share))


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
    elif asked.info.family == "ranks" and is_of_rows(asked):
        yield from _of_areas(asked, meter, codes, measured, generator)
    elif is_of_kinds(asked, meter):
        counts = meter.counts(asked, asked.subjects[0], codes, slices)
        yield _by_counts(asked, counts, measured, generator)
    else:
        yield from _by_rows(asked, meter, codes, measured, generator)


def is_of_kinds(asked: Asked, meter: Meter) -> bool:
    """Whether a row matters only by which of four kinds it is."""
    return asked.info.family == "counts" and is_of_rows(asked) and meter.problem.weights is None


def is_of_rows(asked: Asked) -> bool:
    """Whether one question is put, and each row answers it once."""
    return len(asked.subjects) == 1 and asked.subjects[0].kind not in ("micro", "top")


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


def carriers(asked: Asked, meter: Meter, codes: Codes, slices: int) -> Floats:
    """How many rows carry a metric: of areas those of the rarer class, else their effective number.

    Of rows with weights that is (sum w)² / sum w² (Kish 1965, "Survey sampling").
    """
    problem = meter.problem
    if asked.info.family == "ranks":
        views = [problem.view(subject) for subject in asked.subjects]
        rarest: Floats = np.min([_rarer(view, codes, slices) for view in views], axis=0)
        return rarest
    weights = problem.weights
    if weights is None:
        return grouped_weights(codes, slices, None)
    squared = grouped_weights(codes, slices, np.square(weights))
    total = grouped_weights(codes, slices, weights)
    effective = np.zeros(slices)
    np.divide(np.square(total), squared, out=effective, where=squared > 0)
    return effective


def _rarer(view: View, codes: Codes, slices: int) -> Floats:
    """Rows of the rarer of the classes that a slice has, (slices,)."""
    kinds = view.positive.astype(np.int8)
    both = grouped_kinds(codes, slices, kinds, 2, None, view.repeats)
    rarer: Floats = np.where(both.min(axis=1) > 0, both.min(axis=1), both.max(axis=1))
    return rarer


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
