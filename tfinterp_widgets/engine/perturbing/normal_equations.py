"""The normal equations of a weighted regression, summed up as rows come in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

Floats = NDArray[np.float64]
Factor = tuple[Floats, bool]


class NormalEquations:
    """What a regression of y on rows x needs of them, whatever their number.

    Parameters
    ----------
    features : int
        How many numbers a row has.

    Attributes
    ----------
    gram : ndarray of float64, shape (features, features)
        ``sum_i w_i x_i x_iᵀ``
    right : ndarray of float64, shape (features,)
        ``sum_i w_i y_i x_i``

    Examples
    --------
    >>> equations = NormalEquations(1)
    >>> equations.add(np.array([[1.0], [2.0]]), np.array([3.0, 6.0]), np.ones(2))
    >>> equations.right / equations.gram[0]
    array([3.])
    """

    def __init__(self, features: int) -> None:
        self.gram: Floats = np.zeros((features, features))
        self.right: Floats = np.zeros(features)

    def add(self, rows: Floats, goals: Floats, weights: Floats) -> None:
        """Add rows (n, features) with what is to be explained of each (n,), and its weight (n,)."""
        weighted = weights[:, None] * rows
        self.gram += weighted.T @ rows
        self.right += goals @ weighted


def spread(factor: Factor, pulls: Floats) -> Floats:
    """How much a solution varies whose right-hand side is a sum of independent pulls.

    Parameters
    ----------
    factor : tuple
        Of the Gram matrix A, by `scipy.linalg.cho_factor`.
    pulls : ndarray of float64, shape (n, features)
        What each of them adds to the right-hand side.

    Returns
    -------
    ndarray of float64, shape (features,)
        The square roots of the diagonal of ``A⁻¹ (sum_i u_i u_iᵀ) A⁻¹``.
    """
    inverse = linalg.cho_solve(factor, np.eye(pulls.shape[1]))
    # Products are summed first: to solve for each pull takes longer.
    variances = ((pulls.T @ pulls @ inverse) * inverse).sum(axis=0)
    # Where there is no spread, rounding may leave less than nothing.
    return np.asarray(np.sqrt(np.maximum(variances, 0.0)))
