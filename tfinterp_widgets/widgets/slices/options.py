"""What a slice explorer of rows is told beside these, and what it measures unless told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tfinterp_widgets.evaluation.metrics.tasks import Task

METRICS: dict[Task, tuple[str, ...]] = {
    "binary": (
        "accuracy",
        "auc",
        "precision",
        "recall",
        "f1",
        "fpr",
        "fnr",
        "balanced_accuracy",
        "pr_auc",
        "calibration",
    ),
    "multiclass": ("accuracy", "balanced_accuracy", "auc", "precision", "recall", "f1", "fpr"),
    "regression": ("mae", "rmse", "r2", "mean_label", "mean_prediction"),
}
"""Metrics that are offered where none are asked for; the first is on view."""


@dataclass(frozen=True)
class Options:
    """What `slice_metrics` is told beside the rows."""

    weights: Any = None
    metrics: Any = None
    interval: str | None = "auto"
    bins: Any = None
    class_names: Sequence[str] | None = None
    greater_is_better: Any = None
    seed: int | None = 0
