"""What `slice_metrics` calls the metrics of a configuration."""

from __future__ import annotations

from collections.abc import Iterator

from tfinterp_widgets.evaluation.slicing.metrics.definitions import (
    COUNT_METRICS,
    RANK_METRICS,
    SIZES,
)
from tfinterp_widgets.evaluation.tfma_bridge.names import SAME, snake_case
from tfinterp_widgets.evaluation.tfma_bridge.specs import Configured

_OF_MOST_PROBABLE = ("categorical_accuracy", "sparse_categorical_accuracy")


def names_here(each: Configured, classes: int | None) -> Iterator[str]:
    """The names of `slice_metrics` for a metric.

    Parameters
    ----------
    each : Configured
    classes : int, optional
        How many the predictions are of: 0 for numbers; None where that is not known yet.
    """
    base = base_of(each)
    if base in SIZES:
        unweighted = each.spec.example_weights is not None and each.spec.example_weights.unweighted
        yield "count" if unweighted else base
        return
    at = [f"@{threshold:g}" for threshold in each.thresholds if threshold != 0.5 or each.is_list]
    for suffix in _suffixes(each, classes):
        for threshold in at or [""]:
            yield f"{base}{suffix}{threshold}"


def _suffixes(each: Configured, classes: int | None) -> Iterator[str]:
    arguments, spec = each.arguments, each.spec
    if "class_id" in arguments:
        yield f"_class_{arguments['class_id']}"
    elif "top_k" in arguments:
        yield f"_top_{arguments['top_k']}"
    elif spec.binarize is None and spec.aggregate is None:
        # Of several classes TFMA pools all of them where it is told nothing; here that is "_micro".
        own = snake_case(each.metric.class_name)
        pooled = classes is not None and classes > 2 and own not in _OF_MOST_PROBABLE
        yield "_micro" if pooled and base_of(each) in {*COUNT_METRICS, *RANK_METRICS} else ""
    if spec.binarize is not None:
        yield from (f"_class_{number}" for number in spec.binarize.class_ids or ())
        yield from (f"_top_{number}" for number in spec.binarize.top_k_list or ())
    if spec.aggregate is not None:
        for average in ("micro", "macro", "weighted_macro"):
            if getattr(spec.aggregate, f"{average}_average"):
                yield f"_{average.removesuffix('_macro')}"


def base_of(each: Configured) -> str:
    """The metric by this package's name; the AUC is that of the ranks, which is exact."""
    own = snake_case(each.metric.class_name)
    return "auc" if own == "auc" else SAME.get(own, own)
