"""Where expected gradients look: which baseline, and how far along the line from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.engine.quadrature import spread_out


@dataclass(frozen=True)
class Design:
    """Draws from pairs of a baseline and an alpha in [0, 1], in cells of two (one may have three).

    The draws of a cell are independent and alike, so that how far they lie apart tells how sure
    their mean is.

    Attributes
    ----------
    used : ndarray of int, shape (k,)
        The baselines drawn from, in the order of their first draw.
    baselines : ndarray of int, shape (n,)
        The baseline of each draw.
    alphas : ndarray of float64, shape (n,)
    weights : ndarray of float64, shape (n,)
        They sum to 1, and to 1/k over the draws of each baseline.
    cells : ndarray of int, shape (n,)
        The number of the cell of each draw, ascending.
    """

    used: NDArray[np.intp]
    baselines: NDArray[np.intp]
    alphas: NDArray[np.float64]
    weights: NDArray[np.float64]
    cells: NDArray[np.intp]


def design(count: int, samples: int, seed: int) -> Design:
    """Cover `count` baselines, and alpha, as evenly as `samples` >= 2 draws can.

    From two draws a baseline on, each baseline has strata of alpha to itself, with two draws in
    each; a cell is such a stratum. With fewer draws a cell is a stratum of alpha alone, and the
    baselines are drawn at random, none a second time before all have had their turn.

    In order the draws cycle through the baselines, and through strata far from one another.
    """
    generator = np.random.default_rng(seed)
    used = generator.permutation(count)[:samples]
    own_strata = samples >= 2 * used.size
    groups = used.size if own_strata else 1
    cells = np.arange(samples // 2)
    group = cells % groups
    sizes = np.full(cells.size, 2)
    sizes[0] += samples % 2

    # Strata are as wide as their draws are many, so that all draws of a group weigh the same.
    low, high = np.empty(cells.size), np.empty(cells.size)
    for number in range(groups):
        mine = np.flatnonzero(group == number)
        mine = mine[np.argsort(spread_out(mine.size))]
        ends = np.cumsum(sizes[mine])
        low[mine], high[mine] = np.r_[0, ends[:-1]] / ends[-1], ends / ends[-1]

    cell = np.repeat(cells, sizes)
    turn = group[cell] if own_strata else np.arange(samples) % used.size
    return Design(
        used=used,
        baselines=used[turn],
        alphas=low[cell] + (high - low)[cell] * generator.random(samples),
        weights=1 / (used.size * np.bincount(turn)[turn]),
        cells=cell,
    )
