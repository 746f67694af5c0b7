"""Which coalitions of features KernelSHAP asks the model about, and what each one weighs."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.engine.sampling import draws

Floats = NDArray[np.float64]
Rows = NDArray[np.bool_]


class Coalitions:
    """Subsets of M features, neither none nor all of them, for the kernel of Lundberg & Lee.

    The kernel gives the coalitions of s features together the weight ``(M - 1) / (s (M - s))``. A
    coalition is followed by its complement, which takes away much of the noise (Covert & Lee 2021,
    "Improving KernelSHAP: Practical Shapley Value Estimation Using Linear Regression"). Sizes 1 and
    M - 1 are listed in full if the samples suffice, then 2 and M - 2, ... as long as the samples
    that are theirs by the kernel do. The rest of the samples are drawn, by the kernel, from the
    other sizes. With ``2^M - 2`` samples all coalitions are listed.

    Parameters
    ----------
    features : int
        M >= 1.
    samples : int
        How many coalitions at most, >= 2.
    seed : int

    Attributes
    ----------
    listed : int
        How many coalitions, the first ones, are listed rather than drawn.
    count : int
        How many there are in all; those that are drawn are an even number.
    weights : ndarray of float64, shape (listed,)
        What each of those listed weighs.
    drawn_mass : float
        What those drawn weigh together, each the same.

    Examples
    --------
    >>> Coalitions(features=3, samples=6, seed=0).rows(0, 2).astype(int)
    array([[1, 0, 0],
           [0, 1, 1]])
    """

    def __init__(self, features: int, samples: int, seed: int) -> None:
        self._features = features
        self._seed = seed
        sizes = np.arange(1, features)
        in_full = _listed_up_to(features, samples)
        self._listed = _all_of_sizes(features, in_full)
        self.listed = len(self._listed)
        self.weights = _weights(features, self._listed.sum(axis=1))
        self._sizes = sizes[np.minimum(sizes, features - sizes) > in_full]
        self._masses = _mass(features, self._sizes)
        self.drawn_mass = float(self._masses.sum())
        drawn = (samples - self.listed) // 2 * 2 if self._sizes.size else 0
        self.count = self.listed + drawn

    def rows(self, begin: int, end: int) -> Rows:
        """Coalitions number `begin` to ``end - 1``: bool (end - begin, M), True for members."""
        first, last = max(begin - self.listed, 0), end - self.listed
        listed = self._listed[begin:end]
        if last <= first:
            return listed
        # Pairs are drawn whole, also where only one of the two was asked for.
        pairs = self._pairs(first // 2, (last + 1) // 2)
        start = first % 2
        return np.concatenate([listed, pairs[start : start + last - first]])

    def _pairs(self, begin: int, end: int) -> Rows:
        """Pairs number `begin` to ``end - 1``, of a coalition and its complement, (2 n, M)."""
        drawn = draws.uniform(self._seed, begin, end, (self._features + 1,)).numpy()
        bounds = np.cumsum(self._masses) / self.drawn_mass
        sizes = self._sizes[np.searchsorted(bounds[:-1], drawn[:, 0], side="right")]
        ranks = drawn[:, 1:].argsort(axis=1).argsort(axis=1)
        members = ranks < sizes[:, None]
        return np.stack([members, ~members], axis=1).reshape(-1, self._features)


def _mass(features: int, size: NDArray[np.intp]) -> Floats:
    """The kernel's weight of all coalitions of a size together."""
    return np.asarray((features - 1) / (size * (features - size)), np.float64)


def _weights(features: int, sizes: NDArray[np.intp]) -> Floats:
    """The kernel's weight of single coalitions, by their sizes."""
    present, which = np.unique(sizes, return_inverse=True)
    alike = np.array([math.comb(features, size) for size in present], np.float64)
    return (_mass(features, present) / alike)[which]


def _listed_up_to(features: int, samples: int) -> int:
    """The largest s for which all coalitions of up to s, and of M - s and more, are listed."""
    halves = np.arange(1, features // 2 + 1)
    masses = _mass(features, halves) * np.where(2 * halves == features, 1, 2)
    for done, size in enumerate(halves):
        needed = math.comb(features, size) * (1 if 2 * size == features else 2)
        fair = samples * masses[done] / masses[done:].sum()
        last = done + 1 == halves.size
        # One coalition without and one with each feature alone settle what is linear.
        if needed > (samples if done == 0 else fair) or samples - needed < (0 if last else 2):
            return done
        samples -= needed
    return halves.size


def _all_of_sizes(features: int, up_to: int) -> Rows:
    """All coalitions of up to so many features, each followed by its complement."""
    return np.array([*_listing(features, up_to)], np.bool_).reshape(-1, features)


def _listing(features: int, up_to: int) -> Iterator[Rows]:
    for size in range(1, up_to + 1):
        for members in itertools.combinations(range(features), size):
            if 2 * size == features and members[0] > 0:
                return  # the complement of one that has been
            row = np.zeros(features, np.bool_)
            row[list(members)] = True
            yield row
            yield ~row
