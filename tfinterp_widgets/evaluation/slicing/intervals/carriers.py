"""How many rows carry a metric of a slice."""

from __future__ import annotations

import numpy as np

from tfinterp_widgets.evaluation.slicing.answers.columns import Floats
from tfinterp_widgets.evaluation.slicing.features.features import Codes
from tfinterp_widgets.evaluation.slicing.metrics.asked import Asked
from tfinterp_widgets.evaluation.slicing.metrics.grouped import grouped_kinds, grouped_weights
from tfinterp_widgets.evaluation.slicing.metrics.measure import Meter
from tfinterp_widgets.evaluation.slicing.problem import View
from tfinterp_widgets.evaluation.uncertainty.effective import effective_rows


def carriers(asked: Asked, meter: Meter, codes: Codes, slices: int) -> Floats:
    """How many rows carry a metric, (slices,): of areas those of the rarer class.

    Of all others it is the effective number of rows, which is that of all where they count alike.
    """
    problem = meter.problem
    if asked.info.family == "ranks":
        views = [problem.view(subject) for subject in asked.subjects]
        rarest: Floats = np.min([_rarer(view, codes, slices) for view in views], axis=0)
        return rarest
    weights = problem.weights
    if weights is None:
        return grouped_weights(codes, slices, None)
    squares = grouped_weights(codes, slices, np.square(weights))
    return effective_rows(grouped_weights(codes, slices, weights), squares)


def _rarer(view: View, codes: Codes, slices: int) -> Floats:
    """Rows of the rarer of the classes that a slice has, (slices,)."""
    kinds = view.positive.astype(np.int8)
    both = grouped_kinds(codes, slices, kinds, 2, None, view.repeats)
    rarer: Floats = np.where(both.min(axis=1) > 0, both.min(axis=1), both.max(axis=1))
    return rarer
