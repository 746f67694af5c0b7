"""Metrics that users bring, slice by slice."""

from __future__ import annotations

import numpy as np

from tfinterp_widgets.evaluation.metrics.adapters import Adapted
from tfinterp_widgets.evaluation.metrics.scores import Labels
from tfinterp_widgets.evaluation.slicing.answers.columns import Floats
from tfinterp_widgets.evaluation.slicing.features.features import Codes
from tfinterp_widgets.evaluation.slicing.problem import Problem

ONE_CLASS = "one class only"


def own_values(
    own: Adapted, problem: Problem, codes: Codes, slices: int
) -> tuple[Floats, dict[int, str]]:
    """Ask a user's metric about the rows of each slice.

    Returns
    -------
    values : ndarray of float64, shape (slices,)
        NaN where it is undefined.
    undefined : dict of int to str
        Why it is, by slice.

    Raises
    ------
    RuntimeError
        If it fails on a slice that holds every class.
    """
    order = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes[order], np.arange(slices + 1))
    values, undefined = np.full(slices, np.nan), {}
    for at in range(slices):
        rows = problem.take(order[ends[at] : ends[at + 1]])
        if len(rows) == 0 or (rows.weights is not None and not rows.weights.any()):
            undefined[at] = "no weight"
            continue
        values[at], reason = _value(own, rows, problem)
        if np.isnan(values[at]):
            undefined[at] = reason
    return values, undefined


def _wide(labels: Labels) -> Labels:
    """Class ids, which are kept in few bytes, such that arithmetic with them does not overflow."""
    return labels.astype(np.int64) if labels.dtype.kind == "i" else labels


def _value(own: Adapted, rows: Problem, problem: Problem) -> tuple[float, str]:
    try:
        value = own.function(_wide(rows.labels), rows.predictions, rows.weights)
    except Exception as error:
        if np.unique(rows.labels).size < len(problem.class_ids):
            return float("nan"), ONE_CLASS if problem.task == "binary" else "a class has no rows"
        raise RuntimeError(
            f"metric {own.name!r} failed on a slice of {len(rows)} rows: "
            f"{type(error).__name__}: {error}"
        ) from error
    return value, f"{own.name} returned NaN"
