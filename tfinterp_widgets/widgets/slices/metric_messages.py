"""What the view of slices is sent of one metric: ``js/src/wire/slices.ts`` describes each part."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.slicing.answers.columns import Column
from tfinterp_widgets.evaluation.slicing.answers.gates import Gate
from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.keys import SliceKey
from tfinterp_widgets.widgets.slices.checks import plain
from tfinterp_widgets.widgets.slices.estimates import Estimates
from tfinterp_widgets.widgets.slices.found import Found
from tfinterp_widgets.widgets.slices.places import NOWHERE, places_of, spread
from tfinterp_widgets.widgets.slices.resting import counted, decided
from tfinterp_widgets.widgets.slices.sources import BY_CLASS, of_class
from tfinterp_widgets.wire import WireArray, to_text, to_wire

FORMULAS = (
    "accuracy",
    "balanced_accuracy",
    "precision",
    "recall",
    "f1",
    "fpr",
    "fnr",
    "specificity",
)
"""Metrics that the view computes by itself, from counts above the threshold."""

_NOT_THERE = "not in these results"


def slice_id(key: SliceKey | None) -> str | None:
    """Name a slice for the view; "" is the whole.

    Examples
    --------
    >>> slice_id((("age", None), ("housing", "rent")))
    '[["age", null], ["housing", "rent"]]'
    """
    if not key:
        return None if key is None else ""
    return json.dumps([[name, plain(value)] for name, value in key])


def metric_message(found: Found, name: str, slices: Sequence[SliceKey]) -> dict[str, Any]:
    """Write one metric of every model."""
    class_id = found.question.wanted.class_id
    column_name = of_class(name, class_id)
    column = next(
        table.columns[column_name]
        for table in reversed(list(found.tables.values()))
        if column_name in table.columns
    )
    info = column.info
    on_view = name == found.metric
    return {
        "name": name,
        "label": to_text(_label(found, name, info.label)),
        "greater_is_better": info.greater_is_better,
        "range": list(info.range),
        "thresholded": info.is_thresholded,
        "decided": decided(found.main, column_name) if column_name in found.main.columns else "",
        "counted": counted(column),
        "by_class": name in BY_CLASS,
        "formula": name if name in FORMULAS and info.is_thresholded else None,
        "interval": column.method,
        "models": [
            _model_message(
                table, column_name, slices, found.differences.get(model) if on_view else None
            )
            for model, table in found.tables.items()
        ],
        "comparison": _estimates(found.comparison) if on_view and found.comparison else None,
        "gates": [_gate_message(gate) for gate in found.main.gates if gate.metric == column_name],
        "checks": _checks_message(found.main, column_name, slices),
    }


def _model_message(
    table: SliceTable, name: str, slices: Sequence[SliceKey], difference: Estimates | None
) -> dict[str, Any]:
    column, at = table.columns.get(name), places_of(table, slices)
    if column is None:
        nothing = Estimates.empty(len(slices))
        reasons = {str(k): _NOT_THERE for k in range(len(slices))}
        none: dict[str, Any] = {"no_interval": {}, "denominators": None, "difference": None}
        return {**_estimates(nothing), "undefined": reasons, **none}
    return {
        **{part: to_wire(spread(getattr(column, part), at)) for part in ("value", "low", "high")},
        "undefined": _reasons({**column.undefined, NOWHERE: _NOT_THERE}, at),
        "no_interval": _reasons(column.no_interval, at),
        "denominators": _denominators(column, table, at),
        "difference": None
        if difference is None
        else {
            part: to_wire(spread(getattr(difference, part), at))
            for part in ("value", "low", "high")
        },
    }


def _denominators(column: Column, table: SliceTable, at: NDArray[np.int64]) -> WireArray | None:
    """Write the rows that a share is a share of; None where every row of a slice counts."""
    counts = column.denominator
    if counts is None or np.array_equal(counts, table.counts):
        return None
    return to_wire(np.where(at == NOWHERE, 0, counts[at]))


def _reasons(known: Mapping[int, str], at: NDArray[np.int64]) -> dict[str, str]:
    """Move reasons from places in a table to those on view."""
    return {str(k): known[place] for k, place in enumerate(at.tolist()) if place in known}


def _estimates(estimates: Estimates) -> dict[str, Any]:
    return {part: to_wire(getattr(estimates, part)) for part in ("value", "low", "high")}


def _gate_message(gate: Gate) -> dict[str, Any]:
    return {
        "low": None if gate.low == -math.inf else gate.low,
        "high": None if gate.high == math.inf else gate.high,
        "ids": None if gate.slices is None else [slice_id(key) for key in gate.slices],
    }


def _label(found: Found, name: str, label: str) -> str:
    """What the picker lists: the class, where one is set against the rest, stands beside it."""
    class_id, data = found.question.wanted.class_id, found.main.data
    if class_id is None or name not in BY_CLASS or data is None:
        return label
    return label.removesuffix(f" of {data.problem.class_names[class_id]}")


def _checks_message(
    table: SliceTable, metric: str, slices: Sequence[SliceKey]
) -> dict[str, dict[str, Any]] | None:
    """Write what was judged elsewhere, by more than bounds of the value, such as by its change."""
    if table.validation is None:
        return None
    failures = {each.key: each for each in table.validation.failures if each.metric == metric}
    return {
        str(at): {"passed": False, "bound": to_text(failures[key].bound), "unsure": False}
        for at, key in enumerate(slices)
        if key in failures
    } or None
