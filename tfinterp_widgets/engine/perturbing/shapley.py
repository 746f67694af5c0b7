"""Shapley values as a weighted regression over coalitions whose coefficients have a given sum."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

Floats = NDArray[np.float64]

JITTER = 1e-10
"""What is added to the diagonal, relative to it: few coalitions do not settle all shares."""


class SharedGain:
    """Shares b that minimise ``sum_i w_i (gains_i - coalitions_i b)²`` among those of a given sum.

    The constraint is exact: what is fitted is how the shares depart from equal ones. With all
    coalitions and the kernel's weights these are the Shapley values (Lundberg & Lee 2017, theorem
    2). While there are few coalitions, the shares are as equal as those allow.

    Parameters
    ----------
    coalitions : ndarray of bool, shape (n, features)
    gains : ndarray of float64, shape (n,)
        What each coalition gains over the empty one.
    weights : ndarray of float64, shape (n,)
    total : float
        What all features gain together.

    Attributes
    ----------
    shares : ndarray of float64, shape (features,)

    Examples
    --------
    >>> coalitions = np.array([[True, False], [False, True]])
    >>> SharedGain(coalitions, np.array([1.0, 4.0]), np.ones(2), total=7.0).shares.round(6)
    array([2., 5.])
    """

    def __init__(
        self, coalitions: NDArray[np.bool_], gains: Floats, weights: Floats, total: float
    ) -> None:
        features = coalitions.shape[1]
        part = coalitions.mean(axis=1, keepdims=True)
        centred = coalitions - part
        apart = gains - total * part[:, 0]
        self._weighted = weights[:, None] * centred
        gram = centred.T @ self._weighted
        jitter = JITTER * np.trace(gram) / features or 1.0
        self._factor = linalg.cho_factor(gram + jitter * np.eye(features))
        departure = linalg.cho_solve(self._factor, self._weighted.T @ apart)
        self._residuals = apart - centred @ departure
        self.shares: Floats = total / features + departure - departure.mean()

    def standard_error(self, drawn: int) -> Floats:
        """How much other draws of the last `drawn` coalitions would change the shares.

        The draws are pairs of a coalition and its complement, in succession; the spread of what
        each pulls the shares by tells the error. An odd last one is left out.

        Returns
        -------
        ndarray of float64, shape (features,)
            0 where nothing was drawn, NaN where pairs are too few to tell.
        """
        count, features = self._weighted.shape
        if drawn == 0:
            return np.zeros(features)
        pairs = drawn // 2
        spare = count // 2 - (features - 1)
        if pairs < 2 or spare < 1:
            return np.full(features, np.nan)
        pulls = (self._weighted * self._residuals[:, None])[count - drawn :][: 2 * pairs]
        by_pair = linalg.cho_solve(self._factor, pulls.reshape(pairs, 2, features).sum(axis=1).T)
        # Residuals of a fit are smaller than the errors, by what its shares have taken up.
        widened = (count // 2) / spare
        return np.asarray(np.sqrt(pairs * by_pair.var(axis=1, ddof=1) * widened))
