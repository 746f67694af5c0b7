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


class RunningVariance:
    """The variance of what was added so far, and how sure it is, on the device.

    Batches are merged as by `RunningMoments`, here up to the fourth moment (Pébay 2008, "Formulas
    for Robust, One-Pass Parallel Computation of Covariances and Arbitrary-Order Statistical
    Moments"), and in float64: the fourth power of a small gradient is below all float32.

    Parameters
    ----------
    shape : tuple of int
        Shape of one of the tensors.

    Examples
    --------
    >>> moments = RunningVariance((1,))
    >>> moments.add(tf.constant([[1.0], [2.0], [6.0]]))
    >>> float(moments.variance[0])
    7.0
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.count = 0
        self._mean = tf.zeros(shape, tf.float64)
        # Sums of the deviations' powers.
        self._second, self._third, self._fourth = (tf.zeros(shape, tf.float64) for _ in range(3))

    def add(self, batch: Any) -> None:
        """Add tensors, stacked: float32 of shape (n, *shape)."""
        before, size = self.count, len(batch)
        batch = tf.cast(batch, tf.float64)
        mean = tf.reduce_mean(batch, axis=0)
        second, third, fourth = (
            tf.reduce_sum((batch - mean) ** power, axis=0) for power in (2, 3, 4)
        )
        self.count = before + size
        ours, theirs = before / self.count, size / self.count
        apart = mean - self._mean
        self._fourth += (
            fourth
            + apart**4 * (before * theirs * (ours**2 - ours * theirs + theirs**2))
            + 6 * apart**2 * (ours**2 * second + theirs**2 * self._second)
            + 4 * apart * (ours * third - theirs * self._third)
        )
        self._third += (
            third
            + apart**3 * (before * theirs * (ours - theirs))
            + 3 * apart * (ours * second - theirs * self._second)
        )
        self._second += second + apart**2 * (before * theirs)
        self._mean += apart * theirs

    @property
    def variance(self) -> Any:
        """The unbiased variance, float32; 0 of a single tensor."""
        return tf.cast(self._second / max(self.count - 1, 1), tf.float32)

    @property
    def standard_error(self) -> Any:
        """The standard error of `variance`, whatever the distribution; float32.

        ``sqrt((m4 - (n - 3) / (n - 1) s⁴) / n)`` with the fourth central moment m4 and the variance
        s² (Mood, Graybill & Boes 1974, "Introduction to the Theory of Statistics", VI.2).
        Two tensors at least.
        """
        n = self.count
        spread = (self._second / (n - 1)) ** 2 * ((n - 3) / (n - 1))
        return tf.cast(tf.sqrt((self._fourth / n - spread) / n), tf.float32)
