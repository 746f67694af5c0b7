"""Weighted ridge regression, with a standard error that does not take the model to be true."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from tfinterp_widgets.engine.perturbing.normal_equations import Factor, NormalEquations, spread

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Ridge:
    """A fitted linear model with an intercept.

    Attributes
    ----------
    coefficients : ndarray of float64, shape (features,)
    standard_error : ndarray of float64, shape (features,)
        How much another draw of the samples would change the coefficients, whether or not the
        scores are linear (White 1980, "A Heteroskedasticity-Consistent Covariance Matrix Estimator
        and a Direct Test for Heteroskedasticity"). NaN while samples are as few as coefficients.
    r_squared : float
        The share of the weighted variance of the scores that the model explains.
    """

    coefficients: Floats
    standard_error: Floats
    r_squared: float


class RunningRidge:
    """Minimises ``sum_i w_i (scores_i - a - samples_i b)² + penalty |b|²`` over a and b.

    Parameters
    ----------
    features : int
    penalty : float
        Above 0; not applied to the intercept a.

    Examples
    --------
    >>> ridge = RunningRidge(features=1, penalty=1e-9)
    >>> for score in (1.0, 3.0):
    ...     ridge.add(np.array([[score > 2]] * 2), np.full(2, score), np.ones(2))
    >>> fit = ridge.fit()
    >>> float(fit.coefficients[0].round(6)), round(fit.r_squared, 6)
    (2.0, 1.0)
    """

    def __init__(self, features: int, penalty: float) -> None:
        self._equations = NormalEquations(1 + features)
        self._penalties = np.diag([0.0, *[penalty] * features])
        # For the standard error: the residuals of all samples change with each fit.
        self._samples = np.empty((0, features), np.bool_)
        self._scores = np.empty(0)
        self._weights = np.empty(0)

    def add(self, samples: NDArray[np.bool_], scores: Floats, weights: Floats) -> None:
        """Add samples (n, features), with their scores and weights (n,)."""
        self._equations.add(_with_intercept(samples), scores, weights)
        self._samples = np.concatenate([self._samples, samples])
        self._scores = np.concatenate([self._scores, scores])
        self._weights = np.concatenate([self._weights, weights])

    def fit(self) -> Ridge:
        """The model that fits the samples so far, of which there must be one."""
        factor = linalg.cho_factor(self._equations.gram + self._penalties)
        solution = linalg.cho_solve(factor, self._equations.right)
        rows = _with_intercept(self._samples)
        residuals = self._scores - rows @ solution
        return Ridge(
            solution[1:],
            self._standard_error(rows, residuals, factor),
            self._r_squared(residuals),
        )

    def _standard_error(self, rows: Floats, residuals: Floats, factor: Factor) -> Floats:
        count, features = self._samples.shape
        spare = count - features - 1
        if spare <= 0:
            return np.full(features, np.nan)
        # Residuals of a fit are smaller than the errors, by what its coefficients have taken up.
        pulls = (math.sqrt(count / spare) * self._weights * residuals)[:, None] * rows
        return spread(factor, pulls)[1:]

    def _r_squared(self, residuals: Floats) -> float:
        apart = self._scores - self._scores[0]  # exactly 0 where all are the same
        variance = float(self._weights @ (apart - np.average(apart, weights=self._weights)) ** 2)
        # Scores that are all the same are explained, by the intercept.
        return 1 - float(self._weights @ residuals**2) / variance if variance > 0 else 1.0


def _with_intercept(samples: NDArray[np.bool_]) -> Floats:
    return np.concatenate([np.ones((len(samples), 1)), samples], axis=1)
