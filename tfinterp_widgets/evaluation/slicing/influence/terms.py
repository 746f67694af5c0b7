"""What rows add to the numerators and denominators of metrics that are ratios of sums."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tfinterp_widgets.evaluation.slicing.answers.columns import Floats
from tfinterp_widgets.evaluation.slicing.metrics.asked import Asked
from tfinterp_widgets.evaluation.slicing.metrics.definitions import SUM_METRICS
from tfinterp_widgets.evaluation.slicing.metrics.measure import Meter
from tfinterp_widgets.evaluation.slicing.metrics.ratios import Counts, Ratio
from tfinterp_widgets.evaluation.slicing.problem import Subject


def terms_of_sums(asked: Asked, subject: Subject, meter: Meter) -> tuple[Floats, Floats | None]:
    """Terms of a metric of sums, weights included; None for 1.

    Of R² the denominator is that of a mean: the numerator's is the labels' variation.

    Returns
    -------
    above, below : ndarray of float64, shape (n,)
    """
    problem = meter.problem
    labels, predictions = problem.values(subject, slice(None))
    terms = SUM_METRICS[asked.base].terms(labels, predictions)
    repeats = labels.size // len(problem)
    above, *others = (_over_repeats(each, repeats) for each in terms)
    below = others[0] if others else None
    weights = problem.weights
    if below is None and repeats > 1:
        below = np.full(len(problem), float(repeats))
    if weights is None:
        return above, below
    return above * weights, weights if below is None else below * weights


def terms_of_kinds(
    proportion: Callable[[Counts], Ratio], asked: Asked, subject: Subject, meter: Meter
) -> tuple[Floats, Floats, Floats]:
    """Terms of a proportion of decisions, weights included, and the squares of the second.

    Returns
    -------
    above, below, squares : ndarray of float64, shape (n,)
        Summed over what is decided of each row.
    """
    kinds, repeats = meter.kinds(asked, subject)
    of_kind = proportion(Counts.of_kinds())
    weights = meter.problem.weights
    heavy = 1.0 if weights is None else np.repeat(weights, repeats)
    above, below = (each[kinds] * heavy for each in (of_kind.numerator, of_kind.denominator))
    squares = np.square(below)
    return (
        _over_repeats(above, repeats),
        _over_repeats(below, repeats),
        _over_repeats(squares, repeats),
    )


def _over_repeats(values: Floats, repeats: int) -> Floats:
    if repeats == 1:
        return values.astype(np.float64, copy=False)
    total: Floats = values.reshape(-1, repeats).sum(axis=1, dtype=np.float64)
    return total
