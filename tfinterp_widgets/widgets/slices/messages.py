"""What the view of slices is sent: ``js/src/wire/slices.ts`` describes each part."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.slicing.answers.gates import Gate
from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.keys import SliceKey
from tfinterp_widgets.widgets.slices.checks import plain, slices_to_json
from tfinterp_widgets.widgets.slices.estimates import Estimates
from tfinterp_widgets.widgets.slices.found import Found
from tfinterp_widgets.widgets.slices.sources import BY_CLASS, Tables, all_slices, of_class
from tfinterp_widgets.wire import to_text, to_wire

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

SMALL = 30
"""Slices of fewer rows are greyed: their intervals span half of what a share can be."""

LEVEL, Z = 0.95, 1.959963984540054

_MOST_CURVES = 3_000_000  # bytes
_NOWHERE, _NOT_THERE = -1, "not in these results"


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


def answer_message(found: Found, partition: int) -> dict[str, Any]:
    """Write all numbers of one question."""
    wanted, slices = found.question.wanted, all_slices(found.tables)
    threshold = found.main.threshold
    return {
        "partition": partition,
        "slices": slices_to_json(wanted.slices, None),
        "class_id": wanted.class_id,
        "threshold": threshold if isinstance(threshold, float | int) else None,
        "baseline": slice_id(found.question.baseline),
        "table": _slices_message(found.tables, slices),
        "metrics": [
            _metric_message(found, name, slices)
            for name in dict.fromkeys((*shown_metrics(found), found.metric))
        ],
    }


def shown_metrics(found: Found) -> tuple[str, ...]:
    """Metrics as they are picked, without the class that they are asked of."""
    class_id = found.question.wanted.class_id
    suffix = "" if class_id is None else f"_class_{class_id}"
    names = [
        name
        for name, column in found.main.columns.items()
        if column.info.family != "size" or name == found.metric
    ]
    return tuple(
        name.removesuffix(suffix) if name.removesuffix(suffix) in BY_CLASS else name
        for name in names
    )


def _slices_message(tables: Tables, slices: Sequence[SliceKey]) -> dict[str, Any]:
    counts = np.zeros(len(slices), np.int64)
    weights = np.zeros(len(slices))
    for table in reversed(list(tables.values())):
        at = [k for k, key in enumerate(slices) if key in table]
        own = [table.position(slices[k]) for k in at]
        counts[at], weights[at] = table.counts[own], table.weights[own]
    return {
        "ids": [slice_id(key) for key in slices],
        "keys": [
            [[to_text(name), None if value is None else to_text(str(value))] for name, value in key]
            for key in slices
        ],
        "counts": to_wire(counts),
        "weights": None if np.array_equal(weights, counts) else to_wire(weights),
    }


def _metric_message(found: Found, name: str, slices: Sequence[SliceKey]) -> dict[str, Any]:
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
        "label": to_text(info.label),
        "greater_is_better": info.greater_is_better,
        "range": list(info.range),
        "thresholded": info.is_thresholded,
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
        "checks": None,
    }


def _model_message(
    table: SliceTable, name: str, slices: Sequence[SliceKey], difference: Estimates | None
) -> dict[str, Any]:
    column, at = table.columns.get(name), _places(table, slices)
    if column is None:
        nothing = Estimates.empty(len(slices))
        reasons = {str(k): _NOT_THERE for k in range(len(slices))}
        return {**_estimates(nothing), "undefined": reasons, "no_interval": {}, "difference": None}
    return {
        **{part: to_wire(_spread(getattr(column, part), at)) for part in ("value", "low", "high")},
        "undefined": _reasons({**column.undefined, _NOWHERE: _NOT_THERE}, at),
        "no_interval": _reasons(column.no_interval, at),
        "difference": None
        if difference is None
        else {
            part: to_wire(_spread(getattr(difference, part), at))
            for part in ("value", "low", "high")
        },
    }


def _places(table: SliceTable, slices: Sequence[SliceKey]) -> NDArray[np.int64]:
    """Where slices stand in a table."""
    return np.array([table.position(key) if key in table else _NOWHERE for key in slices], np.int64)


def _spread(values: NDArray[np.float64], at: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.where(at == _NOWHERE, np.nan, values[at])


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


def curves_of(found: Found, partition: int) -> dict[str, Any] | None:
    """Write counts above each stop; None where there are no two classes, or too many slices."""
    slices, class_id = all_slices(found.tables), found.question.wanted.class_id
    parts = ("above_positive", "above_negative", "positives", "negatives")
    models = []
    for table in found.tables.values():
        if table.data is None or table.slices != slices:
            return None
        task = table.data.problem.task
        if not (task == "binary" or (task == "multiclass" and class_id is not None)):
            return None
        curves = table.curves_of(class_id)
        models.append({part: to_wire(_counts(getattr(curves, part))) for part in parts})
    size = sum(sent["view"].nbytes for model in models for sent in model.values())
    if size > _MOST_CURVES:
        return None
    return {"partition": partition, "stops": to_wire(curves.stops), "models": models}


def _counts(values: NDArray[np.float64]) -> NDArray[Any]:
    """Whole numbers as such."""
    whole = values.astype(np.int32)
    return whole if np.array_equal(whole, values) else values


NOTES: dict[str, Any] = {"level": LEVEL, "z": Z, "small": SMALL, "left_out": None, "source": ""}
"""What is noted before the first answer."""


def notes_message(table: SliceTable) -> dict[str, Any]:
    """Write what all numbers have in common."""
    few = f"{table.hidden} slices of too few rows were left out" if table.hidden else ""
    return {**NOTES, "source": to_text(". ".join(filter(None, (table.source, few))))}


def findings_message(findings: Any, metric: str) -> dict[str, Any]:
    """Write which slices were found to be worse than the rest, the worst first."""
    return {
        "metric": metric,
        "summary": to_text(findings.summary),
        "ids": [slice_id(finding.key) for finding in findings],
    }
