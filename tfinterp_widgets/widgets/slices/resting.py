"""What a metric rests on, in words: what decided about its rows, and which rows it counts."""

from __future__ import annotations

from tfinterp_widgets.evaluation.slicing.answers.columns import Column
from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.metrics.asked import Asked
from tfinterp_widgets.evaluation.slicing.metrics.names import name_of

MOST_PROBABLE = "most probable class"

_COUNTED = {
    "recall": "positives",
    "fnr": "positives",
    "precision": "predicted positives",
    "fpr": "negatives",
    "specificity": "negatives",
}


def decided(table: SliceTable, metric: str) -> str:
    """Say what decided about a metric's rows, where the table's threshold did not.

    Returns
    -------
    str
        "score > .7", "most probable class"; "" where the threshold did, or nothing.
    """
    if table.columns[metric].info.is_thresholded:
        return ""
    asked = None if table.data is None else table.data.asked[metric]
    if asked is None:  # imported: the name is all that is known
        _, at, own = metric.rpartition("@")
        return _above(own) if at else ""
    return _decided(asked) if asked.info.family == "counts" else ""


def counted(column: Column) -> str:
    """Say which rows the denominators of a metric count."""
    if column.denominator is None:
        return "rows"
    return _COUNTED.get(name_of(column.info.name).base, "rows")


def _decided(asked: Asked) -> str:
    if isinstance(asked.threshold, float):
        return _above(f"{asked.threshold:g}")
    kind, number = asked.subjects[0]
    many = number if kind in ("hit", "top") else 1
    return MOST_PROBABLE if many == 1 else f"{many} most probable classes"


def _above(threshold: str) -> str:
    return f"score > {threshold.removeprefix('0')}"
