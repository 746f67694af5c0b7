"""How well predictions fit labels: the metrics by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tfinterp_widgets.evaluation.metrics import scores
from tfinterp_widgets.evaluation.metrics.scores import Score

_CLASSES = frozenset({"binary", "multiclass"})
_NUMBERS = frozenset({"regression"})


@dataclass(frozen=True)
class MetricDefinition:
    """One number for how well predictions fit labels.

    Attributes
    ----------
    name : str
        What users call it, e.g. "auc".
    label : str
        What a chart calls it, e.g. "ROC AUC".
    greater_is_better : bool
        True for a score, False for a loss.
    function : callable
        ``function(y, predictions, weights) -> float``: y of shape (n,), predictions (n, outputs),
        weights None or (n,). NaN where a sample leaves the metric undefined, e.g. the AUC of a
        sample that holds one class only. The built-in ones check nothing.
    tasks : frozenset of str
        What it is for: "binary", "multiclass", "regression".
    reads : {"ranking", "probabilities", "classes", "values"}
        What it takes the predictions for. Classes are decided at the highest unit or, for one
        unit, above probability 0.5 (above 0 where the outputs are no probabilities).
    """

    name: str
    label: str
    greater_is_better: bool
    function: Score
    tasks: frozenset[str]
    reads: Literal["ranking", "probabilities", "classes", "values"] = "values"


METRICS: dict[str, MetricDefinition] = {
    metric.name: metric
    for metric in (
        MetricDefinition("auc", "ROC AUC", True, scores.auc, _CLASSES, "ranking"),
        MetricDefinition(
            "pr_auc", "average precision", True, scores.average_precision, _CLASSES, "ranking"
        ),
        MetricDefinition("accuracy", "accuracy", True, scores.accuracy, _CLASSES, "classes"),
        MetricDefinition(
            "balanced_accuracy",
            "balanced accuracy",
            True,
            scores.balanced_accuracy,
            _CLASSES,
            "classes",
        ),
        MetricDefinition("log_loss", "log loss", False, scores.log_loss, _CLASSES, "probabilities"),
        MetricDefinition("brier", "Brier score", False, scores.brier, _CLASSES, "probabilities"),
        MetricDefinition("f1", "F1", True, scores.f1, _CLASSES, "classes"),
        MetricDefinition("mse", "mean squared error", False, scores.mse, _NUMBERS),
        MetricDefinition("mae", "mean absolute error", False, scores.mae, _NUMBERS),
        MetricDefinition("rmse", "root mean squared error", False, scores.rmse, _NUMBERS),
        MetricDefinition("r2", "R²", True, scores.r2, _NUMBERS),
    )
}
"""The metrics known by name."""
