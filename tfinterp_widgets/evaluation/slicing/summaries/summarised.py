"""Summaries of metrics of slices, and of all rows outside each of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tfinterp_widgets.evaluation.slicing.answers.columns import Floats
from tfinterp_widgets.evaluation.slicing.features.features import Codes
from tfinterp_widgets.evaluation.slicing.influence.terms import terms_of_kinds, terms_of_sums
from tfinterp_widgets.evaluation.slicing.metrics.asked import Asked
from tfinterp_widgets.evaluation.slicing.metrics.definitions import COUNT_METRICS
from tfinterp_widgets.evaluation.slicing.metrics.measure import Meter
from tfinterp_widgets.evaluation.slicing.summaries.auc import AucPass, WholeRanks
from tfinterp_widgets.evaluation.slicing.summaries.ratio import RatioSums
from tfinterp_widgets.evaluation.slicing.summaries.shares import CountSummary, ShareSummary
from tfinterp_widgets.evaluation.slicing.summaries.summary import Summary
from tfinterp_widgets.evaluation.slicing.summaries.sums import SumSummary


class Both(NamedTuple):
    """Of the rows of each slice, and of all others."""

    inside: Summary
    outside: Summary


def has_summary(asked: Asked) -> bool:
    """Whether sums over rows tell a metric, its interval, and those of all other rows."""
    return asked.is_of_rows and (
        asked.info.family == "counts"
        or (asked.info.family == "sums" and asked.base != "r2")
        or asked.base in ("auc", "auc_tfma")
    )


def summary_of(asked: Asked, meter: Meter, codes: Codes, slices: int) -> Summary:
    """Summarise the slices of a partition.

    Parameters
    ----------
    asked : Asked
        One that has a summary.
    meter : Meter
    codes : ndarray of int, shape (n,)
        The slice of each row; `slices` for rows of none.
    slices : int
    """
    if asked.info.family == "ranks":
        return _auc_pass(asked, meter, codes, slices).inside
    return _additive(asked, meter, codes, slices)


def summaries_of(asked: Asked, meter: Meter, codes: Codes, slices: int) -> Both:
    """Summarise the slices of a partition, and for each of them all other rows."""
    if asked.info.family == "ranks":
        ranks = _auc_pass(asked, meter, codes, slices)
        return Both(ranks.inside, ranks.outside(_whole_ranks(asked, meter)))
    summary = _additive(asked, meter, codes, slices)
    return Both(summary, summary.rest)


def _additive(
    asked: Asked, meter: Meter, codes: Codes, slices: int
) -> CountSummary | ShareSummary | SumSummary:
    (subject,), problem = asked.subjects, meter.problem
    if asked.info.family == "sums":
        above, below = terms_of_sums(asked, subject, meter)
        weights = np.ones(len(problem)) if problem.weights is None else problem.weights
        sums = np.stack([_totals(each, codes, slices) for each in (weights, np.square(weights))])
        return SumSummary(asked, RatioSums.of(above, below, codes, slices), sums)
    metric = COUNT_METRICS[asked.base]
    if problem.weights is None:
        counts = meter.counts(asked, subject, codes, slices + 1)
        return CountSummary(metric, np.stack(counts))
    terms = (terms_of_kinds(each, asked, subject, meter) for each in metric.proportions)
    parts = (RatioSums.of(above, below, codes, slices) for above, below, _ in terms)
    return ShareSummary(metric, tuple(parts))


def _totals(values: Floats, codes: Codes, slices: int) -> Floats:
    return np.bincount(codes, values, slices + 1).astype(np.float64, copy=False)


def _auc_pass(asked: Asked, meter: Meter, codes: Codes, slices: int) -> AucPass:
    ranking = meter.ranking(asked.subjects[0])
    return AucPass(ranking, codes, slices, tfma=asked.base == "auc_tfma")


def _whole_ranks(asked: Asked, meter: Meter) -> WholeRanks:
    subject, tfma = asked.subjects[0], asked.base == "auc_tfma"
    return meter.once(
        ("whole ranks", subject, tfma), lambda: WholeRanks.of(meter.ranking(subject), tfma=tfma)
    )
