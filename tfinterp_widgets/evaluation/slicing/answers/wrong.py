"""How wrong predictions are, row by row."""

from __future__ import annotations

import numpy as np

from tfinterp_widgets.evaluation.slicing.answers.columns import Floats, Indices
from tfinterp_widgets.evaluation.slicing.problem import Bools, Problem, Subject, Threshold


def wrong_first(problem: Problem, threshold: Threshold) -> Indices:
    """Order rows: those decided wrongly first, and of either kind those furthest off leading.

    Returns
    -------
    ndarray of int64, shape (n,)
        Positions; of numbers, none of which is decided, by the absolute error alone.
    """
    far = _distance(problem)
    wrong = np.zeros(len(problem), dtype=bool)
    if problem.task != "regression":
        wrong = _wrong(problem, threshold)
    return np.lexsort((-far, ~wrong))


def _wrong(problem: Problem, threshold: Threshold) -> Bools:
    if problem.task == "multiclass":
        return ~problem.view(Subject("hit")).decisions(threshold)
    view = problem.view(Subject("positive"), threshold)
    wrong: Bools = view.decisions(threshold) != view.positive
    return wrong


def _distance(problem: Problem) -> Floats:
    """How far scores are from those of the true class, or predictions from the labels."""
    scores = problem.predictions.astype(np.float64)
    if problem.task != "multiclass":
        return np.abs(problem.labels - scores[:, 0])
    true = scores[np.arange(len(problem)), problem.labels.astype(np.int64)]
    return 1 - true
