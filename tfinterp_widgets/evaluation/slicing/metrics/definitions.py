"""The metrics known by name: what each is called, which way is better, what it is made of."""

from __future__ import annotations

from tfinterp_widgets.evaluation.slicing.answers.columns import MetricInfo
from tfinterp_widgets.evaluation.slicing.metrics.ratios import COUNT_METRICS
from tfinterp_widgets.evaluation.slicing.metrics.sums import SUM_METRICS

__all__ = ["COUNT_METRICS", "NAMES", "RANK_METRICS", "SIZES", "SUM_METRICS"]

RANK_METRICS: dict[str, MetricInfo] = {
    name: MetricInfo(name, label, True, "ranks", range=(0, 1))
    for name, label in {
        "auc": "ROC AUC",
        "auc_tfma": "ROC AUC at 10,000 thresholds",
        "pr_auc": "average precision",
    }.items()
}
"""Areas under curves over all thresholds."""

SIZES: dict[str, MetricInfo] = {
    name: MetricInfo(name, label, None, "size", range=(0, None))
    for name, label in {"count": "rows", "weighted_count": "weight"}.items()
}
"""How large a slice is."""

NAMES: tuple[str, ...] = (*SIZES, *COUNT_METRICS, *RANK_METRICS, *SUM_METRICS)
"""All metrics known by name, without suffixes."""
