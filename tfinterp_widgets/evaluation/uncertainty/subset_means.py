"""The chance of so high a mean among rows drawn without replacement, far out in the tail too.

If being in a slice had nothing to do with a row's number, a loss say, its rows would be drawn by
chance from all rows. How likely so high a mean then is, is a permutation test, and needs no
permutation: the distribution has a closed cumulant generating function, and a saddlepoint gives its
tail with a relative error of a few per cent, where a normal approximation is wrong by orders of
magnitude (Robinson 1982, "Saddlepoint approximations for permutation tests and confidence
intervals"; Skovgaard 1987, "Saddlepoint expansions for conditional distributions").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from tfinterp_widgets.evaluation.uncertainty.saddlepoint import Saddlepoints, saddlepoints

Floats = NDArray[np.float64]

BINS = 256
"""Numbers of a population that are told apart, twice: by rank, and by size."""

BLOCK = 1000
"""Slices at a time, so that memory stays small."""

NEAR = 0.05
"""Where deviations are so few standard ones, the tail is that of the normal distribution."""


@dataclass(frozen=True)
class Stratum:
    """Numbers from which rows are drawn, those that are nearly alike taken together.

    Attributes
    ----------
    values : ndarray of float64, shape (bins,)
        The mean of each bin, less the mean of all.
    counts : ndarray of float64, shape (bins,)
        How many rows are in each.
    mean : float
        The mean of all.
    """

    values: Floats
    counts: Floats
    mean: float

    @classmethod
    def of(cls, numbers: NDArray[np.floating]) -> Stratum:
        """The stratum of rows with these numbers, shape (n,), n at least 1."""
        ordered = np.sort(numbers.astype(np.float64))
        starts = np.flatnonzero(np.diff(ordered, prepend=-np.inf) > 0)
        if starts.size > 2 * BINS:
            by_rank = np.arange(BINS) * ordered.size // BINS
            by_size = np.searchsorted(ordered, np.linspace(ordered[0], ordered[-1], BINS))
            starts = np.unique(np.concatenate([by_rank, by_size]))
        counts = np.diff(starts, append=ordered.size).astype(np.float64)
        mean = float(ordered.mean())
        return cls(np.add.reduceat(ordered, starts) / counts - mean, counts, mean)

    @property
    def rows(self) -> float:
        """How many rows there are."""
        return float(self.counts.sum())

    @property
    def variance(self) -> float:
        """The variance of the numbers, with the divisor n."""
        return float((self.counts * self.values**2).sum() / self.rows)

    def variance_of_mean(self, drawn: Floats) -> Floats:
        """The variance of the mean of so many rows drawn without replacement."""
        finite = (self.rows - drawn) / max(self.rows - 1, 1)
        return self.variance * finite / drawn


def subset_mean_tail(means: Floats, drawn: Floats, strata: Sequence[Stratum]) -> Floats:
    """The chance that rows drawn without replacement have so high a mean.

    Parameters
    ----------
    means : ndarray of float64, shape (slices,)
        The mean of the rows drawn; of several strata the sum of their means.
    drawn : ndarray of float64, shape (slices, strata)
        How many rows were drawn of each stratum, at least 1.
    strata : sequence of Stratum
        What they were drawn from.

    Returns
    -------
    ndarray of float64, shape (slices,)
        In [0, 1].

    Examples
    --------
    >>> losses = np.arange(10.0)
    >>> mean_of_three = np.array([8.0])  # 7, 8 and 9 alone, of 120 choices
    >>> tail = subset_mean_tail(mean_of_three, np.array([[3.0]]), [Stratum.of(losses)])
    >>> bool(1 / 240 < tail[0] < 2 / 120)
    True
    """
    above = means - sum(stratum.mean for stratum in strata)
    variances = [s.variance_of_mean(n) for s, n in zip(strata, drawn.T, strict=True)]
    spread = np.sqrt(np.sum(variances, axis=0))
    # Rounding must not turn a slice of all rows, whose mean cannot differ, into a finding.
    spread = np.maximum(spread, 1e-9 * max(np.sqrt(stratum.variance) for stratum in strata))
    z = np.divide(above, spread, out=np.zeros_like(above), where=spread > 0)
    tail: Floats = ndtr(-z)
    far = np.flatnonzero(z > NEAR)
    populations = [(stratum.values, stratum.counts) for stratum in strata]
    for begin in range(0, far.size, BLOCK):
        block = far[begin : begin + BLOCK]
        nothing = np.zeros(block.size)
        tail[block] = tail_of(saddlepoints(above[block], drawn[block], populations, nothing))
    return tail


def tail_of(found: Saddlepoints) -> Floats:
    """Lugannani and Rice's formula, given the numbers of rows drawn (Skovgaard 1987)."""
    w = np.sqrt(np.maximum(-2 * found.exponent, np.finfo(float).tiny))
    v = found.tilt * np.sqrt(found.curvature / found.curvature_at_0)
    density = np.exp(-w * w / 2) / np.sqrt(2 * np.pi)
    with np.errstate(divide="ignore", invalid="ignore"):
        tail = ndtr(-w) + density * (1 / v - 1 / w)
    # At the very end of what can be drawn there is no saddlepoint; Chernoff's bound always holds.
    bound = np.minimum(np.exp(found.exponent) / found.chance_of_numbers, 1)
    return np.where(found.converged & (tail > 0), np.minimum(tail, bound), bound)
