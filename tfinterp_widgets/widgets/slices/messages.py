"""What the view of slices is sent: ``js/src/wire/slices.ts`` describes each part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.search.findings import Findings
from tfinterp_widgets.widgets.slices.checks import slices_to_json
from tfinterp_widgets.widgets.slices.found import Found
from tfinterp_widgets.widgets.slices.metric_messages import metric_message, slice_id
from tfinterp_widgets.widgets.slices.places import sizes_of
from tfinterp_widgets.widgets.slices.resting import MOST_PROBABLE
from tfinterp_widgets.widgets.slices.sources import BY_CLASS, Tables, all_slices
from tfinterp_widgets.wire import to_text, to_wire

SMALL = 30
"""Slices of fewer rows are greyed: their intervals span half of what a share can be."""

LEVEL, Z = 0.95, 1.959963984540054

_MOST_CURVES = 3_000_000  # bytes


def answer_message(found: Found, partition: int, table: dict[str, Any]) -> dict[str, Any]:
    """Write all numbers of one question; `table` is what `slices_message` makes of its tables."""
    wanted, slices = found.question.wanted, all_slices(found.tables)
    return {
        "partition": partition,
        "slices": slices_to_json(wanted.slices, None),
        "class_id": wanted.class_id,
        "threshold": found.main.threshold,
        "baseline": slice_id(found.question.baseline),
        "table": table,
        "metrics": [
            metric_message(found, name, slices)
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


def slices_message(tables: Tables) -> dict[str, Any]:
    """Write which slices there are, and how large; that takes time where there are thousands."""
    slices = all_slices(tables)
    counts, weights = sizes_of(tables, slices)
    return {
        "ids": [slice_id(key) for key in slices],
        "keys": [
            [[to_text(name), None if value is None else to_text(str(value))] for name, value in key]
            for key in slices
        ],
        "counts": to_wire(counts),
        "weights": None if np.array_equal(weights, counts) else to_wire(weights),
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


NOTES: dict[str, Any] = {"level": LEVEL, "z": Z, "small": SMALL, "left_out": "", "source": ""}
"""What is noted before the first answer."""


def notes_message(table: SliceTable) -> dict[str, Any]:
    """Write what all numbers have in common."""
    return {
        **NOTES,
        "left_out": _left_out(table),
        "source": to_text(table.source),
    }


def _left_out(table: SliceTable) -> str:
    if table.hidden == 0:
        return ""
    said = (
        "1 slice of too few rows was not computed"
        if table.hidden == 1
        else f"{table.hidden:,} slices of too few rows were not computed"
    )
    if table.hidden_rows is None or table.data is None:
        return said
    return f"{said}: {table.hidden_rows:,} of {len(table.data.problem):,} rows"


def classes_message(names: Sequence[str] | None) -> list[str] | None:
    """Write the classes that one can pick; None where there are no more than two."""
    return None if names is None or len(names) <= 2 else list(map(to_text, names))


def rules_message(table: SliceTable) -> list[dict[str, str]]:
    """Write what can decide about several classes; nothing where a threshold does."""
    if table.data is None or table.data.problem.task != "multiclass":
        return []
    return [
        {"value": "argmax", "label": MOST_PROBABLE},
        {"value": "score", "label": "score > t"},
    ]


def findings_message(findings: Findings, found: Found) -> dict[str, Any]:
    """Write which slices were found to be worse than the rest, the worst first."""
    *others, name = found.tables
    of = to_text(name) if others else None
    places = {finding.key: at for at, finding in enumerate(findings)}
    summary = findings.summary.replace("<=", "≤")
    return {
        "metric": found.metric,
        "summary": to_text(summary if of is None else f"{of}: {summary}"),
        "items": [
            {
                "id": slice_id(finding.key),
                "q": finding.q,
                "of": of,
                "like": None if finding.like is None else places[finding.like],
            }
            for finding in findings
        ],
    }
