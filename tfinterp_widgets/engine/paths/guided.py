"""The path of guided integrated gradients, on the device: no image is copied to the host."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from tfinterp_widgets.engine.compiled import compiled

ROUNDING = 1e-12
"""A share of the path so short that only rounding has left it."""


class GuidedPath:
    """A point on its way from x' to x, led by the gradient at each step.

    Each value is at ``x' + share (x - x')`` with a share from 0 to 1 of its own; the mean of the
    shares, weighted by ``|x - x'|``, is how much of the path is done.

    Parameters
    ----------
    start, end : ndarray of float32
        x' and x, of the same shape.
    fraction, max_dist : float
        See `GuidedIntegratedGradients`.
    """

    def __init__(
        self,
        start: NDArray[np.float32],
        end: NDArray[np.float32],
        fraction: float,
        max_dist: float,
    ) -> None:
        self._start = tf.constant(start)
        self._difference = tf.constant(end) - self._start
        lengths = tf.reshape(tf.abs(tf.cast(self._difference, tf.float64)), (-1,))
        self._length = tf.reduce_sum(lengths)
        # Of a path of length 1; one of no length at all has nothing to move.
        self._lengths = tf.math.divide_no_nan(lengths, self._length)
        self._shares = tf.zeros_like(self._lengths)
        self._rank = tf.constant(int(fraction * (start.size - 1)), tf.int32)
        self._max_dist = max_dist
        self.point = self._start

    def advance(self, gradient: Any, alpha: float) -> Any:
        """Go on until the share `alpha` of the path is done.

        Parameters
        ----------
        gradient : tensor of float32
            At the present point, of its shape.
        alpha : float

        Returns
        -------
        tensor of float32
            How far each value has moved.
        """
        moved = _compiled_move()(
            self._shares,
            self._lengths,
            tf.abs(tf.reshape(gradient, (-1,))),
            tf.constant(max(alpha - self._max_dist, 0.0), tf.float64),
            tf.constant(alpha, tf.float64),
            tf.constant(min(alpha + self._max_dist, 1.0), tf.float64),
            self._rank,
        )
        steps = tf.cast(tf.reshape(moved - self._shares, self.point.shape), tf.float32)
        self._shares = moved
        shares = tf.cast(tf.reshape(moved, self.point.shape), tf.float32)
        self.point = self._start + shares * self._difference
        return steps * self._difference


@cache
def _compiled_move() -> Any:
    vector, number = (tf.TensorSpec(shape, tf.float64) for shape in ((None,), ()))
    slopes = tf.TensorSpec((None,), tf.float32)
    rank = tf.TensorSpec((), tf.int32)
    return compiled(_moved, vector, vector, slopes, number, number, number, rank)


def _moved(
    shares: Any, lengths: Any, slopes: Any, low: Any, alpha: Any, high: Any, rank: Any
) -> Any:
    """The shares after a step that ends where their mean, weighted by the lengths, is `alpha`.

    Every share is brought to `low` at least. Of those below `high`, the values with the smallest
    slopes, `rank` + 1 of them and those equal to the last, are then brought to `high`; again and
    again, until this would be too far: the last ones go but a part of the way.
    """
    shares = tf.maximum(shares, low)
    slopes = tf.where((shares < high) & (lengths > 0), slopes, np.inf)
    gap = alpha - tf.reduce_sum(lengths * shares)

    def is_short(_: Any, slopes: Any, gap: Any) -> Any:
        return (gap > ROUNDING) & tf.reduce_any(slopes < np.inf)

    def move(shares: Any, slopes: Any, gap: Any) -> tuple[Any, Any, Any]:
        group = slopes <= _smallest(slopes, rank)
        way = tf.where(group, high - shares, 0.0)
        room = tf.reduce_sum(lengths * way)
        part = tf.minimum(gap / room, 1.0)
        return shares + part * way, tf.where(group, np.inf, slopes), gap - part * room

    shares, _, _ = tf.while_loop(is_short, move, (shares, slopes, gap))
    return shares


def _smallest(slopes: Any, rank: Any) -> Any:
    """The finite value with this rank among values >= 0, from 0; the largest where there are fewer.

    Found by counting, which takes a tenth of the time of sorting: floats that are not negative are
    in the order of their bits, of which the upper half is looked for first, then the lower.
    """
    rank = tf.minimum(rank, tf.math.count_nonzero(slopes < np.inf, dtype=tf.int32) - 1)
    bits = tf.bitcast(slopes, tf.int32)
    upper = tf.bitwise.right_shift(bits, 16)
    found, rank = _find(upper, rank)
    lower = tf.bitwise.bitwise_and(tf.boolean_mask(bits, upper == found), 0xFFFF)
    rest, _ = _find(lower, rank)
    return tf.bitcast(tf.bitwise.left_shift(found, 16) + rest, tf.float32)


def _find(numbers: Any, rank: Any) -> tuple[Any, Any]:
    """The number below 2¹⁶ with this rank, and its rank among those equal to it."""
    counts = tf.math.bincount(numbers, minlength=1 << 16, maxlength=1 << 16)
    ends = tf.cumsum(counts)
    number = tf.searchsorted(ends, rank[tf.newaxis], side="right")[0]
    return number, rank - (ends[number] - counts[number])
