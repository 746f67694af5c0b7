"""Shapley values as a weighted regression over coalitions whose coefficients have a given sum."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from tfinterp_widgets.engine.perturbing.normal_equations import Factor, NormalEquations, spread

Floats = NDArray[np.float64]
Rows = NDArray[np.bool_]

JITTER = 1e-10
"""What is added to the diagonal, relative to it: few coalitions do not settle all shares."""


@dataclass(frozen=True, eq=False)
class Shares:
    """What each feature gains.

    Attributes
    ----------
    values : ndarray of float64, shape (features,)
    standard_error : ndarray of float64, shape (features,)
        How much other draws of the coalitions that were drawn would change the shares. 0 where
        nothing was drawn, NaN where pairs are too few to tell.
    """

    values: Floats
    standard_error: Floats


class SharedGain:
    """Shares b that minimise ``sum_i w_i (gains_i - coalitions_i b)²`` among those of a given sum.

    The constraint is exact: what is fitted is how the shares depart from equal ones. With all
    coalitions and the kernel's weights these are the Shapley values (Lundberg & Lee 2017, theorem
    2). While there are few coalitions, the shares are as equal as those allow.

    Parameters
    ----------
    features : int
    total : float
        What all features gain together.
    drawn_mass : float
        What all coalitions that are drawn weigh together, however many there are.

    Examples
    --------
    >>> shared = SharedGain(features=2, total=7.0, drawn_mass=0.0)
    >>> coalitions = np.array([[True, False], [False, True]])
    >>> shared.add_listed(coalitions, np.array([1.0, 4.0]), np.ones(2))
    >>> shared.fit().values.round(6)
    array([2., 5.])
    """

    def __init__(self, features: int, total: float, drawn_mass: float) -> None:
        self._features = features
        self._total = total
        self._drawn_mass = drawn_mass
        self._of_listed, self._of_drawn = NormalEquations(features), NormalEquations(features)
        self._listed = 0
        # For the standard error: the residuals of all that were drawn change with each fit.
        self._drawn = np.empty((0, features), np.bool_)
        self._gains = np.empty(0)

    def add_listed(self, coalitions: Rows, gains: Floats, weights: Floats) -> None:
        """Add coalitions (n, features), what they gain over the empty one, and weights (n,)."""
        self._of_listed.add(*self._apart(coalitions, gains), weights)
        self._listed += len(coalitions)

    def add_drawn(self, coalitions: Rows, gains: Floats) -> None:
        """Add draws (n, features): all in all, pairs of a coalition and then its complement."""
        self._of_drawn.add(*self._apart(coalitions, gains), np.ones(len(coalitions)))
        self._drawn = np.concatenate([self._drawn, coalitions])
        self._gains = np.concatenate([self._gains, gains])

    def fit(self) -> Shares:
        """The shares that fit the coalitions so far."""
        each = self._drawn_mass / max(len(self._drawn), 1)
        gram = self._of_listed.gram + each * self._of_drawn.gram
        right = self._of_listed.right + each * self._of_drawn.right
        typical = np.trace(gram) / self._features or 1.0
        # Rows sum to 0 and say nothing of departures that are all equal: rounding must not either.
        gram += typical / self._features
        factor = linalg.cho_factor(gram + JITTER * typical * np.eye(self._features))
        departure = linalg.cho_solve(factor, right)
        return Shares(
            self._total / self._features + departure - departure.mean(),
            self._standard_error(departure, factor, each),
        )

    def _standard_error(self, departure: Floats, factor: Factor, each: float) -> Floats:
        """From the spread of what each pair pulls the shares by; an odd last one is left out."""
        if not len(self._drawn):
            return np.zeros(self._features)
        pairs = len(self._drawn) // 2
        in_all = (self._listed + len(self._drawn)) // 2
        spare = in_all - (self._features - 1)
        if pairs < 2 or spare < 1:
            return np.full(self._features, np.nan)
        rows, goals = self._apart(self._drawn[: 2 * pairs], self._gains[: 2 * pairs])
        residuals = goals - rows @ departure
        # The row of a complement is that of its coalition, negative.
        pulls = each * (residuals[0::2] - residuals[1::2])[:, None] * rows[0::2]
        # Residuals of a fit are smaller than the errors, by what its shares have taken up.
        widened = in_all / spare * pairs / (pairs - 1)
        return math.sqrt(widened) * spread(factor, pulls - pulls.mean(axis=0))

    def _apart(self, coalitions: Rows, gains: Floats) -> tuple[Floats, Floats]:
        """How far members, and gains, depart from those of equal shares."""
        part = coalitions.mean(axis=1)
        return coalitions - part[:, None], gains - self._total * part
