"""The interval of an importance: a percentile bootstrap over rows, reshuffled in each draw.

The spread over repeats tells how much the shuffling matters, not how much the rows at hand do: an
interval made of it holds the true importance far too seldom. So each draw takes rows with
replacement (Efron 1979), shuffles the feature among them, and predicts afresh.

Above `LARGEST_DRAW` rows a draw takes only so many, m of n (Bickel, Götze & van Zwet 1997,
"Resampling fewer than n observations"): deviations from the estimate, of order 1/sqrt(m), are
scaled by sqrt(m/n). ``benchmarks/importance_coverage.py`` measures how often the interval covers.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.importance.experiment import LARGEST_DRAW, Experiment
from tfinterp_widgets.evaluation.metrics.metrics import MetricDefinition

DRAWS = 200
"""Enough for percentiles: 5 draws lie beyond either end of the interval."""

BLOCK = 10
"""Draws between two reports of progress; they share chunks."""

PERCENTILES = (2.5, 97.5)


class Bootstrap:
    """The draws of one experiment under one metric; interrupted, it goes on where it was.

    Parameters
    ----------
    experiment : Experiment
    metric : MetricDefinition
    """

    def __init__(self, experiment: Experiment, metric: MetricDefinition) -> None:
        self._experiment = experiment
        self._metric = metric
        self._blocks: dict[int, NDArray[np.float64]] = {}

    @property
    def is_complete(self) -> bool:
        """Whether all draws are there."""
        return len(self._blocks) * BLOCK == DRAWS

    @property
    def drops(self) -> NDArray[np.float64]:
        """The drops of the draws that are there, (features, draws); NaN where undefined."""
        none = np.empty((len(self._experiment.features), 0))
        return np.concatenate([none, *self._blocks.values()], axis=1)

    def run(self) -> Iterator[float]:
        """Draw what is missing, block by block; yields the share that is there, up to 1."""
        for begin in range(len(self._blocks) * BLOCK, DRAWS, BLOCK):
            rounds = [self._experiment.draw(number) for number in range(begin, begin + BLOCK)]
            self._blocks[begin], _ = self._experiment.drops(rounds, self._metric)
            yield (begin + BLOCK) / DRAWS

    def interval(self, estimate: NDArray[np.float64]) -> NDArray[np.float64]:
        """The 95 % interval of each feature's importance, running what is missing.

        Parameters
        ----------
        estimate : ndarray of float64, shape (features,)
            The importances, around which deviations are scaled.

        Returns
        -------
        ndarray of float64, shape (features, 2)
            Draws for which the metric is undefined (one class only, for the AUC) are left out; NaN
            where that leaves less than half of them.
        """
        for _ in self.run():
            pass
        drops = self.drops
        defined = drops[:, ~np.isnan(drops).any(axis=0)]
        if 2 * defined.shape[1] < DRAWS:
            return np.full((len(drops), 2), np.nan)
        ends: NDArray[np.float64] = np.percentile(defined, PERCENTILES, axis=1).T
        rows = self._experiment.rows
        if rows <= LARGEST_DRAW:
            return ends
        around = estimate[:, np.newaxis]
        scaled: NDArray[np.float64] = around + (ends - around) * np.sqrt(LARGEST_DRAW / rows)
        return scaled
