"""Summaries of metrics that are ratios of two sums over rows: means, and calibration."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tfinterp_widgets.evaluation.slicing.answers.columns import Floats
from tfinterp_widgets.evaluation.slicing.intervals.links import intervals_from
from tfinterp_widgets.evaluation.slicing.metrics.asked import Asked
from tfinterp_widgets.evaluation.slicing.summaries.ratio import RatioSums
from tfinterp_widgets.evaluation.slicing.summaries.summary import of_others
from tfinterp_widgets.evaluation.uncertainty.effective import effective_rows
from tfinterp_widgets.evaluation.uncertainty.intervals import Intervals
from tfinterp_widgets.evaluation.uncertainty.linearised import Spread


@dataclass(frozen=True, eq=False)
class SumSummary:
    """A ratio, or the root of one.

    Attributes
    ----------
    asked : Asked
    ratio : RatioSums
    weights : ndarray of float64, shape (2, slices + 1)
        Sums of the rows' weights, and of their squares; at last those of rows of no slice.
    """

    asked: Asked
    ratio: RatioSums
    weights: Floats

    @property
    def value(self) -> Floats:
        """The metric of each slice."""
        value = self.ratio.value
        return np.sqrt(np.maximum(value, 0)) if self.asked.base == "rmse" else value

    @property
    def intervals(self) -> Intervals:
        """Made as `intervals_from` says."""
        rows = effective_rows(*self.weights[:, :-1])
        spread = Spread.of(self.ratio.variance, self.ratio.cubes, rows)
        return intervals_from(self.asked, self.value, spread)

    @property
    def rest(self) -> SumSummary:
        """Of all other rows."""
        return replace(self, ratio=self.ratio.rest, weights=of_others(self.weights))
