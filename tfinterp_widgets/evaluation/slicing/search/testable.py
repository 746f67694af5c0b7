"""Which metrics slices can be tested for, and by what evidence."""

from __future__ import annotations

import numpy as np

from tfinterp_widgets.evaluation.slicing.metrics.asked import Asked
from tfinterp_widgets.evaluation.slicing.metrics.definitions import COUNT_METRICS, SUM_METRICS
from tfinterp_widgets.evaluation.slicing.metrics.ratios import Counts, Ratio
from tfinterp_widgets.evaluation.slicing.problem import Bools, Problem, Threshold, blocks
from tfinterp_widgets.evaluation.slicing.search.evidence import (
    Evidence,
    OfAuc,
    OfBalancedAccuracy,
    OfRatios,
    OfShares,
)


def evidence_of(asked: Asked, problem: Problem, threshold: Threshold) -> Evidence:
    """The evidence that there can be for a metric.

    Raises
    ------
    ValueError
        If there is no test for the metric, or all rows are of one class.
    """
    if asked.is_of_rows:
        if asked.base in COUNT_METRICS:
            return _of_counts(asked, problem, threshold)
        if asked.base in SUM_METRICS and asked.info.greater_is_better is False:
            return _of_losses(asked, problem)
        if asked.base in ("auc", "auc_tfma"):
            view = problem.view(asked.subjects[0])
            _check_both(view.positive, asked)
            return OfAuc(view, problem.weights)
    raise ValueError(
        f"find has no test for {asked.info.name!r}; expected accuracy, balanced_accuracy, "
        "precision, recall, f1, fpr, fnr, specificity or auc, of two classes or with "
        "_class_<id or name>, or log_loss, brier, mse, rmse or mae."
    )


def _of_counts(asked: Asked, problem: Problem, threshold: Threshold) -> Evidence:
    view = problem.view(asked.subjects[0], threshold)
    above = view.decisions(threshold)
    greater = bool(asked.info.greater_is_better)
    if asked.base == "balanced_accuracy":
        _check_both(view.positive, asked)
        return OfBalancedAccuracy(view.positive, view.positive != above, problem.weights)
    kinds = np.select([view.positive & above, above, ~view.positive], [0, 1, 2], 3)
    # What a row of each kind adds to the ratio: all metrics but the one above are linear in counts.
    of_kind = COUNT_METRICS[asked.base].ratio(Counts(*np.eye(4)))
    if asked.info.is_share and problem.weights is None:
        shares = (of_kind.denominator > 0)[kinds], (of_kind.numerator > 0)[kinds]
        return OfShares(*shares, greater)
    heavy = np.ones(len(problem)) if problem.weights is None else problem.weights
    numerator, denominator = (part[kinds] * heavy for part in of_kind)
    return OfRatios(numerator, denominator, greater, lambda below, above: Ratio(above, below).value)


def _of_losses(asked: Asked, problem: Problem) -> Evidence:
    metric = SUM_METRICS[asked.base]
    parts = [
        metric.terms(*problem.values(asked.subjects[0], rows))[0] for rows in blocks(len(problem))
    ]
    heavy = np.ones(len(problem)) if problem.weights is None else problem.weights
    return OfRatios(np.concatenate(parts) * heavy, heavy, False, metric.combine)


def _check_both(positive: Bools, asked: Asked) -> None:
    if positive.all() or not positive.any():
        raise ValueError(
            f"find cannot test {asked.info.name!r}: all rows are of one class, so that it is "
            "undefined."
        )
