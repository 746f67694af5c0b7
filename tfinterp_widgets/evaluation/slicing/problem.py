"""Labels, predictions and weights of rows, and the two-class questions that can be asked of them.

A question about several classes is put as questions about two: one class against the rest, or all
of these pooled. Each is a `View`: which rows are positive, and what they score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.metrics.scores import Labels, Predictions, Weights
from tfinterp_widgets.evaluation.metrics.tasks import Task

Bools = NDArray[np.bool_]
Scores = NDArray[np.floating[Any]]
Threshold = float | Literal["argmax"]

BLOCK = 1 << 17
"""Rows that are taken at a time, so that what is made of them stays small."""


class Subject(NamedTuple):
    """What is scored against what.

    "positive": the positive class of two. "class": class `number` against the rest. "micro": all
    classes against the rest, pooled. "top": whether a class is among the `number` most probable,
    pooled. "hit": the most probable class, or one of the `number` most probable, against the true
    one. "all": the rows as they are.
    """

    kind: Literal["positive", "class", "micro", "top", "hit", "all"]
    number: int = 1


@dataclass(frozen=True, eq=False)
class View:
    """A question about two classes.

    Attributes
    ----------
    positive : ndarray of bool, shape (m,)
    scores : ndarray of float32 or float64, shape (m,)
    decided : ndarray of bool, shape (m,), or None
        What is decided whatever the threshold; None where scores above it are.
    repeats : int
        How often each row comes, one after the other: m = rows * repeats.
    """

    positive: Bools
    scores: Scores
    decided: Bools | None = None
    repeats: int = 1

    def decisions(self, threshold: Threshold) -> Bools:
        """What counts as positive: what is decided already, or score > threshold in float64."""
        if self.decided is not None:
            return self.decided
        assert threshold != "argmax", "the most probable class is decided when the view is made"
        above: Bools = self.scores > floor_to(np.float64(threshold), self.scores.dtype)
        return above


@dataclass(frozen=True, eq=False)
class Problem:
    """Rows, what they are and what a model says of them.

    Attributes
    ----------
    labels : ndarray of int64 or float64, shape (n,)
        Class ids, or numbers.
    predictions : ndarray of float32 or float64, shape (n, outputs)
        One column for two classes, that of the positive one, or for numbers; else one a class.
    weights : ndarray of float64, shape (n,), or None
    task : {"binary", "multiclass", "regression"}
    class_names : tuple of str
        Empty where there are no classes.
    other_class : ndarray, shape (n,), or None
        Of two classes, what was predicted for class 0 where it was given.
    """

    labels: Labels
    predictions: Predictions
    weights: Weights
    task: Task
    class_names: tuple[str, ...]
    other_class: Scores | None = None

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def class_ids(self) -> range:
        """The classes' numbers; none for regression."""
        return range(len(self.class_names))

    def view(self, subject: Subject, threshold: Threshold = 0.5) -> View:
        """Put a question about two classes; "argmax" decides for the most probable class only."""
        kind, number = subject
        if kind in ("positive", "class"):
            return self._against_rest(1 if kind == "positive" else number, threshold)
        if kind == "hit":
            hits = self._among_top(number)[np.arange(len(self)), self.labels.astype(np.int64)]
            return View(np.ones(len(self), bool), self.predictions[:, 0], hits)
        every = self.labels[:, np.newaxis] == np.array(self.class_ids)
        decided = None
        if kind == "top" or threshold == "argmax":
            decided = self._among_top(number if kind == "top" else 1).reshape(-1)
        classes = len(self.class_names)
        return View(every.reshape(-1), self._by_class().reshape(-1), decided, classes)

    def values(self, subject: Subject, rows: slice) -> tuple[NDArray[np.float64], Predictions]:
        """Labels (m,) and predictions (m, outputs) of some rows, as sums over rows take them."""
        labels, kind = self.labels[rows], subject.kind
        if kind == "all":
            return labels.astype(np.float64), self.predictions[rows]
        if kind == "micro":
            every = labels[:, np.newaxis] == np.array(self.class_ids)
            return every.reshape(-1).astype(np.float64), self._by_class(rows).reshape(-1, 1)
        number = 1 if kind == "positive" else subject.number
        scores = self._scores_of(number)[rows]
        return (labels == number).astype(np.float64), scores[:, np.newaxis]

    def take(self, rows: NDArray[np.int64]) -> Problem:
        """These rows, in this order."""
        weights, other = self.weights, self.other_class
        return replace(
            self,
            labels=self.labels[rows],
            predictions=self.predictions[rows],
            weights=None if weights is None else weights[rows],
            other_class=None if other is None else other[rows],
        )

    def _against_rest(self, number: int, threshold: Threshold) -> View:
        decided = None
        if threshold == "argmax":
            decided = np.argmax(self._by_class(), axis=1) == number
        return View(self.labels == number, self._scores_of(number), decided)

    def _scores_of(self, number: int) -> Scores:
        if self.task != "binary":
            return self.predictions[:, number]
        if number == 1:
            return self.predictions[:, 0]
        return 1 - self.predictions[:, 0] if self.other_class is None else self.other_class

    def _by_class(self, rows: slice = slice(None)) -> Scores:
        if self.task != "binary":
            return self.predictions[rows]
        return np.stack([self._scores_of(0)[rows], self._scores_of(1)[rows]], axis=1)

    def _among_top(self, count: int) -> Bools:
        """Whether each class of each row is among the `count` most probable; ties by id."""
        scores = self._by_class()
        order = np.argsort(-scores, axis=1, kind="stable")[:, :count]
        among = np.zeros(scores.shape, dtype=bool)
        np.put_along_axis(among, order, True, axis=1)
        return among


def floor_to(values: NDArray[np.float64] | np.float64, dtype: Any) -> NDArray[Any]:
    """The greatest numbers of a dtype that are not above `values`.

    NumPy compares float32 scores with a threshold in float32, for which .3 is .30000001: a score
    of float32(.3) would not be above .3, though it is. Rounded down, the comparison is that of
    float64, which is TensorFlow Model Analysis'.
    """
    rounded = np.asarray(values).astype(dtype)
    down = np.nextafter(rounded, np.array(-np.inf, dtype=dtype))
    return np.where(rounded.astype(np.float64) > values, down, rounded)


def blocks(rows: int) -> Sequence[slice]:
    """Cut rows into blocks."""
    return [slice(begin, min(begin + BLOCK, rows)) for begin in range(0, rows, BLOCK)]
