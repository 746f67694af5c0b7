"""Metrics that are made of proportions: how rows move them, and Wilson's intervals of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tfinterp_widgets.evaluation.slicing.answers.columns import Floats
from tfinterp_widgets.evaluation.slicing.features.features import Codes
from tfinterp_widgets.evaluation.slicing.influence.parts import Part, by_row, ratio_part, summed
from tfinterp_widgets.evaluation.slicing.influence.terms import terms_of_kinds
from tfinterp_widgets.evaluation.slicing.metrics.asked import Asked
from tfinterp_widgets.evaluation.slicing.metrics.definitions import COUNT_METRICS
from tfinterp_widgets.evaluation.slicing.metrics.measure import Meter
from tfinterp_widgets.evaluation.slicing.metrics.ratios import CountMetric, Counts, Ratio
from tfinterp_widgets.evaluation.slicing.problem import Subject
from tfinterp_widgets.evaluation.uncertainty.effective import effective_rows, effective_trials
from tfinterp_widgets.evaluation.uncertainty.mover import Estimate, mean_of
from tfinterp_widgets.evaluation.uncertainty.wilson import wilson


@dataclass(frozen=True, eq=False)
class Shares:
    """The proportions that a metric of one subject is made of, slice by slice.

    Attributes
    ----------
    metric : CountMetric
    parts : list of Part
        The proportions, and how rows move them.
    trials : list of ndarray of float64, shape (slices,)
        On how many independent trials each rests.
    codes : ndarray of int, shape (n,)
        The slice of each row.
    """

    metric: CountMetric
    parts: list[Part]
    trials: list[Floats]
    codes: Codes

    @property
    def ends(self) -> Estimate:
        """The metric with its interval, made as by `estimate_of_counts`."""
        both = zip(self.parts, self.trials, strict=True)
        return put_together(self.metric, [Ratio(part.value * each, each) for part, each in both])

    @property
    def part(self) -> Part:
        """The metric, and how rows move it."""
        curve, count = self.metric.curve, len(self.parts)
        value = np.mean([curve.of(part.value) for part in self.parts], axis=0)
        influence = np.zeros(self.codes.size)
        for part in self.parts:
            slope = np.where(np.isnan(value), 0, curve.slope(part.value) / count)
            influence += np.nan_to_num(by_row(slope, self.codes)) * part.influence
        return Part(value, influence)


def shares_of(asked: Asked, subject: Subject, meter: Meter, codes: Codes, slices: int) -> Shares:
    """The proportions of a metric of rows that may have weights, and may count several times."""
    metric = COUNT_METRICS[asked.base]
    parts, trials = [], []
    for proportion in metric.proportions:
        above, below, squares = terms_of_kinds(proportion, asked, subject, meter)
        part = ratio_part(above, below, codes, slices)
        rows = effective_rows(*(summed(each, codes, slices) for each in (below, squares)))
        variance = summed(np.square(part.influence), codes, slices)
        parts.append(part)
        trials.append(effective_trials(part.value, variance, rows))
    return Shares(metric, parts, trials, codes)


def estimate_of_counts(metric: CountMetric, counts: Counts) -> Estimate:
    """A metric of rows without weights, of each of which one thing is decided.

    A share of rows has Wilson's interval. F1 is 2J/(1 + J) of the share J of hits among the rows
    that are positive, or predicted so (Jaccard): its interval is Wilson's of J, bent likewise.
    Balanced accuracy is the mean of two shares of different rows, recall and specificity, whose
    intervals are put together by `mean_of`. All hold for the fewest of rows, where a bootstrap,
    which draws no miss that it has not seen, does not.
    """
    return put_together(metric, [proportion(counts) for proportion in metric.proportions])


def put_together(metric: CountMetric, shares: Sequence[Ratio]) -> Estimate:
    """A metric from its proportions, as hits of trials."""
    ends = [(each.value, *wilson(each.numerator, each.denominator)) for each in shares]
    return mean_of([Estimate(*map(metric.curve.of, each)) for each in ends])
