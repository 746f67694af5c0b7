"""Saddlepoints of the sum of numbers drawn without replacement, for many slices at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.float64]
Population = tuple[Floats, Floats]
"""Values less their mean, (bins,) or (slices, bins), and how many rows have each, (bins,)."""

STEPS = 60
"""Newton's method needs less than ten, or none suffices, as at the end of what can be drawn."""

CONVERGED = 1e-10
"""The square of Newton's decrement at which the exponent is exact."""


@dataclass(frozen=True)
class Saddlepoints:
    """What the tail formulas need; arrays of shape (slices,).

    Attributes
    ----------
    tilt : ndarray of float64
        How strongly large values are favoured until their mean is the one observed.
    exponent : ndarray of float64
        The cumulant generating function there, less tilt times mean: at most 0.
    curvature, curvature_at_0 : ndarray of float64
        Determinants of its second derivatives: all at the saddlepoint, and at 0 those of the
        numbers of rows alone.
    chance_of_numbers : ndarray of float64
        The chance of the numbers of rows drawn, were each row drawn for itself.
    expected : list of ndarray of float64, shape (slices, bins)
        How many rows of each population, and each of its bins, are then expected.
    converged : ndarray of bool
    """

    tilt: Floats
    exponent: Floats
    curvature: Floats
    curvature_at_0: Floats
    chance_of_numbers: Floats
    expected: list[Floats]
    converged: NDArray[np.bool_]


def saddlepoints(
    above: Floats, drawn: Floats, populations: Sequence[Population], extra: Floats
) -> Saddlepoints:
    """Find them by Newton's method: they minimise a convex function.

    Each row is drawn for itself, with odds that grow with its value by exp(tilt·value), such that
    the number of rows and the mean to expect are those observed. K being the cumulant generating
    function of number and sum of means, the function is K - level·number - tilt·mean.

    Parameters
    ----------
    above : ndarray of float64, shape (slices,)
        The sum over populations of the mean of the values drawn, above 0.
    drawn : ndarray of float64, shape (slices, populations)
        How many rows are drawn of each.
    populations : sequence of pairs
    extra : ndarray of float64, shape (slices,)
        A variance that is there beside that of the means.
    """
    terms = [_Terms(n, *population) for n, population in zip(drawn.T, populations, strict=True)]
    point = np.zeros((len(terms) + 1, above.size))  # a level each, and the tilt
    size, converged = np.ones(above.size), np.zeros(above.size, dtype=bool)
    here = _evaluate(point, above, terms, extra)
    for _ in range(STEPS):
        trial = point + size * here.step
        there = _evaluate(trial, above, terms, extra)
        better = there.value <= here.value + 1e-12
        point = np.where(better, trial, point)
        here = here.where(better, there)
        size = np.where(better, np.minimum(2 * size, 1), size / 4)
        converged = here.decrement < CONVERGED
        if converged.all():
            break
    at_0 = np.prod([term.spread_at_0 for term in terms], axis=0)
    return Saddlepoints(
        point[-1],
        here.value,
        here.curvature,
        at_0,
        np.prod([term.chance_of_number for term in terms], axis=0),
        [term.expected(level, point[-1]) for term, level in zip(terms, point, strict=False)],
        converged,
    )


class _Terms:
    """One population's share of the function and of its derivatives."""

    def __init__(self, drawn: Floats, values: Floats, counts: Floats) -> None:
        rows = counts.sum()
        # Of a population that is drawn as a whole nothing is left to chance: it takes no part.
        part = drawn < rows
        self.drawn = np.where(part, drawn, rows / 2)
        self._values = np.where(part, 1 / drawn, 0)[:, np.newaxis] * values
        self._counts = counts
        share = self.drawn / rows
        self._logit = np.log(share / (1 - share))[:, np.newaxis]
        self._log_rest = rows * np.log1p(-share)
        self.spread_at_0 = rows * share * (1 - share)
        self.chance_of_number = np.where(
            part, 1 / np.sqrt(2 * np.pi * np.maximum(self.spread_at_0, 1)), 1
        )

    def at(self, level: Floats, tilt: Floats) -> tuple[Floats, ...]:
        """K; its first derivatives by level and by tilt; its second: both levels, mixed, tilts."""
        z = self._log_odds(level, tilt)
        small = np.exp(-np.abs(z))
        # Sums are NumPy's own: a product of BLAS wakes threads, which take longer when others work.
        k = ((np.maximum(z, 0) + np.log1p(small)) * self._counts).sum(axis=1) + self._log_rest
        chance = np.where(z > 0, 1, small) / (1 + small)
        expected = chance * self._counts
        spread = expected * (1 - chance)
        moved = spread * self._values
        return (
            k,
            expected.sum(axis=1),
            (expected * self._values).sum(axis=1),
            spread.sum(axis=1),
            moved.sum(axis=1),
            (moved * self._values).sum(axis=1),
        )

    def expected(self, level: Floats, tilt: Floats) -> Floats:
        """How many rows of each bin are drawn on average, (slices, bins)."""
        expected: Floats = self._counts * expit(self._log_odds(level, tilt))
        return expected

    def _log_odds(self, level: Floats, tilt: Floats) -> Floats:
        odds: Floats = self._logit + level[:, np.newaxis] + tilt[:, np.newaxis] * self._values
        return odds


@dataclass(frozen=True)
class _Evaluation:
    """The function at a point, and where Newton's method would go from there."""

    value: Floats
    step: Floats
    decrement: Floats
    curvature: Floats

    def where(self, better: NDArray[np.bool_], other: _Evaluation) -> _Evaluation:
        return _Evaluation(
            np.where(better, other.value, self.value),
            np.where(better, other.step, self.step),
            np.where(better, other.decrement, self.decrement),
            np.where(better, other.curvature, self.curvature),
        )


def _evaluate(point: Floats, above: Floats, terms: Sequence[_Terms], extra: Floats) -> _Evaluation:
    """Evaluate; the levels do not interact, so that they are eliminated one by one."""
    tilt = point[-1]
    value, slope, bend = tilt * (extra * tilt / 2 - above), extra * tilt - above, extra
    parts = []
    for term, level in zip(terms, point[:-1], strict=True):
        k, number, mean, spread, mixed, bent = term.at(level, tilt)
        spread = np.maximum(spread, np.finfo(float).tiny)
        value = value + k - level * term.drawn
        slope = slope + mean - mixed * (number - term.drawn) / spread
        bend = bend + bent - mixed * mixed / spread
        parts.append((number - term.drawn, spread, mixed))
    bend = np.maximum(bend, np.finfo(float).tiny)
    step = np.empty_like(point)
    step[-1] = -slope / bend
    for own, (excess, spread, mixed) in zip(step, parts, strict=False):
        own[:] = -(excess + mixed * step[-1]) / spread
    decrement = slope * slope / bend + sum(excess**2 / spread for excess, spread, _ in parts)
    curvature = bend * np.prod([spread for _, spread, _ in parts], axis=0)
    return _Evaluation(value, step, decrement, curvature)
