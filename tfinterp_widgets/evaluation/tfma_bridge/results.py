"""TFMA's results as a table of slices."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from tfinterp_widgets.evaluation.slicing.answers.columns import Column
from tfinterp_widgets.evaluation.slicing.answers.gates import Gate
from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.keys import SliceKey
from tfinterp_widgets.evaluation.slicing.metrics.definitions import COUNT_METRICS
from tfinterp_widgets.evaluation.tfma_bridge.names import MetricId, info_of
from tfinterp_widgets.evaluation.tfma_bridge.origins import at_its_threshold, configuration_of
from tfinterp_widgets.evaluation.tfma_bridge.readings import Reading
from tfinterp_widgets.evaluation.tfma_bridge.slicing_specs import matches
from tfinterp_widgets.evaluation.tfma_bridge.sources import Results, read_results
from tfinterp_widgets.evaluation.tfma_bridge.specs import (
    Configured,
    bounds_of,
    configured,
    plots_of,
)
from tfinterp_widgets.evaluation.tfma_bridge.undefined import why_undefined
from tfinterp_widgets.evaluation.tfma_bridge.values import Number


class _Cell(NamedTuple):
    """A metric of one slice: its id and what it is, its numbers, and why it has none."""

    metric: MetricId
    base: str
    value: float
    low: float
    high: float
    undefined: str | None


def table_from_tfma(source: Any) -> SliceTable:
    """Bring TFMA's results to a table; see `SliceTable.from_tfma`."""
    results = read_results(source)
    known = configured(results.config)
    _tell_what_is_left_out(results)
    there = [each for each in results.readings if each.numbers]
    if not there:
        errors = "; ".join(sorted({each.error for each in results.readings if each.error}))
        raise ValueError(f"the results of TFMA hold no slice with metrics. {errors}".strip())
    there.sort(key=lambda each: _order(each.key))
    rows = [{cell.metric: cell for cell in _cells(each, known)} for each in there]
    metrics = list(dict.fromkeys(metric for row in rows for metric in row))
    columns = {metric.text: _column(metric, rows) for metric in metrics}
    counts, weights = _sizes(metrics, rows)
    has_intervals = any(np.isfinite(column.low).any() for column in columns.values())
    return SliceTable(
        slices=tuple(each.key for each in there),
        counts=counts,
        weights=weights,
        columns=columns,
        threshold=_threshold(metrics, known),
        interval="given" if has_intervals else None,
        hidden=len(results.readings) - len(there),
        gates=tuple(_gates(results, metrics, [each.key for each in there])),
        title=results.title,
        source=f"TensorFlow Model Analysis {results.version}".strip(),
        errors={each.key: each.error for each in results.readings if each.error},
        validation=results.validation,
    )


def _order(key: SliceKey) -> tuple[Any, ...]:
    """The whole first, then by features and by values; numbers before texts."""
    values = tuple(
        (isinstance(value, str), value if isinstance(value, int | float | str) else str(value))
        for _, value in key
    )
    return len(key), tuple(name for name, _ in key), values


def _tell_what_is_left_out(results: Results) -> None:
    parts = [*plots_of(results.config), *results.without_numbers]
    if results.comparisons:
        parts.append(f"{results.comparisons} comparisons of slices with others")
    if parts:
        warnings.warn(
            f"a table of slices leaves out {', '.join(parts)}; read them with TFMA itself.",
            stacklevel=4,
        )


def _cells(reading: Reading, known: Sequence[Configured]) -> Iterator[_Cell]:
    numbers = [
        (_at(metric, number, configuration), configuration, number)
        for metric, several in reading.numbers.items()
        for configuration in [configuration_of(metric, known)]
        for number in several
    ]
    others: dict[MetricId, dict[str, float]] = {}
    for metric, _, number in numbers:
        others.setdefault(metric.group, {})[metric.base] = number.value
    rows = next((number.value for metric, _, number in numbers if metric.base == "count"), math.nan)
    for metric, configuration, number in numbers:
        base = configuration.base if configuration and not number.name else metric.base
        undefined = why_undefined(base, number.value, others[metric.group], rows)
        value, low, high = number[:3] if undefined is None else (math.nan,) * 3
        has_ends = not (math.isnan(low) or math.isnan(high))
        yield _Cell(metric, base, value, *((low, high) if has_ends else (math.nan,) * 2), undefined)


def _at(metric: MetricId, number: Number, configuration: Configured | None) -> MetricId:
    """The metric's id with the threshold or cut-off that this number of it is at."""
    if number.name:
        return replace(metric, name=number.name, threshold=number.threshold)
    if number.cutoff is not None:
        return replace(metric, top_k=number.cutoff)
    placed = at_its_threshold(metric, number.at, configuration)
    if number.many > 1 and placed == metric:
        return replace(metric, name=f"{metric.name}_{number.at}")
    return placed


def _column(metric: MetricId, rows: Sequence[dict[MetricId, _Cell]]) -> Column:
    cells = [row.get(metric) for row in rows]
    base = next(cell.base for cell in cells if cell is not None)
    numbers = np.array([cell[2:5] if cell else (math.nan,) * 3 for cell in cells], dtype=np.float64)
    reasons = ("not computed for this slice" if cell is None else cell.undefined for cell in cells)
    undefined = {at: reason for at, reason in enumerate(reasons) if reason is not None}
    value, low, high = numbers.T.copy()
    return Column(info_of(metric, base), value, low, high, undefined)


def _sizes(metrics: Iterable[MetricId], rows: Sequence[dict[MetricId, _Cell]]) -> tuple[Any, Any]:
    """Rows and weight of each slice; where one was not computed, it is taken from the other."""

    def of(base: str) -> Any:
        metric = next((metric for metric in metrics if metric.base == base), None)
        values = [row[metric].value if metric in row else 0.0 for row in rows]
        return np.array(values, dtype=np.float64) if metric else None

    counts, weights = of("count"), of("weighted_count")
    none = np.zeros(len(rows))
    counts = next((each for each in (counts, weights) if each is not None), none)
    weights = counts if weights is None else weights
    return np.rint(counts).astype(np.int64), weights


def _threshold(metrics: Iterable[MetricId], known: Sequence[Configured]) -> float | None:
    """TFMA's 0.5 where a configuration says of some metric that it is at no other."""
    names = {each.name for each in known}
    plain = (each for each in metrics if each.threshold is None and each.top_k is None)
    return 0.5 if any(each.name in names and each.base in COUNT_METRICS for each in plain) else None


def _gates(
    results: Results, metrics: Sequence[MetricId], keys: Sequence[SliceKey]
) -> Iterator[Gate]:
    """Bounds, which a baseline model need not keep, nor do changes from it."""
    models = () if results.config is None else results.config.model_specs
    baseline = next((model.name for model in models if model.is_baseline and models[1:]), None)
    known = configured(results.config)
    for each in known:
        named = [
            one.text
            for one in metrics
            if not one.is_change and one.model != baseline and configuration_of(one, known) == each
        ]
        for low, high, specs in bounds_of(each):
            slices = (
                None
                if specs is None
                else frozenset(key for key in keys if any(matches(spec, key) for spec in specs))
            )
            for text in named if low is not None or high is not None else ():
                yield Gate(
                    text,
                    -math.inf if low is None else low,
                    math.inf if high is None else high,
                    slices,
                )
