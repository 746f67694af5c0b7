"""Metrics that only TFMA computes, asked of it about the rows of a table of slices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from tfinterp_widgets.evaluation.slicing.answers.columns import Column
from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.eval_config import EvalConfig
from tfinterp_widgets.evaluation.slicing.features.features import Feature
from tfinterp_widgets.evaluation.slicing.keys import SliceKey
from tfinterp_widgets.evaluation.slicing.sliced import Sliced
from tfinterp_widgets.evaluation.tfma_bridge.library import load_tfma
from tfinterp_widgets.evaluation.tfma_bridge.messages import MetricsSpec, ModelSpec, SlicingSpec
from tfinterp_widgets.evaluation.tfma_bridge.quiet import quiet
from tfinterp_widgets.evaluation.tfma_bridge.results import table_from_tfma
from tfinterp_widgets.evaluation.tfma_bridge.slicing_specs import same_value, sliced_by

Message = TypeVar("Message")

_LABEL, _PREDICTION, _WEIGHT = "__label__", "__prediction__", "__weight__"


def with_tfmas(
    table: SliceTable, config: EvalConfig, metrics_specs: tuple[MetricsSpec, ...]
) -> SliceTable:
    """A table with the columns that TFMA computes of the same rows.

    Parameters
    ----------
    table : SliceTable
        With its rows.
    config : EvalConfig
        Says which slices.
    metrics_specs : tuple of MetricsSpec
        Which metrics.
    """
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
        slicing_specs=tuple(_placed(spec, table.data) for spec in config.slicing_specs),
        metrics_specs=tuple(_placed(spec, table.data) for spec in metrics_specs),
    )
    rows = _rows(table.data, sliced_by(config))
    with quiet():
        theirs = table_from_tfma(tfma.analyze_raw_data(rows, asked.to_proto()))
    keys = {key: _own_key(key, table.data) for key in theirs.slices}
    places = {keys[key]: at for at, key in enumerate(theirs.slices)}
    at = [places.get(key, -1) for key in table.slices]
    new = {
        name: _taken(column, at)
        for name, column in theirs.columns.items()
        if name != "count" and name not in table.columns
    }
    gates = [
        gate
        if gate.slices is None
        else replace(gate, slices=frozenset(keys[key] for key in gate.slices))
        for gate in theirs.gates
    ]
    return replace(table, columns={**table.columns, **new}, gates=(*table.gates, *gates))


def _own_key(key: SliceKey, sliced: Sliced) -> SliceKey:
    """A key with the values of features, of which TFMA was given the places."""
    return tuple((name, sliced.features[name].levels[int(place)]) for name, place in key)


def _placed(message: Message, sliced: Sliced) -> Message:
    """A message whose slicing specs name places of values, as `_rows` has them."""
    changes: dict[str, Any] = {}
    for each in fields(message):  # type: ignore[arg-type]
        value = getattr(message, each.name)
        if isinstance(message, SlicingSpec) and each.name == "feature_values":
            changes[each.name] = {
                name: str(_place(sliced.features[name], text)) for name, text in value.items()
            }
        elif isinstance(value, tuple):
            changes[each.name] = tuple(_placed(v, sliced) if is_dataclass(v) else v for v in value)
        elif isinstance(value, Mapping):
            changes[each.name] = {
                key: _placed(v, sliced) if is_dataclass(v) else v for key, v in value.items()
            }
    return replace(message, **changes)  # type: ignore[type-var]


def _place(feature: Feature, text: str) -> int:
    """The place of a value among those of a feature; -1 where it has no such value."""
    levels = enumerate(feature.levels)
    return next((at for at, level in levels if same_value(level, text)), -1)


def _rows(sliced: Sliced, names: Iterable[str]) -> pd.DataFrame:
    """Labels, predictions, weights and the features that are sliced by, as TFMA takes them.

    Of features it is given the places of values: it leaves out bools, and rounds numbers in keys to
    float32.
    """
    problem = sliced.problem
    columns: dict[str, Any] = {}
    for name in names:
        feature = sliced.features[name]
        places = [None if level is None else at for at, level in enumerate(feature.levels)]
        columns[name] = np.array(places, dtype=object)[feature.codes]
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
