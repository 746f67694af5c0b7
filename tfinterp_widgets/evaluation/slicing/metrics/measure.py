"""The values of a metric for all slices of a partition at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.slicing.answers.columns import Floats
from tfinterp_widgets.evaluation.slicing.features.features import Codes
from tfinterp_widgets.evaluation.slicing.metrics.asked import Asked
from tfinterp_widgets.evaluation.slicing.metrics.definitions import SUM_METRICS
from tfinterp_widgets.evaluation.slicing.metrics.grouped import (
    grouped_kinds,
    grouped_sums,
    grouped_weights,
)
from tfinterp_widgets.evaluation.slicing.metrics.measured import (
    NO_CLASS,
    Measured,
    average_of,
    of_counts,
    reasons,
)
from tfinterp_widgets.evaluation.slicing.metrics.own import ONE_CLASS, own_values
from tfinterp_widgets.evaluation.slicing.metrics.ranks import Ranking
from tfinterp_widgets.evaluation.slicing.metrics.ratios import Counts, Ratio
from tfinterp_widgets.evaluation.slicing.problem import Problem, Subject, Threshold

Made = TypeVar("Made")


class Meter:
    """Measures slices of the same rows; what a metric needs of the rows alone is made once.

    Parameters
    ----------
    problem : Problem
    threshold : float or "argmax"
    """

    def __init__(self, problem: Problem, threshold: Threshold) -> None:
        self.problem = problem
        self.threshold = threshold
        self._made: dict[Hashable, Any] = {}

    def measure(self, asked: Asked, codes: Codes, slices: int) -> Measured:
        """A metric of each slice of a partition.

        Parameters
        ----------
        asked : Asked
        codes : ndarray of int, shape (n,)
            The slice of each row; `slices` for rows of none.
        slices : int
        """
        family = asked.info.family
        if asked.own is not None:
            return Measured(*own_values(asked.own, self.problem, codes, slices))
        if family == "size":
            weights = None if asked.base == "count" else self.problem.weights
            return Measured(grouped_weights(codes, slices, weights))
        weight = grouped_weights(codes, slices, self.problem.weights)
        if family == "counts":
            counts = [self.counts(asked, each, codes, slices) for each in asked.subjects]
            return of_counts(asked, counts, weight)
        if family == "sums":
            values = [self._sums(asked, each, codes, slices, weight) for each in asked.subjects]
            undefined = SUM_METRICS[asked.base].undefined
        else:
            values = [self._area(asked, each, codes, slices) for each in asked.subjects]
            undefined = "no positives" if asked.base == "pr_auc" else ONE_CLASS
        if asked.average is None:
            return Measured(values[0], reasons(values[0], undefined, weight))
        averaged = average_of(values, self._class_weights(asked, codes, slices))
        return Measured(averaged, reasons(averaged, NO_CLASS, weight))

    def counts(self, asked: Asked, subject: Subject, codes: Codes, slices: int) -> Counts:
        """Weights of true and false positives and negatives of each slice."""
        kinds, repeats = self.kinds(asked, subject)
        table = grouped_kinds(codes, slices, kinds, 4, self.problem.weights, repeats)
        tn, fp, fn, tp = table.T
        return Counts(tp, fp, tn, fn)

    def kinds(self, asked: Asked, subject: Subject) -> tuple[NDArray[np.int8], int]:
        """Of each row 0 for a true negative, 1 a false alarm, 2 a miss, 3 a hit; and the repeats.

        Each row comes so often, one after the other.
        """
        threshold = self.threshold if asked.threshold is None else asked.threshold
        view = self.problem.view(subject, threshold)
        kinds = view.positive.astype(np.int8) * np.int8(2) + view.decisions(threshold)
        return kinds, view.repeats

    def ranking(self, subject: Subject) -> Ranking:
        """The rows by what they score, sorted once."""
        return self.once(subject, lambda: Ranking(self.problem.view(subject), self.problem.weights))

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What is made of the rows once, and kept."""
        if key not in self._made:
            self._made[key] = make()
        made: Made = self._made[key]
        return made

    def _sums(
        self, asked: Asked, subject: Subject, codes: Codes, slices: int, weight: Floats
    ) -> Floats:
        metric, problem = SUM_METRICS[asked.base], self.problem
        repeats = len(problem.class_names) if subject.kind == "micro" else 1
        sums = grouped_sums(
            codes,
            slices,
            lambda rows: metric.terms(*problem.values(subject, rows)),
            problem.weights,
            repeats,
        )
        if asked.base == "r2":
            sums.append(self._variation(subject, codes, slices, weight))
        return metric.combine(weight * repeats, *sums)

    def _variation(self, subject: Subject, codes: Codes, slices: int, weight: Floats) -> Floats:
        """Sum of the squared deviations of the labels from the mean of their slice.

        They are counted from one of the slice's labels, so that those all alike give 0 exactly.
        """
        problem, origin = self.problem, np.zeros(slices + 1)
        origin[codes] = problem.values(subject, slice(None))[0]

        def shifted(rows: slice) -> tuple[Floats]:
            return (problem.values(subject, rows)[0] - origin[codes[rows]],)

        (total,) = grouped_sums(codes, slices, shifted, problem.weights)
        mean = np.append(Ratio(total, weight).value, 0)
        return grouped_sums(
            codes,
            slices,
            lambda rows: (np.square(shifted(rows)[0] - mean[codes[rows]]),),
            problem.weights,
        )[0]

    def _area(self, asked: Asked, subject: Subject, codes: Codes, slices: int) -> Floats:
        areas = self.ranking(subject).areas(codes, slices, tfma=asked.base == "auc_tfma")
        return areas.average_precision if asked.base == "pr_auc" else areas.auc

    def _class_weights(self, asked: Asked, codes: Codes, slices: int) -> list[Floats] | None:
        if asked.average == "macro":
            return None
        labels = self.problem.labels
        kinds = labels.astype(np.min_scalar_type(-len(asked.subjects)))
        table = grouped_kinds(codes, slices, kinds, len(asked.subjects), self.problem.weights, 1)
        return list(table.T)
