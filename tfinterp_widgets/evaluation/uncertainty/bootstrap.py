"""Bootstrap draws (Efron 1979) of many slices at once: of their four counts, or of their rows.

A metric that depends on the rows through a few counts alone, as F1 through hits and misses, needs
no rows: the counts of rows drawn with replacement are a multinomial draw, of the very same
distribution, and cost nothing. All others are computed on rows drawn.

Of a slice of very many rows only so many are drawn, m of n (Bickel, Götze & van Zwet 1997,
"Resampling fewer than n observations"): deviations from the estimate, of order 1/sqrt(m), are then
scaled by sqrt(m/n). ``benchmarks/slice_coverage.py`` measures how often the intervals cover.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tfinterp_widgets.evaluation.uncertainty.intervals import Intervals
from tfinterp_widgets.evaluation.uncertainty.percentiles import percentile_intervals
from tfinterp_widgets.evaluation.uncertainty.wilson import LEVEL

COUNT_DRAWS = 1000
"""Draws of counts: they are free."""

ROW_DRAWS = 400
"""Draws of rows: 10 lie beyond either end of an interval."""

BLOCK = 20
"""Draws of rows between two reports of progress."""

MOST_ROWS = 100_000
"""So many rows are drawn at once, or those of one draw, if they are more."""

LARGEST_DRAW = 2000
"""Of a slice of more rows so many are drawn, where its classes are about equally frequent."""

FEWEST_CARRIERS = 100
"""So many rows that carry the value a draw holds on average, at the least: or all there are."""

Rows = NDArray[np.int64]
Statistic = Callable[[Rows, Rows], NDArray[np.float64]]


def count_draws(
    counts: ArrayLike, generator: np.random.Generator, draws: int = COUNT_DRAWS
) -> NDArray[np.int64]:
    """Draw the rows of each slice with replacement, where all that matters of a row is its kind.

    Parameters
    ----------
    counts : array-like of int, shape (slices, kinds)
        How many rows of each kind a slice has: true positives, false positives, ...
    generator : numpy.random.Generator
    draws : int

    Returns
    -------
    ndarray of int64, shape (draws, slices, kinds)
        What `counts` might have been; of an empty slice all 0.

    Examples
    --------
    >>> drawn = count_draws([[30, 5, 60, 5], [0, 0, 0, 0]], np.random.default_rng(0))
    >>> drawn.shape, drawn.sum(axis=2).min(axis=0)
    ((1000, 2, 4), array([100,   0]))
    """
    known = np.asarray(counts, dtype=np.int64)
    totals = known.sum(axis=-1)
    # An empty slice has no shares; as nothing is drawn of it, any will do.
    shares = np.full(known.shape, 1 / known.shape[-1])
    np.divide(known, totals[:, np.newaxis], out=shares, where=totals[:, np.newaxis] > 0)
    return generator.multinomial(totals, shares, size=(draws, totals.size))


def draw_sizes(sizes: ArrayLike, carriers: ArrayLike | None = None) -> NDArray[np.int64]:
    """How many rows to draw of each slice: all, or of large ones so many that m of n holds.

    Parameters
    ----------
    sizes : array-like of int, shape (slices,)
        Rows of each slice.
    carriers : array-like of real numbers, shape (slices,), optional
        Rows that carry the value, as those of the rarer class carry an AUC: where they are rare
        more rows are drawn, so that `FEWEST_CARRIERS` of them are drawn on average. Of weighted
        rows their effective number, (sum w)² / sum w² (Kish 1965). None: all rows.

    Returns
    -------
    ndarray of int64, shape (slices,)

    Examples
    --------
    >>> draw_sizes([500, 1_000_000, 1_000_000], carriers=[50, 400_000, 2_000])
    array([  500,  2000, 50000])
    """
    n = np.asarray(sizes, dtype=np.float64)
    carrying = n if carriers is None else np.asarray(carriers, dtype=np.float64)
    needed = np.ceil(FEWEST_CARRIERS * n / np.maximum(carrying, 1))
    return np.minimum(n, np.maximum(needed, LARGEST_DRAW)).astype(np.int64)


def draw_rows(sizes: Rows, drawn: Rows, generator: np.random.Generator) -> Rows:
    """Draw rows of each slice with replacement.

    Parameters
    ----------
    sizes : ndarray of int64, shape (slices,)
        Rows of each slice, of an order in which those of a slice follow on one another.
    drawn : ndarray of int64, shape (slices,)
        How many to draw of each; 0 of an empty one.
    generator : numpy.random.Generator

    Returns
    -------
    ndarray of int64, shape (sum of drawn,)
        Places in that order, ascending: slices stay apart, and rows sorted by score stay sorted.

    Examples
    --------
    >>> draw_rows(np.array([3, 2]), np.array([3, 2]), np.random.default_rng(0))
    array([0, 0, 1, 3, 4])
    """
    starts = np.cumsum(sizes) - sizes
    # An integer below n out of a float in [0, 1): its bias, n/2^53, is nothing.
    offsets = (generator.random(int(drawn.sum())) * np.repeat(sizes, drawn)).astype(np.int64)
    return np.sort(offsets + np.repeat(starts, drawn))


class RowBootstrap:
    """The row bootstrap of some statistics of many slices; streams, and goes on where it was left.

    Parameters
    ----------
    statistic : callable
        ``statistic(rows, drawn) -> float64 (statistics, len(drawn))``: what `draw_rows` returns,
        and how many of those rows belong to each slice. NaN where undefined. It is asked about
        several draws at once, as if they were slices more: many small draws cost little more than
        one.
    sizes : array-like of int, shape (slices,)
        Rows of each slice.
    generator : numpy.random.Generator
    carriers : array-like of real numbers, shape (slices,), optional
        As in `draw_sizes`.
    draws : int
        A multiple of `BLOCK`.

    Examples
    --------
    >>> numbers = np.arange(100.0)
    >>> bootstrap = RowBootstrap(
    ...     lambda rows, drawn: numbers[rows].reshape(-1, 100).mean(axis=1)[np.newaxis],
    ...     [100],
    ...     np.random.default_rng(0),
    ... )
    >>> found = bootstrap.intervals(np.array([[49.5]]))
    >>> bool(found[0].low < 44 < 55 < found[0].high)
    True
    """

    def __init__(
        self,
        statistic: Statistic,
        sizes: ArrayLike,
        generator: np.random.Generator,
        carriers: ArrayLike | None = None,
        draws: int = ROW_DRAWS,
    ) -> None:
        self._statistic = statistic
        self._sizes = np.asarray(sizes, dtype=np.int64)
        self._carriers = self._sizes if carriers is None else np.asarray(carriers, dtype=np.float64)
        self._drawn = draw_sizes(self._sizes, self._carriers)
        self._generator = generator
        self._wanted = draws
        self._at_once = max(MOST_ROWS // max(int(self._drawn.sum()), 1), 1)
        self._draws: list[NDArray[np.float64]] = []

    @property
    def draws(self) -> NDArray[np.float64]:
        """The draws that are there, (draws, statistics, slices); at least one."""
        return np.stack(self._draws)

    def run(self) -> Iterator[float]:
        """Draw what is missing; yields the share that is there after each block, up to 1."""
        while len(self._draws) < self._wanted:
            for begin in range(0, BLOCK, self._at_once):
                self._draw(min(self._at_once, BLOCK - begin))
            yield len(self._draws) / self._wanted

    def _draw(self, times: int) -> None:
        sizes, drawn = np.tile(self._sizes, times), np.tile(self._drawn, times)
        rows = draw_rows(sizes, drawn, self._generator) % max(int(self._sizes.sum()), 1)
        found = self._statistic(rows, drawn)
        self._draws.extend(np.moveaxis(found.reshape(len(found), times, -1), 1, 0))

    def intervals(self, values: NDArray[np.float64], level: float = LEVEL) -> list[Intervals]:
        """The intervals of each statistic, after drawing what is missing.

        Parameters
        ----------
        values : ndarray of float64, shape (statistics, slices)
            The estimates.
        level : float
            How often an interval is to hold the truth, in (0, 1).
        """
        for _ in self.run():
            pass
        shrink = np.sqrt(self._drawn / np.maximum(self._sizes, 1))
        return [
            percentile_intervals(draws, own, self._carriers, level, shrink)
            for draws, own in zip(np.moveaxis(self.draws, 1, 0), values, strict=True)
        ]
