"""Names of TFMA's metrics, as this package writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tfinterp_widgets.evaluation.slicing.answers.columns import MetricInfo
from tfinterp_widgets.evaluation.slicing.metrics.definitions import (
    COUNT_METRICS,
    RANK_METRICS,
    SIZES,
    SUM_METRICS,
)

SAME = {
    "example_count": "count",
    "weighted_example_count": "weighted_count",
    "binary_accuracy": "accuracy",
    "categorical_accuracy": "accuracy",
    "sparse_categorical_accuracy": "accuracy",
    "auc": "auc_tfma",
    "auc_precision_recall": "pr_auc_tfma",
    "ppv": "precision",
    "tpr": "recall",
    "f1_score": "f1",
    "fall_out": "fpr",
    "miss_rate": "fnr",
    "tnr": "specificity",
    "binary_crossentropy": "log_loss",
    "categorical_crossentropy": "log_loss",
    "sparse_categorical_crossentropy": "log_loss",
    "mean_squared_error": "mse",
    "root_mean_squared_error": "rmse",
    "mean_absolute_error": "mae",
}
"""This package's name of what TFMA names otherwise; its areas under curves are interpolated."""

ALIKE = frozenset(
    {
        "balanced_accuracy",
        "calibration",
        "fnr",
        "fpr",
        "mean_label",
        "mean_prediction",
        "precision",
        "recall",
        "specificity",
    }
)
"""What both name alike. Keras's `Accuracy` is none of these: it counts scores equal to labels."""

_OWN = {
    name: MetricInfo(name, label, greater, "given", range=bounds)
    for name, label, greater, bounds in (
        ("pr_auc_tfma", "PR AUC at 10,000 thresholds", True, (0, 1)),
        ("negative_predictive_value", "negative predictive value", True, (0, 1)),
        ("false_discovery_rate", "false discovery rate", False, (0, 1)),
        ("false_omission_rate", "false omission rate", False, (0, 1)),
        ("threat_score", "threat score", True, (0, 1)),
        ("matthews_correlation_coefficient", "Matthews correlation", True, (-1, 1)),
        ("fowlkes_mallows_index", "Fowlkes-Mallows index", True, (0, 1)),
        ("informedness", "informedness", True, (-1, 1)),
        ("markedness", "markedness", True, (-1, 1)),
        ("average_precision", "average precision", True, (0, 1)),
        ("mean_absolute_percentage_error", "mean absolute percentage error", False, (0, None)),
        ("mean_squared_logarithmic_error", "mean squared logarithmic error", False, (0, None)),
        ("squared_pearson_correlation", "squared correlation", True, (0, 1)),
        ("coefficient_of_discrimination", "coefficient of discrimination", True, (-1, 1)),
        ("ndcg", "NDCG", True, (0, 1)),
    )
}
"""Metrics that TFMA has and `slice_metrics` has not, of which it is known what is better."""


@dataclass(frozen=True)
class MetricId:
    """Which metric a number of TFMA's is.

    Attributes
    ----------
    name : str
        TFMA's own, or the one given in its configuration.
    model, output : str
        Those it is of; "" where there is one only.
    class_id, k, top_k : int or None
        The class it is of, the rank, and how many of the highest ranks.
    average : {"", "micro", "macro", "weighted"}
        Over classes.
    threshold : float or None
        The one of several that it is at.
    is_unweighted : bool
        Whether it leaves weights out where the same metric is there with weights as well.
    is_change : bool
        Whether it is the difference from the baseline model.
    """

    name: str
    model: str = ""
    output: str = ""
    class_id: int | None = None
    k: int | None = None
    top_k: int | None = None
    average: str = ""
    threshold: float | None = None
    is_unweighted: bool = False
    is_change: bool = False

    @property
    def base(self) -> str:
        """The metric by this package's name, without suffixes."""
        return SAME.get(self.name, self.name)

    @property
    def text(self) -> str:
        """The name as a table has it: "new: precision_macro_top_2@0.7"."""
        prefixes = "".join(f"{part}: " for part in (self.model, self.output) if part)
        suffixes = (
            ("_diff", self.is_change or None),
            ("_{}", self.average or None),
            ("_class_{}", self.class_id),
            ("_k_{}", self.k),
            ("_top_{}", self.top_k),
            ("@{:g}", self.threshold),
            (" (unweighted)", self.is_unweighted or None),
        )
        return (
            prefixes
            + self.base
            + "".join(suffix.format(value) for suffix, value in suffixes if value is not None)
        )

    @property
    def group(self) -> MetricId:
        """What it shares with the other metrics of the same model, output, class and weighting."""
        return replace(self, name="", threshold=None)


def info_of(metric: MetricId, base: str) -> MetricInfo:
    """What is known of a metric that TFMA computed.

    Parameters
    ----------
    metric : MetricId
    base : str
        This package's name of what it is, which a configuration may name otherwise.
    """
    known = _known(base)
    if known is None or metric.is_change:
        label = metric.text.replace("_", " ")
        greater = None if known is None else known.greater_is_better
        return MetricInfo(metric.text, label, greater, "given")
    label = metric.text if metric.base != base else known.label + metric.text.removeprefix(base)
    if metric.model or metric.output:
        label = metric.text.replace(metric.base, known.label, 1)
    return replace(
        known,
        name=metric.text,
        label=label.replace("_", " "),
        family="size" if known.family == "size" else "given",
        is_thresholded=False,
    )


def snake_case(class_name: str) -> str:
    """The name that TFMA gives a metric by its class: "f1_score" of "F1Score"."""
    if class_name == "AUCPrecisionRecall":
        return "auc_precision_recall"
    words = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", class_name)
    return (
        re.sub(r"([a-z])([A-Z])", r"\1_\2", words).lower().replace("cross_entropy", "crossentropy")
    )


def _known(base: str) -> MetricInfo | None:
    if base in COUNT_METRICS:
        return COUNT_METRICS[base].info
    if base in SUM_METRICS:
        return SUM_METRICS[base].info
    return RANK_METRICS.get(base) or SIZES.get(base) or _OWN.get(base)
