"""`slice_metrics` as a configuration has it, with TFMA's help where that is needed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from tfinterp_widgets.evaluation.slicing.columns import Column
from tfinterp_widgets.evaluation.slicing.eval_config import EvalConfig
from tfinterp_widgets.evaluation.slicing.features import Features
from tfinterp_widgets.evaluation.slicing.gates import Gate
from tfinterp_widgets.evaluation.slicing.sliced import Sliced
from tfinterp_widgets.evaluation.slicing.specs import Spec
from tfinterp_widgets.evaluation.slicing.table import SliceTable
from tfinterp_widgets.evaluation.tfma_bridge.library import load_tfma
from tfinterp_widgets.evaluation.tfma_bridge.local import Division, Local, divide
from tfinterp_widgets.evaluation.tfma_bridge.messages import ModelSpec, SlicingSpec
from tfinterp_widgets.evaluation.tfma_bridge.results import table_from_tfma
from tfinterp_widgets.evaluation.tfma_bridge.specs import bounds_of, matches, same_value

Refine = Callable[..., Iterator[SliceTable]]

_LABEL, _PREDICTION, _WEIGHT = "__label__", "__prediction__", "__weight__"


def refine_configured(
    refine: Refine,
    config: EvalConfig,
    labels: Any,
    predictions: Any,
    features: Any,
    weights: Any,
    interval: str | None,
    bins: Mapping[str, Any] | None,
    **others: Any,
) -> Iterator[SliceTable]:
    """Measure what a configuration asks for; features are sliced by as they are, as TFMA does.

    Parameters
    ----------
    refine : callable
        `refine_slices`.
    config : EvalConfig
    labels, predictions, features, weights, interval, bins, others
        As those of `slice_metrics`.

    Yields
    ------
    SliceTable
        The last has the columns that only TFMA computes as well.

    Raises
    ------
    TypeError, ValueError
        If the configuration asks for what needs a run of TFMA, or names what is not there.
    ImportError
        If some metric needs TFMA, and it is not installed.
    """
    if not isinstance(config, EvalConfig):
        raise TypeError(
            f"config is a {type(config).__name__}; expected a tw.EvalConfig, such as "
            "tw.EvalConfig.from_text(...) or .from_proto(...) make."
        )
    weights = _weights(config, features, weights)
    division = divide(config, _classes(predictions), weights is not None)
    if division.refused:
        raise ValueError(
            f"the configuration asks for {', '.join(division.refused)}, which slice_metrics does "
            "not do; evaluate the model with tw.run_tfma."
        )
    if division.rest:
        load_tfma(f"slice_metrics, for {', '.join(division.reasons)},")
    names = dict.fromkeys(name for each in division.local for name in each.names)
    bins = {**dict.fromkeys(_sliced_by(config)), **(bins or {})}
    options = config.options
    tables = refine(
        labels,
        predictions,
        features,
        slices=_slices(config, Features(features, len(predictions), bins)),
        metrics=["count", *(name for name in names if name != "count")],
        weights=weights,
        interval=_interval(config, interval),
        min_count=0 if options is None else options.min_slice_size or 0,
        bins=bins,
        **others,
    )
    return _finished(tables, config, division)


def _finished(
    tables: Iterator[SliceTable], config: EvalConfig, division: Division
) -> Iterator[SliceTable]:
    for table in tables:
        gated = replace(table, gates=tuple(_gates(division.local, table)))
        yield _with_tfmas(gated, config, division) if table.final and division.rest else gated


def _classes(predictions: Any) -> int | None:
    shape = np.shape(predictions)
    return shape[1] if len(shape) == 2 and shape[1] > 2 else None


def _weights(config: EvalConfig, features: Any, weights: Any) -> Any:
    """The weights given; else the column that the configuration names."""
    name = next((spec.example_weight_key for spec in config.model_specs), "")
    if weights is not None or not name:
        return weights
    try:
        return features[name]
    except (KeyError, TypeError, IndexError):
        raise ValueError(
            f"the configuration weighs rows by {name!r}, which is not among the features; give "
            "weights=, or features with that column."
        ) from None


def _sliced_by(config: EvalConfig) -> dict[str, None]:
    """The features that are sliced by, each once."""
    specs = config.slicing_specs
    return dict.fromkeys(
        name for spec in specs for name in (*spec.feature_keys, *spec.feature_values)
    )


def _slices(config: EvalConfig, known: Features) -> list[Spec]:
    return [_slice(spec, known) for spec in config.slicing_specs] or [Spec()]


def _slice(spec: SlicingSpec, known: Features) -> Spec:
    """A specification whose values, which are texts, are those that the feature has."""
    values = []
    for name, text in spec.feature_values.items():
        value = next((each for each in known[name].levels if same_value(each, text)), text)
        values.append((name, value))
    return Spec(tuple(spec.feature_keys), tuple(sorted(values)))


def _interval(config: EvalConfig, interval: str | None) -> str | None:
    options = config.options
    if options is None or not options.compute_confidence_intervals or interval != "auto":
        return interval
    method = options.confidence_intervals.method if options.confidence_intervals else ""
    return "bootstrap" if method == "POISSON_BOOTSTRAP" else "jackknife"


def _gates(local: tuple[Local, ...], table: SliceTable) -> Iterator[Gate]:
    for each in local:
        for low, high, specs in bounds_of(each.configured):
            slices = (
                None
                if specs is None
                else frozenset(key for key in table if any(matches(spec, key) for spec in specs))
            )
            bounds = -math.inf if low is None else low, math.inf if high is None else high
            for name in each.names if bounds != (-math.inf, math.inf) else ():
                yield Gate(name, *bounds, slices)


def _with_tfmas(table: SliceTable, config: EvalConfig, division: Division) -> SliceTable:
    """A table with the columns that TFMA computes of the same rows."""
    tfma = load_tfma("slice_metrics")
    assert table.data is not None
    asked = replace(
        config,
        model_specs=(
            ModelSpec(
                label_key=_LABEL,
                prediction_key=_PREDICTION,
                example_weight_key="" if table.data.problem.weights is None else _WEIGHT,
            ),
        ),
        metrics_specs=division.rest,
    )
    theirs = table_from_tfma(tfma.analyze_raw_data(_rows(table.data, config), asked.to_proto()))
    at = [theirs.slices.index(key) if key in theirs else -1 for key in table.slices]
    new = {name: _taken(each, at) for name, each in theirs.columns.items() if name != "count"}
    columns = {**table.columns, **{n: c for n, c in new.items() if n not in table.columns}}
    return replace(table, columns=columns, gates=(*table.gates, *theirs.gates))


def _rows(sliced: Sliced, config: EvalConfig) -> pd.DataFrame:
    """Labels, predictions, weights and the features that are sliced by, as TFMA takes them."""
    problem = sliced.problem
    columns: dict[str, Any] = {}
    for name in _sliced_by(config):
        feature = sliced.features[name]
        levels = np.array(feature.levels, dtype=object)
        columns[name] = pd.Series(levels[feature.codes], dtype=object).infer_objects()
    scores = problem.predictions
    columns[_LABEL] = problem.labels
    columns[_PREDICTION] = scores[:, 0] if scores.shape[1] == 1 else list(scores)
    if problem.weights is not None:
        columns[_WEIGHT] = problem.weights
    return pd.DataFrame(columns)


def _taken(column: Column, at: list[int]) -> Column:
    """A column in the order of other slices, -1 standing for one that it does not have."""
    taken = column.take(np.array(at, dtype=np.int64))
    missing = [place for place, position in enumerate(at) if position < 0]
    value, low, high = (each.copy() for each in (taken.value, taken.low, taken.high))
    for each in (value, low, high):
        each[missing] = np.nan
    reason = "TensorFlow Model Analysis has no slices of missing values"
    return replace(
        taken,
        value=value,
        low=low,
        high=high,
        undefined={**taken.undefined, **dict.fromkeys(missing, reason)},
    )
