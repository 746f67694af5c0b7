"""Rows with what models say of them, as the slice explorer asks about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.rows.raw_columns import RawColumn
from tfinterp_widgets.evaluation.slices import refine_slices
from tfinterp_widgets.evaluation.slicing.features.features import Features
from tfinterp_widgets.evaluation.slicing.features.partition import Partition
from tfinterp_widgets.evaluation.slicing.features.specs import Spec, partition_of, specs_of
from tfinterp_widgets.evaluation.slicing.metrics.asked import metrics_asked, threshold_of
from tfinterp_widgets.evaluation.slicing.metrics.names import name_of
from tfinterp_widgets.evaluation.slicing.problem import Problem
from tfinterp_widgets.evaluation.slicing.sliced import Sliced
from tfinterp_widgets.widgets.slices.checks import Combinations
from tfinterp_widgets.widgets.slices.joining import measured
from tfinterp_widgets.widgets.slices.options import METRICS, Options
from tfinterp_widgets.widgets.slices.predicting import Predicting
from tfinterp_widgets.widgets.slices.sources import Allows, FeatureInfo, Tables, Wanted, of_class


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
        self._labels, self._options = labels, options
        self._features = Features(features, self.rows, options.bins)
        self._partitions: dict[Spec, Partition] = {}
        self.slices: Combinations = tuple((name,) for name in self._features)
        self._predicting = {
            name: given for name, given in predictions.items() if isinstance(given, Predicting)
        }
        self._read: dict[str, Sliced] = {}  # the rows, of models that have predicted
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
        for name, given in self._predicting.items():
            if name not in self._read:
                yield from given.go_on()
                self._learn(name, given.result)

    def measure(self, wanted: Wanted) -> Iterator[float | Tables]:
        """Measure what one model, or two, say."""
        tables = {}
        for number, name in enumerate(self.names):
            for item in measured(self._sliced(self._read[name], wanted)):
                if isinstance(item, float):
                    yield (number + item) / len(self.names)
                else:
                    tables[name] = item
        yield tables

    def _sliced(self, read: Sliced, wanted: Wanted) -> Sliced:
        metrics = self._with_own(wanted.metrics, wanted.class_id)
        asked = metrics_asked(metrics, read.problem, self._options.greater_is_better)
        specs = specs_of([(), *wanted.slices, *wanted.further], self._features)
        return replace(
            read,
            partitions=tuple(map(self._partition, specs)),
            asked={each.info.name: each for each in asked},
            threshold=threshold_of(wanted.threshold),
            _known_curves={},
        )

    def _partition(self, spec: Spec) -> Partition:
        if spec not in self._partitions:
            self._partitions[spec] = partition_of(spec, self._features, self.rows, 0)
        return self._partitions[spec]

    def _with_own(self, names: Sequence[str], class_id: int | None) -> list[Any]:
        """Put functions in the place of their names, and one class in that of all."""
        given = self._options.metrics
        listed = given if isinstance(given, list | tuple) else [given]
        own = {each.__name__: each for each in listed if callable(each)}
        return [own.get(name, of_class(name, class_id)) for name in names]

    def _learn(self, name: str, predictions: Any) -> None:
        options = self._options
        tables = refine_slices(
            self._labels,
            predictions,
            slices=[()],
            metrics="count",
            weights=options.weights,
            interval=options.interval,
            seed=options.seed,
            class_names=options.class_names,
        )
        read = next(tables).data
        assert read is not None  # it is made of rows
        self._read[name] = replace(read, features=self._features)

    @property
    def _problem(self) -> Problem | None:
        """That of the last model; None while it has not predicted."""
        read = self._read.get(self.names[-1])
        return None if read is None else read.problem
