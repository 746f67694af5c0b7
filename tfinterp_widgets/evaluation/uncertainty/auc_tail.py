"""The chance of so low an AUC among rows drawn without replacement, far out in the tail too."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from tfinterp_widgets.evaluation.uncertainty.saddlepoint import saddlepoints
from tfinterp_widgets.evaluation.uncertainty.subset_means import BLOCK, tail_of

Floats = NDArray[np.float64]

BINS = 256
"""Ranks that are told apart."""

FAR = 0.05
"""Chances above it are left as the normal distribution has them: nobody looks there."""

LINEARISATIONS = 6
"""How often the AUC is made linear anew; more moved no chance by as much as a hundredth."""


class AucTail:
    """All rows, ranked by score; says how likely a slice drawn by chance has so low an AUC.

    An AUC is a mean over pairs of a positive and a negative, nearly that of two means over rows: of
    the share of all negatives that outrank a positive, and of the share of all positives that a
    negative outranks (the placements of DeLong, DeLong & Clarke-Pearson 1988, "Comparing the areas
    under two or more correlated receiver operating characteristic curves"). That holds around the
    AUC of all rows. Far from it shares are taken among the rows that a slice with the AUC in
    question most likely holds (as in Sanov's theorem): found by turns with the saddlepoint that
    they belong to. The variance of single pairs comes on top.

    Parameters
    ----------
    positive : ndarray of bool, shape (rows,)
        Both classes must be there.
    scores : ndarray of float, shape (rows,)
    weights : ndarray of float64, shape (rows,), optional
        Positive. Weighted rows count as their effective number, (sum w)² / sum w² (Kish 1965).

    Attributes
    ----------
    area : float
        The AUC of all rows.

    Examples
    --------
    >>> tail = AucTail(np.array([False, True] * 50), np.arange(100.0))
    >>> round(tail.area, 4)
    0.51
    """

    def __init__(
        self,
        positive: NDArray[np.bool_],
        scores: NDArray[np.floating],
        weights: Floats | None = None,
    ) -> None:
        heavy = np.ones(scores.size) if weights is None else weights
        values, rank = np.unique(scores, return_inverse=True)
        by_class = [
            np.bincount(rank[own], heavy[own], values.size) for own in (positive, ~positive)
        ]
        self.area = 1 - float(_lost(*(each / each.sum() for each in by_class)))
        bins = np.unique(np.searchsorted(np.cumsum(by_class[0] + by_class[1]), _cuts(heavy.sum())))
        self._effective = [_effective_share(heavy[own]) for own in (positive, ~positive)]
        self._counts = [
            np.add.reduceat(each, bins) * share * own.sum() / each.sum()
            for each, share, own in zip(
                by_class, self._effective, (positive, ~positive), strict=True
            )
        ]

    def at(self, areas: Floats, positives: Floats, negatives: Floats) -> Floats:
        """The chance of an AUC as low as this.

        Parameters
        ----------
        areas : ndarray of float64, shape (slices,)
        positives, negatives : ndarray of float64, shape (slices,)
            Rows of either class in the slice, at least 1.

        Returns
        -------
        ndarray of float64, shape (slices,)
            In [0, 1].
        """
        drawn = np.stack([positives, negatives], axis=1) * self._effective
        above = self.area - areas
        of_rows, of_pairs = self._variances(drawn)
        spread = np.sqrt(of_rows + of_pairs)
        z = np.divide(above, spread, out=np.zeros_like(above), where=spread > 1e-9)
        tail: Floats = ndtr(-z)
        far = np.flatnonzero(tail < FAR)
        for begin in range(0, far.size, BLOCK):
            block = far[begin : begin + BLOCK]
            tail[block] = self._far_tail(above[block], drawn[block], of_pairs[block])
        return tail

    def _far_tail(self, above: Floats, drawn: Floats, of_pairs: Floats) -> Floats:
        rows = [counts / counts.sum() for counts in self._counts]
        likely = [np.broadcast_to(each, (above.size, each.size)) for each in rows]
        wanted = _lost(*rows) + above
        for _ in range(LINEARISATIONS):
            lost = _lost(*likely)
            scores = _placements(*likely)
            means = [(score * share).sum(axis=1) for score, share in zip(scores, rows, strict=True)]
            populations = [
                (score - mean[:, np.newaxis], counts)
                for score, mean, counts in zip(scores, means, self._counts, strict=True)
            ]
            # Around the likely rows the lost pairs are the two means, less those lost there.
            found = saddlepoints(wanted + lost - sum(means), drawn, populations, of_pairs)
            likely = [each / each.sum(axis=1, keepdims=True) for each in found.expected]
        return tail_of(found)

    def _variances(self, drawn: Floats) -> tuple[Floats, Floats]:
        """Of the AUC of rows drawn: what comes from rows, and what from pairs beside."""
        shares = [counts / counts.sum() for counts in self._counts]
        size = np.array([counts.sum() for counts in self._counts])
        lost = _lost(*shares)
        each = [
            float((share * (placement - lost) ** 2).sum())
            for share, placement in zip(shares, _placements(*shares), strict=True)
        ]
        finite = np.maximum(size - drawn, 0) / np.maximum(size - 1, 1) / drawn
        # Of one pair it is lost (1 - lost), less a quarter for ties, which count a half.
        pairs = lost * (1 - lost) - float((shares[0] * shares[1]).sum()) / 4 - sum(each)
        return (finite * each).sum(axis=1), max(pairs, 0) * finite.prod(axis=1)


def _placements(positives: Floats, negatives: Floats) -> tuple[Floats, Floats]:
    """By rank: the share of negatives above a positive, and of positives below a negative."""
    above: Floats = 1 - np.cumsum(negatives, axis=-1) + negatives / 2
    below: Floats = np.cumsum(positives, axis=-1) - positives / 2
    return above, below


def _lost(positives: Floats, negatives: Floats) -> Floats:
    """1 - AUC of shares by rank, ties half."""
    lost: Floats = (positives * _placements(positives, negatives)[0]).sum(axis=-1)
    return lost


def _cuts(whole: float) -> Floats:
    return np.arange(BINS, dtype=np.float64) * (whole / BINS)


def _effective_share(weights: Floats) -> float:
    return float(weights.sum() ** 2 / (weights**2).sum() / weights.size)
