"""Gaussian blurs of one image, made on the device: its scale space."""

from __future__ import annotations

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from scipy import fft

from tfinterp_widgets.engine.tensors import as_tensor

FADED = 1e-9
"""What is left of a mode that float32 no longer sees."""


class ScaleSpace:
    """One image, blurred by Gaussians of any standard deviation; the border reflects.

    A Gaussian blur is the spread of heat, for a time sigma² / 2, in a plate whose border lets none
    through. Its modes are the cosines of the discrete cosine transform (type II), and that of
    frequency w decays by exp(-sigma² w² / 2). So nothing is cut off however large sigma is, a
    constant image stays as it is, and blurring by a, then by b, is blurring by sqrt(a² + b²).

    Parameters
    ----------
    image : ndarray of float32, shape (H, W, C)

    Examples
    --------
    >>> blurs = ScaleSpace(np.eye(8, dtype=np.float32)[..., None])
    >>> blurs.at(np.array([0.0, 2.5])).shape
    TensorShape([2, 8, 8, 1])
    """

    def __init__(self, image: NDArray[np.float32]) -> None:
        height, width, _ = image.shape
        self._modes = [_modes(height), _modes(width)]
        self._rates = [_frequencies(height) ** 2 / 2, _frequencies(width) ** 2 / 2]
        spectrum = fft.dctn(image.astype(np.float64), axes=(0, 1), norm="ortho")
        self._spectrum = as_tensor(np.moveaxis(spectrum, -1, 0))

    def at(self, sigmas: NDArray[np.float64]) -> tf.Tensor:
        """Blur the image.

        Parameters
        ----------
        sigmas : ndarray of float64, shape (n,)
            Standard deviations in pixels, >= 0.

        Returns
        -------
        tensor of float32, shape (n, H, W, C)
        """
        rows, columns = (np.exp(-np.outer(sigmas**2, rates)) for rates in self._rates)
        # The modes that are left of the image that is blurred least: few, if that is much.
        high, wide = ((left > FADED).any(axis=0).sum() for left in (rows, columns))
        left = as_tensor(rows[:, None, :high, None] * columns[:, None, None, :wide])
        down, across = self._modes
        # One axis after the other: (n, C, high, wide), (n, C, high, W), (n, C, W, H). By no matmul:
        # of a stack with a single matrix it writes beyond its memory (TensorFlow 2.21, on a CPU).
        waves = tf.tensordot(self._spectrum[:, :high, :wide] * left, across[:wide], 1)
        blurred = tf.tensordot(waves, down[:high], [[2], [0]])
        return tf.transpose(blurred, (0, 3, 2, 1))


def _modes(size: int) -> tf.Tensor:
    """Cosines as rows, orthonormal: (frequency, pixel)."""
    return as_tensor(fft.dct(np.eye(size), axis=0, norm="ortho"))


def _frequencies(size: int) -> NDArray[np.float64]:
    """Radians a pixel of each mode."""
    return np.pi * np.arange(size) / size
