"""Baselines without chance: one value, the input blurred or averaged, an array of the user's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from tfinterp_widgets.engine.baselines.baseline import Array, within_channel
from tfinterp_widgets.engine.parameters import as_numbers, suggests_keywords


@suggests_keywords
@dataclass(frozen=True)
class Constant:
    """The same value everywhere, or one value per channel.

    Parameters
    ----------
    value : float or tuple of float
        In the units of the input. 0.0 is black for pixels; a tuple has one value per channel (last
        axis).

    Raises
    ------
    TypeError, ValueError
        If the value is not one finite number, or one per channel; when asked for the baseline of an
        input, if that has another number of channels.

    Examples
    --------
    >>> float(Constant(127.5).of(np.zeros((2, 2, 3), np.float32)).max())
    127.5
    """

    value: float | tuple[float, ...] = 0.0

    def __post_init__(self) -> None:
        value = as_numbers(self.value, "the value of Constant")
        if value.ndim > 1 or not np.isfinite(value).all():
            raise ValueError(
                f"Constant({self.value!r}): expected one finite number, or one per channel."
            )
        object.__setattr__(self, "value", tuple(value.tolist()) if value.ndim else float(value))

    def of(self, x: Array) -> Array:
        """Return an array of the shape of `x`, float32, filled with the value."""
        if isinstance(self.value, tuple) and len(self.value) != x.shape[-1]:
            raise ValueError(
                f"Constant baseline has {len(self.value)} values, but the input has "
                f"{x.shape[-1]} channels; give one number, or one per channel."
            )
        return np.broadcast_to(np.asarray(self.value, np.float32), x.shape).copy()


ZERO = Constant(0.0)
"""What methods compare an input with unless told otherwise; of pixels it is black."""


@suggests_keywords
@dataclass(frozen=True)
class Blur:
    """The input itself, blurred: keeps its colours, loses its detail (Fong & Vedaldi 2017).

    Parameters
    ----------
    sigma : float
        Standard deviation of the Gaussian in pixels, > 0, over the first two axes; the border is
        reflected.

    Raises
    ------
    TypeError, ValueError
        If sigma is not a number above 0; when asked for the baseline of an input, if that has no
        height and width.

    Examples
    --------
    >>> round(float(Blur(3.0).of(np.full((8, 8, 3), 9.0, np.float32)).mean()), 4)
    9.0
    """

    sigma: float = 20.0

    def __post_init__(self) -> None:
        sigma = as_numbers(self.sigma, "the sigma of Blur")
        if sigma.ndim or not (np.isfinite(sigma) and sigma > 0):
            raise ValueError(f"Blur(sigma={self.sigma!r}): expected a number of pixels above 0.")
        object.__setattr__(self, "sigma", float(sigma))

    def of(self, x: Array) -> Array:
        """Return `x` blurred over its first two axes, float32."""
        if x.ndim < 2:
            raise ValueError(
                f"Blur needs an image, with height and width; the input has shape {x.shape}. "
                "Use Constant or an array."
            )
        return np.asarray(ndimage.gaussian_filter(x, self.sigma, axes=(0, 1)), np.float32)


@suggests_keywords
@dataclass(frozen=True)
class Mean:
    """The mean of each channel (last axis) of the input, everywhere.

    An input with one axis is a single channel.

    Examples
    --------
    >>> Mean().of(np.array([[[0.0, 4.0]], [[2.0, 8.0]]], np.float32))[0, 0]
    array([1., 6.], dtype=float32)
    """

    def of(self, x: Array) -> Array:
        """Return an array of the shape of `x`, float32, with each channel's mean."""
        return np.broadcast_to(x.mean(axis=within_channel(x)), x.shape).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Given:
    """An array of the user's own, of the input's shape.

    Parameters
    ----------
    values : ndarray
        Finite, of exactly the input's shape, in the input's units.

    Raises
    ------
    TypeError, ValueError
        If they are not finite numbers; when asked for the baseline of an input, if that has another
        shape.
    """

    values: Array

    def __post_init__(self) -> None:
        values = as_numbers(self.values, "the baseline").astype(np.float32)
        if not np.isfinite(values).all():
            raise ValueError(
                f"the baseline array of shape {values.shape} has NaN or infinite values; "
                "expected finite numbers."
            )
        values.flags.writeable = False
        object.__setattr__(self, "values", values)

    def of(self, x: Array) -> Array:
        """Return the array, after checking that it has the shape of `x`."""
        if self.values.shape != x.shape:
            raise ValueError(
                f"the baseline has shape {self.values.shape}, but the input has {x.shape}; "
                "give an array of the input's shape, without a batch axis."
            )
        return self.values
