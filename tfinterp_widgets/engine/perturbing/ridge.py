"""Weighted ridge regression, with a standard error that does not take the model to be true."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

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


def fit_ridge(samples: NDArray[np.bool_], scores: Floats, weights: Floats, penalty: float) -> Ridge:
    """Minimise ``sum_i w_i (scores_i - a - samples_i b)² + penalty |b|²`` over a and b.

    Parameters
    ----------
    samples : ndarray of bool, shape (n, features)
    scores, weights : ndarray of float64, shape (n,)
    penalty : float
        Above 0; not applied to the intercept a.

    Examples
    --------
    >>> samples = np.array([[True], [False], [True], [False]])
    >>> fit = fit_ridge(samples, np.array([3.0, 1.0, 3.0, 1.0]), np.ones(4), 1e-9)
    >>> float(fit.coefficients[0].round(6)), fit.r_squared
    (2.0, 1.0)
    """
    count, features = samples.shape
    shares = weights / weights.sum()
    centred = samples - shares @ samples
    apart = scores - shares @ scores
    weighted = weights[:, None] * centred
    factor = linalg.cho_factor(centred.T @ weighted + penalty * np.eye(features))
    coefficients = linalg.cho_solve(factor, weighted.T @ apart)
    residuals = apart - centred @ coefficients
    pulls = linalg.cho_solve(factor, (weighted * residuals[:, None]).T)
    # Residuals of a fit are smaller than the errors, by what its coefficients have taken up.
    spare = count - features - 1
    widened = count / spare if spare > 0 else math.nan
    return Ridge(
        coefficients,
        np.sqrt((pulls**2).sum(axis=1) * widened),
        _r_squared(apart, residuals, weights),
    )


def _r_squared(apart: Floats, residuals: Floats, weights: Floats) -> float:
    variance = float(weights @ apart**2)
    # Scores that are all the same are explained, by the intercept.
    return 1 - float(weights @ residuals**2) / variance if variance > 0 else 1.0
