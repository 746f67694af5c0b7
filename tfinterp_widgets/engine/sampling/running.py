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
    Moments"). All is in units of the largest number of the first batch: in its own, the fourth
    power of a small gradient would be below all float32.

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
        self._unit = 1.0
        self._mean = tf.zeros(shape)
        # Sums of the deviations' powers.
        self._second, self._third, self._fourth = tf.zeros(shape), tf.zeros(shape), tf.zeros(shape)

    def add(self, batch: Any) -> None:
        """Add tensors, stacked: float32 of shape (n, *shape)."""
        before, size = self.count, len(batch)
        if not before:
            self._unit = _power_of_two(float(tf.reduce_max(tf.abs(batch))))
        batch = batch / self._unit
        mean = tf.reduce_mean(batch, axis=0)
        apart = batch - mean
        squares = tf.square(apart)
        second = tf.reduce_sum(squares, axis=0)
        third = tf.reduce_sum(squares * apart, axis=0)
        fourth = tf.reduce_sum(tf.square(squares), axis=0)

        self.count = before + size
        ours, theirs = before / self.count, size / self.count
        moved = mean - self._mean
        squared = tf.square(moved)
        self._fourth += (
            fourth
            + tf.square(squared) * (before * theirs * (ours**2 - ours * theirs + theirs**2))
            + 6 * squared * (ours**2 * second + theirs**2 * self._second)
            + 4 * moved * (ours * third - theirs * self._third)
        )
        self._third += (
            third
            + squared * moved * (before * theirs * (ours - theirs))
            + 3 * moved * (ours * second - theirs * self._second)
        )
        self._second += second + squared * (before * theirs)
        self._mean += moved * theirs

    @property
    def variance(self) -> Any:
        """The unbiased variance; 0 of a single tensor."""
        return self._second / max(self.count - 1, 1) * self._unit**2

    @property
    def standard_error(self) -> Any:
        """The standard error of `variance`, whatever the distribution.

        ``sqrt((m4 - (n - 3) / (n - 1) s⁴) / n)`` with the fourth central moment m4 and the variance
        s² (Mood, Graybill & Boes 1974, "Introduction to the Theory of Statistics", VI.2).
        Two tensors at least.
        """
        n = self.count
        spread = tf.square(self._second / (n - 1)) * ((n - 3) / (n - 1))
        # Of numbers that are all alike, rounding may leave less than nothing.
        return tf.sqrt(tf.maximum(self._fourth / n - spread, 0.0) / n) * self._unit**2


def _power_of_two(size: float) -> float:
    """The power of two next to a size, by which a division is exact; 1 for 0."""
    return 2.0 ** math.frexp(size)[1] if size else 1.0
