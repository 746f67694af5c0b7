"""The influence of each row on a metric of its slice, for all metrics that are known by name."""

from __future__ import annotations

import numpy as np

from tfinterp_widgets.evaluation.slicing.answers.columns import Floats
from tfinterp_widgets.evaluation.slicing.features.features import Codes
from tfinterp_widgets.evaluation.slicing.influence.average import Average
from tfinterp_widgets.evaluation.slicing.influence.parts import (
    Part,
    auc_part,
    average_precision_part,
    by_row,
    ratio_part,
)
from tfinterp_widgets.evaluation.slicing.influence.shares import shares_of
from tfinterp_widgets.evaluation.slicing.influence.terms import terms_of_sums
from tfinterp_widgets.evaluation.slicing.metrics.asked import Asked
from tfinterp_widgets.evaluation.slicing.metrics.measure import Meter
from tfinterp_widgets.evaluation.slicing.problem import Subject


def part_of(asked: Asked, meter: Meter, codes: Codes, slices: int) -> Part:
    """A metric of each slice of a partition, and how each row moves it.

    Of a root mean squared error it is that of the mean squared error, its square.
    """
    if len(asked.subjects) == 1:
        return _of_subject(asked, asked.subjects[0], meter, codes, slices)
    average = Average(asked, meter.problem, codes, slices)
    for number, subject in enumerate(asked.subjects):
        average.add(number, _of_subject(asked, subject, meter, codes, slices))
    return average.part


def _of_subject(asked: Asked, subject: Subject, meter: Meter, codes: Codes, slices: int) -> Part:
    if asked.info.family == "counts":
        return shares_of(asked, subject, meter, codes, slices).part
    if asked.info.family == "sums":
        return _of_sums(asked, subject, meter, codes, slices)
    ranking = meter.ranking(subject)
    if asked.base == "pr_auc":
        return average_precision_part(ranking, codes, slices)
    return auc_part(ranking, codes, slices, tfma=asked.base == "auc_tfma")


def _of_sums(asked: Asked, subject: Subject, meter: Meter, codes: Codes, slices: int) -> Part:
    above, below = terms_of_sums(asked, subject, meter)
    below = np.ones(above.size) if below is None else below
    if asked.base == "r2":
        labels, _ = meter.problem.values(subject, slice(None))
        part = ratio_part(above, _deviations(labels, below, codes, slices), codes, slices)
        return Part(1 - part.value, -part.influence)
    return ratio_part(above, below, codes, slices)


def _deviations(labels: Floats, weights: Floats, codes: Codes, slices: int) -> Floats:
    """Weighted squares of the deviations of labels from the mean of their slice.

    That the mean is one of the same rows does not matter: they vary least around it.
    """
    mean = ratio_part(labels * weights, weights, codes, slices).value
    return weights * np.square(np.nan_to_num(labels - by_row(mean, codes)))
