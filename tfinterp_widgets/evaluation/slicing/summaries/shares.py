"""Summaries of metrics that are made of proportions, of one decision about each row."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tfinterp_widgets.evaluation.slicing.answers.columns import Floats
from tfinterp_widgets.evaluation.slicing.influence.shares import estimate_of_counts, put_together
from tfinterp_widgets.evaluation.slicing.metrics.ratios import CountMetric, Counts, Ratio
from tfinterp_widgets.evaluation.slicing.summaries.ratio import RatioSums
from tfinterp_widgets.evaluation.slicing.summaries.summary import of_others
from tfinterp_widgets.evaluation.uncertainty.effective import effective_rows, effective_trials
from tfinterp_widgets.evaluation.uncertainty.intervals import Intervals
from tfinterp_widgets.evaluation.uncertainty.mover import Estimate


@dataclass(frozen=True, eq=False)
class CountSummary:
    """Rows that count alike, and matter only by which of four kinds they are.

    Attributes
    ----------
    metric : CountMetric
    counts : ndarray of float64, shape (4, slices + 1)
        As `Counts`; at last those of rows of no slice.
    """

    metric: CountMetric
    counts: Floats

    @property
    def value(self) -> Floats:
        """The metric of each slice."""
        return self.metric.ratio(Counts(*self.counts[:, :-1])).value

    @property
    def intervals(self) -> Intervals:
        """Made as `estimate_of_counts` says."""
        found = estimate_of_counts(self.metric, Counts(*self.counts[:, :-1]))
        return Intervals(found.low, found.high)

    @property
    def rest(self) -> CountSummary:
        """Of all other rows."""
        return replace(self, counts=of_others(self.counts))


@dataclass(frozen=True, eq=False)
class ShareSummary:
    """The same of rows with weights: trials are effective ones.

    Attributes
    ----------
    metric : CountMetric
    parts : tuple of RatioSums
        Of its proportions.
    """

    metric: CountMetric
    parts: tuple[RatioSums, ...]

    @property
    def value(self) -> Floats:
        """The metric of each slice."""
        return self._estimate.value

    @property
    def intervals(self) -> Intervals:
        """Made as `estimate_of_counts` says."""
        found = self._estimate
        return Intervals(found.low, found.high)

    @property
    def rest(self) -> ShareSummary:
        """Of all other rows."""
        return replace(self, parts=tuple(part.rest for part in self.parts))

    @property
    def _estimate(self) -> Estimate:
        shares = []
        for part in self.parts:
            value = np.clip(part.value, 0, 1)  # which rounding leaves
            rows = effective_rows(part.below, part.below_squared)
            trials = effective_trials(value, part.variance, rows)
            shares.append(Ratio(value * trials, trials))
        return put_together(self.metric, shares)
