"""Averages over classes: of numbers, of the influence of rows on them, and of their intervals."""

from __future__ import annotations

import numpy as np

from tfinterp_widgets.evaluation.slicing.answers.columns import Floats
from tfinterp_widgets.evaluation.slicing.features.features import Codes
from tfinterp_widgets.evaluation.slicing.influence.parts import Part, by_row, summed
from tfinterp_widgets.evaluation.slicing.metrics.asked import Asked
from tfinterp_widgets.evaluation.slicing.metrics.ratios import Ratio
from tfinterp_widgets.evaluation.slicing.problem import Problem
from tfinterp_widgets.evaluation.uncertainty.mover import Estimate


class Average:
    """The mean of a metric of several classes, which are added one by one.

    A macro average counts all classes alike, a weighted one by their rows' weight, so that a row
    moves it in a second way: by its class's share. Classes for which the metric is undefined in a
    slice are left out there, as `Meter.measure` does. Of one subject the mean is that of itself.

    Parameters
    ----------
    asked : Asked
    problem : Problem
    codes : ndarray of int, shape (n,)
    slices : int
    """

    def __init__(self, asked: Asked, problem: Problem, codes: Codes, slices: int) -> None:
        self._asked = asked
        self._problem = problem
        self._codes = codes
        self._slices = slices
        rows = codes.size
        self._shares = np.zeros(slices)
        self._total = np.zeros(slices)
        self._influence = np.zeros(rows)
        self._of_class = np.zeros((2, rows))
        self._apart = np.zeros(slices)
        self._below = np.zeros(slices)
        self._above = np.zeros(slices)

    def add(self, number: int, part: Part, ends: Estimate | None = None) -> None:
        """Add the metric of the subject `number`, with an interval of it alone where that is used.

        Its ends are NaN where the value is.
        """
        share = np.where(np.isnan(part.value), 0, self._share(number))
        value = np.nan_to_num(part.value)
        self._shares += share
        self._total += share * value
        self._influence += np.nan_to_num(by_row(share, self._codes)) * part.influence
        if self._asked.average == "weighted":
            own = (self._problem.labels == number) * self._heavy
            both = np.stack([share > 0, value * (share > 0)])
            self._of_class += own * np.nan_to_num(np.stack([by_row(e, self._codes) for e in both]))
        if ends is not None:
            self._apart += share**2 * summed(np.square(part.influence), self._codes, self._slices)
            self._below += share**2 * np.nan_to_num(ends.value - ends.low) ** 2
            self._above += share**2 * np.nan_to_num(ends.high - ends.value) ** 2

    @property
    def part(self) -> Part:
        """The average, and how rows move it."""
        value = Ratio(self._total, self._shares).value
        there, own = self._of_class
        shared = own - np.nan_to_num(by_row(value, self._codes)) * there
        per_share = by_row(np.where(self._shares > 0, self._shares, np.nan), self._codes)
        return Part(value, np.nan_to_num((self._influence + shared) / per_share))

    def ends(self) -> Estimate:
        """The average with its interval, put together from those of the classes.

        Their distances from the value are added in squares (MOVER, Zou & Donner 2008). As rows say
        something of several classes at once, these do not vary independently: the sum is scaled by
        how much more, or less, the average varies than it would then.
        """
        part = self.part
        varies = summed(np.square(part.influence), self._codes, self._slices)
        apart = Ratio(self._apart, np.square(self._shares)).value
        together = np.ones(self._slices)
        np.divide(varies, apart, out=together, where=(apart > 0) & (varies > 0))
        below, above = (
            np.sqrt(together * Ratio(squares, np.square(self._shares)).value)
            for squares in (self._below, self._above)
        )
        return Estimate(part.value, part.value - below, part.value + above)

    @property
    def _heavy(self) -> Floats | float:
        return 1.0 if self._problem.weights is None else self._problem.weights

    def _share(self, number: int) -> Floats:
        if self._asked.average != "weighted":
            return np.ones(self._slices)
        own = (self._problem.labels == number) * self._heavy
        return summed(own, self._codes, self._slices)
