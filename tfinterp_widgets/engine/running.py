"""Mean and variance of a stream of tensors, without keeping any of them."""

from __future__ import annotations

import math
from typing import Any

import tensorflow as tf


class RunningMoments:
    """Moments of what was added so far, on the device.

    A batch's own mean and squared deviations are merged with those before (Chan, Golub & LeVeque
    1983, "Algorithms for Computing the Sample Variance", which for batches of one is Welford's
    update). The difference of two large sums of squares, which loses all digits in float32, is
    never taken.

    Parameters
    ----------
    shape : tuple of int
        Shape of one of the tensors.

    Examples
    --------
    >>> moments = RunningMoments((1,))
    >>> moments.add(tf.constant([[1.0], [2.0]]))
    >>> moments.add(tf.constant([[6.0]]))
    >>> float(moments.mean[0]), float(moments.variance[0])
    (3.0, 7.0)
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.count = 0
        self.mean = tf.zeros(shape)
        self._squares = tf.zeros(shape)

    def add(self, batch: Any) -> None:
        """Add tensors, stacked: float32 of shape (n, *shape)."""
        size = len(batch)
        mean = tf.reduce_mean(batch, axis=0)
        apart = mean - self.mean
        together = self.count + size
        self._squares += tf.reduce_sum(tf.square(batch - mean), axis=0)
        self._squares += tf.square(apart) * (self.count * size / together)
        self.mean += apart * (size / together)
        self.count = together

    @property
    def variance(self) -> Any:
        """The unbiased variance; NaN for fewer than two tensors."""
        return self._squares / (self.count - 1 if self.count > 1 else math.nan)

    @property
    def standard_error(self) -> Any:
        """The standard error of the mean of independent tensors; NaN for fewer than two."""
        return tf.sqrt(self.variance / self.count)
