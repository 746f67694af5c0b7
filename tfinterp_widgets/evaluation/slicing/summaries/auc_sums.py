"""Sums over rows that tell AUCs with DeLong's variance: of slices, and of all rows outside each.

The AUC of the rows outside a slice, and its variance, need no pass of their own. What a row loses
to those outside is what it loses to all, less what it loses to those inside. Summed over the rows
outside, and squared, this takes sums over the rows inside only: see `sums_of_rest`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tfinterp_widgets.evaluation.slicing.answers.columns import Floats, Indices
from tfinterp_widgets.evaluation.slicing.influence.parts import summed
from tfinterp_widgets.evaluation.uncertainty.auc_interval import OfClass
from tfinterp_widgets.evaluation.uncertainty.effective import effective_rows


class Side(NamedTuple):
    """Runs of tied rows as one class sees them; arrays of shape (runs,).

    Attributes
    ----------
    weight, squares : ndarray of float64
        Of the weights of its rows, and of their squares.
    others : ndarray of float64
        Weight of the rows of the other class in the run.
    beyond : ndarray of float64
        Weight of those that rank on the wrong side of it.
    """

    weight: Floats
    squares: Floats
    others: Floats
    beyond: Floats

    @property
    def loss(self) -> Floats:
        """What a row of the run loses: the weight beyond it, and half of what is tied with it."""
        return self.beyond + self.others / 2


class ClassSums(NamedTuple):
    """Sums over the rows of one class, (slices,)."""

    weight: Floats
    """Of weights."""
    squares: Floats
    """Of their squares."""
    lost: Floats
    """Of weight times loss."""
    lost_once: Floats
    """Of squared weight times loss."""
    lost_twice: Floats
    """Of squared weight times squared loss."""

    @classmethod
    def of(cls, side: Side, at: Indices, slices: int) -> ClassSums:
        """Of each slice, the losses being those within it; `at` is that of each run."""
        once = side.squares * side.loss
        terms = side.weight, side.squares, side.weight * side.loss, once, once * side.loss
        return cls(*(summed(each, at, slices) for each in terms))

    def of_class(self, others: Floats) -> OfClass:
        """What the class adds to the variance; `others` is the weight of the other class."""
        with np.errstate(divide="ignore", invalid="ignore"):
            middle = self.lost / self.weight
            squares = self.lost_twice - 2 * middle * self.lost_once + middle**2 * self.squares
            variance = np.maximum(squares, 0) / (self.weight * others) ** 2
        return OfClass(effective_rows(self.weight, self.squares), variance)


class Lost(NamedTuple):
    """What of all rows each run of tied rows takes from one class; arrays of shape (runs,).

    A row of the other class takes from all that it is beyond, and half from those tied with it.
    """

    loss: Floats
    """What a row of the class in the run loses itself."""
    taken: Floats
    """Weight of the rows that lose to the run."""
    once: Floats
    """Of their squared weights."""
    pairs: Floats
    """The same, but those tied count a quarter: they lose half to each of two tied with them."""
    twice: Floats
    """Of their squared weights times their losses."""

    @classmethod
    def of(cls, side: Side, *, upwards: bool) -> Lost:
        """Of all rows; whether those that lose to a run rank above it, or below."""

        def taken(values: Floats, tied: float = 0.5) -> Floats:
            through = np.cumsum(values) if upwards else np.cumsum(values[::-1])[::-1]
            return through - (1 - tied) * values

        loss = side.loss
        return cls(
            loss,
            taken(side.weight),
            taken(side.squares),
            taken(side.squares, 0.25),
            taken(side.squares * loss),
        )

    def take(self, runs: Indices) -> Lost:
        """Of these runs."""
        return Lost(*(each[runs] for each in self))


def sums_of_rest(whole: ClassSums, lost: Lost, side: Side, at: Indices, slices: int) -> ClassSums:
    """Of the rows outside each slice, the losses being those to rows outside.

    With L the loss of a row to all and l that to the rows of a slice, sums of (L - l)² over all
    rows come of those of L², of L l and of l². The last two are sums over the rows of the other
    class in the slice, of what they take.

    Parameters
    ----------
    whole : ClassSums
        Of all rows, (1,).
    lost : Lost
        Of all rows, at each run of a slice.
    side : Side
        The runs of the slices.
    at : ndarray of int64, shape (runs,)
        The slice of each run.
    slices : int
    """
    outer = lost.loss - side.loss
    pairs = side.others * (2 * side.beyond * lost.once + side.others * lost.pairs)
    gone = (
        side.weight,
        side.squares,
        side.others * lost.taken + side.weight * outer,
        side.others * lost.once + side.squares * outer,
        2 * side.others * lost.twice - pairs + side.squares * outer**2,
    )
    return ClassSums(*(all_ - summed(g, at, slices) for all_, g in zip(whole, gone, strict=True)))
