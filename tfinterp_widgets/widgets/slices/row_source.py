"""Rows with what models say of them, as the slice explorer asks about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.metrics.tasks import Task
from tfinterp_widgets.evaluation.rows.raw_columns import RawColumn
from tfinterp_widgets.evaluation.slices import refine_slices
from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.features.features import Features
from tfinterp_widgets.evaluation.slicing.inputs import problem_of
from tfinterp_widgets.evaluation.slicing.metrics.asked import metrics_asked
from tfinterp_widgets.evaluation.slicing.metrics.names import name_of
from tfinterp_widgets.evaluation.slicing.problem import Problem
from tfinterp_widgets.widgets.slices.checks import Combinations
from tfinterp_widgets.widgets.slices.predicting import Predicting
from tfinterp_widgets.widgets.slices.sources import Allows, FeatureInfo, Tables, Wanted, of_class

METRICS: dict[Task, tuple[str, ...]] = {
    "binary": (
        "accuracy",
        "auc",
        "precision",
        "recall",
        "f1",
        "fpr",
        "fnr",
        "balanced_accuracy",
        "pr_auc",
        "calibration",
    ),
    "multiclass": ("accuracy", "balanced_accuracy", "auc", "precision", "recall", "f1", "fpr"),
    "regression": ("mae", "rmse", "r2", "mean_label", "mean_prediction"),
}
"""Metrics that are offered where none are asked for; the first is on view."""


@dataclass(frozen=True)
class Options:
    """What `slice_metrics` is told beside the rows."""

    weights: Any = None
    metrics: Any = None
    interval: str | None = "auto"
    bins: Any = None
    class_names: Sequence[str] | None = None
    greater_is_better: Any = None
    seed: int | None = 0


class RowSource:
    """Rows with labels, predictions of one or two models, and features.

    Parameters
    ----------
    labels : array-like of n
    predictions : dict of str to array-like, or to Predicting
        Of one model or two; what is still to be predicted is, once, on the worker's thread.
    features : DataFrame or dict of columns
    options : Options

    Raises
    ------
    TypeError, ValueError
        If lengths differ, or something is not what it should be.
    """

    def __init__(
        self,
        labels: Any,
        predictions: Mapping[str, Any],
        features: Any,
        options: Options,
        title: str = "",
    ) -> None:
        self.title = title
        self.rows = len(labels)
        self.names = tuple(predictions)
        self.allows = Allows(True, True, True, True, True)
        self._labels, self._given, self._options = labels, features, options
        self._features = Features(features, self.rows, options.bins)
        self.slices: Combinations = tuple((name,) for name in self._features)
        self._predictions = dict(predictions)
        self._problem: Problem | None = None  # of the last model; None while it has not predicted
        for name, given in predictions.items():
            if not isinstance(given, Predicting):
                self._learn(name, given)

    @property
    def features(self) -> list[FeatureInfo]:
        """What one can slice by."""
        return [
            FeatureInfo(one.name, one.kind, len(np.unique(one.codes)))
            for one in self._features.values()
        ]

    @property
    def threshold(self) -> float | str | None:
        """None while a model has not yet said what it is for."""
        if self._problem is None:
            return None
        return "argmax" if self._problem.task == "multiclass" else 0.5

    @property
    def class_names(self) -> tuple[str, ...] | None:
        """None while a model has not yet said how many there are, and nobody has named them."""
        if self._problem is not None:
            return self._problem.class_names
        names = self._options.class_names
        return None if names is None else tuple(map(str, names))

    @property
    def metrics(self) -> tuple[str, ...]:
        """Those asked for, or those that fit the task."""
        given = self._options.metrics
        if given is None:
            return () if self._problem is None else METRICS[self._problem.task]
        listed = [given] if isinstance(given, str) or callable(given) else given
        return tuple(each if isinstance(each, str) else each.__name__ for each in listed)

    def check_metric(self, name: str) -> None:
        """Raise ValueError where a metric is unknown, or is not for such rows."""
        if name in self.metrics:
            return
        if self._problem is None:  # what the model is for is not known
            name_of(name)
        else:
            metrics_asked(name, self._problem)

    def columns(self, rows: NDArray[np.int64]) -> Sequence[RawColumn]:
        """What some rows are listed with: the features as they came."""
        return [
            RawColumn(name, column.iloc[rows].infer_objects())
            for name, column in self._features.columns.items()
        ]

    def prepare(self) -> Iterator[float]:
        """Ask the models that have not yet been asked, and learn what they are for.

        Who cancels keeps what has been predicted so far.
        """
        for name, given in self._predictions.items():
            if isinstance(given, Predicting):
                yield from given.go_on()
                self._learn(name, given.result)

    def measure(self, wanted: Wanted) -> Tables:
        """Measure what two models, or one, say."""
        return {name: self._measure(name, wanted) for name in self.names}

    def _measure(self, name: str, wanted: Wanted) -> SliceTable:
        options, names = self._options, wanted.metrics or self.metrics
        tables = refine_slices(
            self._labels,
            self._predictions[name],
            self._given,
            slices=[(), *wanted.slices, *wanted.further],
            metrics=self._with_own(names, wanted.class_id),
            threshold=wanted.threshold,
            weights=options.weights,
            interval=options.interval,
            seed=options.seed,
            bins=options.bins,
            class_names=options.class_names,
            greater_is_better=options.greater_is_better,
        )
        return next(tables)  # with closed intervals; others are drawn when they are on view

    def _with_own(self, names: Sequence[str], class_id: int | None) -> list[Any]:
        """Put functions in the place of their names, and one class in that of all."""
        given = self._options.metrics
        listed = given if isinstance(given, list | tuple) else [given]
        own = {each.__name__: each for each in listed if callable(each)}
        return [own.get(name, of_class(name, class_id)) for name in names]

    def _learn(self, name: str, predictions: Any) -> None:
        options = self._options
        self._problem = problem_of(self._labels, predictions, options.weights, options.class_names)
        self._predictions[name] = predictions
