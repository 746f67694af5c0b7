"""What TFMA writes where a metric is not defined, told from what is."""

from __future__ import annotations

import math
from collections.abc import Mapping

from tfinterp_widgets.evaluation.slicing.metrics.definitions import COUNT_METRICS, SUM_METRICS

_OF_POSITIVES = ("recall", "fnr"), ("true_positives", "false_negatives")
_OF_NEGATIVES = ("fpr", "specificity"), ("false_positives", "true_negatives")
"""Rates over the positives, or negatives, and the counts that add up to all of them."""


def why_undefined(
    base: str, value: float, others: Mapping[str, float], rows: float = math.nan
) -> str | None:
    """Say why a metric has no value; None where it has one.

    TFMA writes NaN for a ratio whose denominator is 0. For areas under curves it writes 0.0 where a
    class is missing, which is also the area of scores that are all the wrong way round: the other
    metrics of the slice may tell the two apart.

    Parameters
    ----------
    base : str
        This package's name of the metric.
    value : float
    others : mapping of str to float
        The metrics of the same slice, model, output and class, by this package's names.
    rows : float, optional
        How many rows the slice has; NaN where that is not known.
    """
    if math.isnan(value):
        return _reason_of_nan(base)
    if base not in ("auc_tfma", "pr_auc_tfma") or value != 0:
        return None
    positives, negatives = _class_is_there(others)
    if base == "pr_auc_tfma":
        return None if positives else "no positives"
    if positives and negatives:
        return None
    if rows == 1:
        return "one class only"
    if positives is None or negatives is None:
        return "one class only, or all scores the wrong way round: TFMA writes 0 for both"
    return "one class only"


def _reason_of_nan(base: str) -> str:
    if base in COUNT_METRICS:
        return COUNT_METRICS[base].undefined
    known = SUM_METRICS[base].undefined if base in SUM_METRICS else ""
    return known or "TensorFlow Model Analysis says NaN"


def _class_is_there(others: Mapping[str, float]) -> tuple[bool | None, bool | None]:
    """Whether there are positives, and negatives; None where no other metric tells."""
    for name in ("mean_label", "prevalence"):
        if name in others and not math.isnan(others[name]):
            return others[name] > 0, others[name] < 1
    return _tells(*_OF_POSITIVES, others), _tells(*_OF_NEGATIVES, others)


def _tells(
    rates: tuple[str, ...], counts: tuple[str, ...], others: Mapping[str, float]
) -> bool | None:
    for name in rates:
        if name in others:
            return not math.isnan(others[name])
    known = [others[name] for name in counts if name in others]
    if any(count > 0 for count in known):
        return True
    return False if len(known) == len(counts) else None
