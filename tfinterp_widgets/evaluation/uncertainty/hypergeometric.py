"""The exact chance of so many hits among rows drawn, far out in the tail too."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln

Floats = NDArray[np.float64]


def hypergeometric_tail(
    hits: ArrayLike, drawn: ArrayLike, all_hits: ArrayLike, population: ArrayLike
) -> Floats:
    """The chance of at least `hits` hits among rows drawn without replacement.

    That is Fisher's exact test, one-sided, of a slice against the rest of the data (Fisher 1935,
    "The logic of inductive inference"): if being in the slice had nothing to do with being a hit,
    its rows would be drawn by chance. Summed from the first term on, not taken from 1, so that the
    smallest chances are right in relation too.

    Parameters
    ----------
    hits : array-like of int
        Hits among the rows drawn, of shapes that broadcast, as all here.
    drawn : array-like of int
        Rows drawn.
    all_hits : array-like of int
        Hits among all rows.
    population : array-like of int
        All rows.

    Returns
    -------
    ndarray of float64
        In [0, 1].

    Examples
    --------
    >>> hypergeometric_tail([3, 4], 4, 4, 8).round(4)  # Fisher's lady and her cups of tea
    array([0.2429, 0.0143])
    """
    k, n, good, total = (
        each.ravel().astype(np.float64)
        for each in np.broadcast_arrays(hits, drawn, all_hits, population)
    )
    shape = np.broadcast(hits, drawn, all_hits, population).shape
    chance = np.empty_like(k)
    upper = k * total > n * good
    chance[upper] = _sum_upwards(k[upper], n[upper], good[upper], total[upper])
    # Below the mean: less than certain by the chance of more misses than there are.
    k, n, bad, total = k[~upper], n[~upper], (total - good)[~upper], total[~upper]
    chance[~upper] = 1 - _sum_upwards(n - k + 1, n, bad, total)
    return chance.reshape(shape)


def _sum_upwards(k: Floats, n: Floats, good: Floats, total: Floats) -> Floats:
    """The sum of the probabilities of k, k + 1, ..., which fall from k on."""
    highest = np.minimum(n, good)
    sums = (k <= highest).astype(np.float64)
    terms = sums.copy()
    going, at = np.flatnonzero(k < highest), k.copy()
    while going.size:
        i, m, g = at[going], n[going], good[going]
        terms[going] *= (g - i) * (m - i) / ((i + 1) * (total[going] - g - m + i + 1))
        sums[going] += terms[going]
        at[going] += 1
        more = (at[going] < highest[going]) & (terms[going] > np.finfo(float).eps * sums[going])
        going = going[more]
    return np.exp(_log_probability(np.minimum(k, highest), n, good, total)) * sums


def _log_probability(k: Floats, n: Floats, good: Floats, total: Floats) -> Floats:
    ways: Floats = _log_choose(good, k) + _log_choose(total - good, n - k) - _log_choose(total, n)
    return ways


def _log_choose(n: Floats, k: Floats) -> Floats:
    log: Floats = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return log
