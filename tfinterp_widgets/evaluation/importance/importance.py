"""The importance of a model's columns: what shuffling each of them costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tfinterp_widgets.engine.parameters import whole_number
from tfinterp_widgets.evaluation.importance.bootstrap import Bootstrap
from tfinterp_widgets.evaluation.importance.experiment import Experiment
from tfinterp_widgets.evaluation.metrics.choosing import metric_for, metrics_for
from tfinterp_widgets.evaluation.metrics.metrics import MetricDefinition

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class ImportanceResult:
    """Permutation importance, as `permutation_importance` returns it.

    Attributes
    ----------
    importances : ndarray of float64, shape (features, repeats)
        How much worse the score got in each repeat, in units of the metric: the score minus that
        with the feature shuffled, or the loss with the feature shuffled minus the loss. Positive
        means that the model needs the feature, in both.
    baseline_score : float
        The metric with nothing shuffled.
    evaluations : int
        Rows newly predicted for this answer: for the baseline and for what was shuffled, without
        the interval. Features whose columns are constant cost none.
    progress : float
        Share of the repeats asked for that is there, in (0, 1].

    Examples
    --------
    >>> result = tw.permutation_importance(model, X, y, seed=0)  # doctest: +SKIP
    >>> result.to_frame().head(1)  # doctest: +SKIP
        feature      mean       std       low      high
    0  duration  0.083250  0.004107  0.061034  0.104872
    """

    importances: NDArray[np.float64]
    baseline_score: float
    evaluations: int
    progress: float
    _experiment: Experiment
    _metric: MetricDefinition
    _bootstrap: Bootstrap

    @property
    def final(self) -> bool:
        """Whether all repeats asked for are there."""
        return self.progress == 1

    @cached_property
    def mean(self) -> NDArray[np.float64]:
        """Mean over the repeats, (features,): the importances."""
        mean: NDArray[np.float64] = self.importances.mean(axis=1)
        return mean

    @cached_property
    def std(self) -> NDArray[np.float64]:
        """Standard deviation over the repeats (ddof 0), (features,): what shuffling adds."""
        std: NDArray[np.float64] = self.importances.std(axis=1)
        return std

    @cached_property
    def interval(self) -> NDArray[np.float64]:
        """95 % interval of the importances, (features, 2), by a bootstrap over rows.

        Computed when it is first looked at, or by `bootstrap`. It takes in that these rows are a
        sample, as `std` does not; NaN where the metric is undefined for most samples.
        """
        return self._bootstrap.interval(self.mean)

    @property
    def has_interval(self) -> bool:
        """Whether `interval` costs no further predictions."""
        return self._bootstrap.is_complete

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The features, in the order of their first columns; a group is "a + b"."""
        return tuple(feature.name for feature in self._experiment.features)

    @property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """The raw columns of each feature."""
        names = self._experiment.predictor.names
        return {
            feature.name: tuple(names[column] for column in feature.columns)
            for feature in self._experiment.features
        }

    @property
    def metric(self) -> str:
        """The metric's name; for "auto" the one that was picked."""
        return self._metric.name

    @property
    def metric_label(self) -> str:
        """What a chart calls the metric."""
        return self._metric.label

    @property
    def greater_is_better(self) -> bool:
        """True for a score, False for a loss."""
        return self._metric.greater_is_better

    @property
    def metrics(self) -> list[MetricDefinition]:
        """The named metrics that `rescored` takes here, the one that "auto" picks first."""
        return metrics_for(self._experiment.y, self._experiment.baseline)

    @property
    def is_current(self) -> bool:
        """Whether the model's weights are as they were; only then can anything be added.

        Those of models that TensorFlow cannot compile are not seen, and taken to be.
        """
        return self._experiment.is_current

    @property
    def rows(self) -> int:
        """Rows that were shuffled."""
        return self._experiment.rows

    @property
    def outputs(self) -> int:
        """How many outputs the model has."""
        return int(self._experiment.baseline.shape[1])

    @property
    def seed(self) -> int:
        """The seed that gives these numbers again."""
        return self._experiment.seed

    def extend(
        self, repeats: int, progress: Callable[[ImportanceResult], object] | None = None
    ) -> ImportanceResult:
        """Add repeats, computing only the new ones.

        Parameters
        ----------
        repeats : int
            How many more, at least 1.
        progress : callable, optional
            Called with the result so far after each; what it raises ends the run.

        Returns
        -------
        ImportanceResult
            A new one, equal to that of one longer run.

        Raises
        ------
        RuntimeError
            If the model's weights have changed in between.

        Examples
        --------
        >>> result.extend(repeats=20).importances.shape  # doctest: +SKIP
        (20, 30)
        """
        result = self
        for result in self.refine(repeats):
            if progress is not None:
                progress(result)
        return result

    def refine(self, repeats: int) -> Iterator[ImportanceResult]:
        """Add repeats as `extend` does, one by one; closing the iterator cancels the rest.

        Yields
        ------
        ImportanceResult
            After each repeat, with ``progress`` counted over the new ones.
        """
        return self._refine(whole_number("repeats", repeats, at_least=1))

    def _refine(self, repeats: int) -> Iterator[ImportanceResult]:
        there = self.importances.shape[1]
        importances, evaluations = self.importances, 0
        for number in range(1, repeats + 1):
            added = [self._experiment.repeat(there + number - 1)]
            drops, predicted = self._experiment.drops(added, self._metric)
            importances = np.concatenate([importances, drops], axis=1)
            evaluations += predicted
            yield replace(
                self,
                importances=importances,
                evaluations=evaluations,
                progress=number / repeats,
            )

    def rescored(self, metric: Any, greater_is_better: bool | None = None) -> ImportanceResult:
        """Score the same shuffled predictions by another metric.

        Parameters
        ----------
        metric, greater_is_better
            As for `permutation_importance`.

        Returns
        -------
        ImportanceResult
            With 0 evaluations where the predictions were kept (up to 64 MiB of them); else they
            are predicted again.
        """
        return scored(
            self._experiment,
            metric_for(metric, self._experiment.y, self._experiment.baseline, greater_is_better),
            repeats=self.importances.shape[1],
        )

    def bootstrap(self) -> Iterator[float]:
        """Compute the interval chunk by chunk; what was computed is kept if it ends early.

        Yields
        ------
        float
            The share that is done, up to 1; nothing where the interval is there already.
        """
        return self._bootstrap.run()

    def score_drops(self, feature: str | int) -> NDArray[np.float64]:
        """The drops of one feature: one of each repeat and, if there, of each bootstrap draw.

        Parameters
        ----------
        feature : str or int
            A name of `feature_names`, or a position in it.

        Raises
        ------
        ValueError
            If there is no such feature.
        """
        names = self.feature_names
        if isinstance(feature, bool) or feature not in (*names, *range(len(names))):
            raise ValueError(f"feature {feature!r} is not known; expected one of {list(names)}.")
        position = names.index(feature) if feature in names else int(feature)
        return np.concatenate([self.importances[position], self._bootstrap.drops[position]])

    def to_frame(self) -> pd.DataFrame:
        """One row a feature, the most important first: feature, mean, std, low, high.

        `low` and `high` are the ends of the interval, which is computed if it is not there.
        """
        low, high = self.interval.T
        frame = pd.DataFrame(
            {
                "feature": self.feature_names,
                "mean": self.mean,
                "std": self.std,
                "low": low,
                "high": high,
            }
        )
        return frame.sort_values("mean", ascending=False, kind="stable", ignore_index=True)

    def plot(self, top: int | None = 20) -> Figure:
        """Draw the importances: a bar a feature, every repeat a dot, the interval a line.

        Parameters
        ----------
        top : int or None
            How many features, the most important ones; None for all.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from tfinterp_widgets.pictures.charts import draw_importance

        if top is not None:
            top = whole_number("top", top, at_least=1)
        return draw_importance(
            self.feature_names,
            self.mean,
            self.importances,
            self.interval,
            metric_label=self.metric_label,
            greater_is_better=self.greater_is_better,
            baseline_score=self.baseline_score,
            top=top,
        )

    def __repr__(self) -> str:
        features, repeats = self.importances.shape
        return (
            f"<ImportanceResult: {self.metric} {self.baseline_score:.4g}, {features} features x "
            f"{repeats} repeats, {self.rows} rows>"
        )


def scored(experiment: Experiment, metric: MetricDefinition, repeats: int = 0) -> ImportanceResult:
    """Score an experiment's baseline, and as many repeats, by a metric.

    Raises
    ------
    ValueError
        If the metric of the baseline is NaN or infinite.
    """
    baseline_score = metric.function(experiment.y, experiment.baseline, experiment.weights)
    if not np.isfinite(baseline_score):
        raise ValueError(
            f"metric {metric.name!r} is {baseline_score} with nothing shuffled, so no change of it "
            "can be told. Some metrics are undefined where the rows that weigh more than 0 are of "
            "one class, or have one value; use another, or other rows."
        )
    start = ImportanceResult(
        importances=np.empty((len(experiment.features), 0)),
        baseline_score=baseline_score,
        evaluations=0,
        progress=1.0,
        _experiment=experiment,
        _metric=metric,
        _bootstrap=Bootstrap(experiment, metric),
    )
    return start.extend(repeats) if repeats else start
