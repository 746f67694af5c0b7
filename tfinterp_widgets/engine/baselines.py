"""Baselines: the input that stands for "nothing there", from which a path leads to the real one.

A baseline is a frozen dataclass whose ``of(x)`` makes the array for one input. It works in the
user's own space (pixels 0..255, raw columns), before any preprocessing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tfinterp_widgets.engine.inputs import as_numbers, whole_number
from tfinterp_widgets.engine.keywords import suggests_keywords

Array = NDArray[np.float32]


def _within_channel(x: Array) -> tuple[int, ...]:
    """Axes to average over: all but the channels, which an input with one axis has none of."""
    return tuple(range(max(1, x.ndim - 1)))


@runtime_checkable
class Baseline(Protocol):
    """Anything with ``of(x) -> array of the shape of x``, in the user's own space."""

    def of(self, x: Array) -> Array:
        """Make the baseline of one input, both in the user's own space."""
        ...


@suggests_keywords
@dataclass(frozen=True)
class Constant:
    """The same value everywhere, or one value per channel.

    Parameters
    ----------
    value : float or tuple of float
        In the units of the input. 0.0 is black for pixels; a tuple has one value per channel (last
        axis).

    Examples
    --------
    >>> Constant(127.5).of(np.zeros((2, 2, 3), np.float32)).max()
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


@suggests_keywords
@dataclass(frozen=True)
class Blur:
    """The input itself, blurred: keeps its colours, loses its detail (Fong & Vedaldi 2017).

    Parameters
    ----------
    sigma : float
        Standard deviation of the Gaussian in pixels, > 0, over the first two axes; the border is
        reflected.

    Examples
    --------
    >>> Blur(3.0).of(np.full((8, 8, 3), 9.0, np.float32)).mean().round(4)
    9.0
    """

    sigma: float = 20.0

    def __post_init__(self) -> None:
        sigma = as_numbers(self.sigma, "the sigma of Blur")
        if sigma.ndim or not (np.isfinite(sigma) and sigma > 0):
            raise ValueError(f"Blur(sigma={self.sigma!r}): expected a number of pixels above 0.")

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
class Noise:
    """Normal noise with the input's own mean and standard deviation, per channel.

    The channels are the last axis; an input with one axis is a single channel. Values are cut at
    the smallest and the largest of the input, so that pixels stay pixels.

    Parameters
    ----------
    seed : int
        The same seed gives the same noise.

    Examples
    --------
    >>> x = np.arange(12, dtype=np.float32).reshape(2, 2, 3)
    >>> bool((Noise(seed=1).of(x) == Noise(seed=1).of(x)).all())
    True
    """

    seed: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "seed", whole_number("seed", self.seed, at_least=0))

    def of(self, x: Array) -> Array:
        """Return seeded noise of the shape of `x`, float32."""
        mean, deviation = x.mean(axis=_within_channel(x)), x.std(axis=_within_channel(x))
        noise = np.random.default_rng(self.seed).normal(mean, deviation, x.shape)
        return np.clip(noise, x.min(), x.max()).astype(np.float32)


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
        return np.broadcast_to(x.mean(axis=_within_channel(x)), x.shape).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Given:
    """An array of the user's own, of the input's shape.

    Parameters
    ----------
    values : ndarray
        Finite, of exactly the input's shape, in the input's units.
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


def as_baseline(baseline: Any) -> Baseline:
    """Accept a baseline, a number (Constant) or an array (Given).

    Raises
    ------
    TypeError
        For anything else.
    """
    if isinstance(baseline, Baseline) and not isinstance(baseline, type):
        return baseline
    if isinstance(baseline, int | float | np.number) and not isinstance(baseline, bool):
        return Constant(float(baseline))
    if isinstance(baseline, np.ndarray | list | tuple) or hasattr(baseline, "__array__"):
        return Given(baseline)
    raise TypeError(
        f"baseline {baseline!r} is a {type(baseline).__name__}; expected one of "
        "tfinterp_widgets.baselines, a number, or an array of the input's shape."
    )


@dataclass(frozen=True)
class BaselineEntry:
    """A baseline as menus show it.

    Attributes
    ----------
    label : str
    make : callable
        ``make(low, high)`` returns the baseline for inputs between `low` and `high`.
    note : str
        One sentence for whoever reads a map: what the difference from this baseline leaves out.
    """

    label: str
    make: Callable[[float, float], Baseline]
    note: str


def _constant_note(name: str) -> str:
    return f"Explains the difference from {name}; pixels equal to the baseline get 0 by definition."


BASELINES: dict[str, BaselineEntry] = {
    "black": BaselineEntry("Black", lambda low, _: Constant(low), _constant_note("black")),
    "grey": BaselineEntry(
        "Grey", lambda low, high: Constant((low + high) / 2), _constant_note("mid-grey")
    ),
    "white": BaselineEntry("White", lambda _, high: Constant(high), _constant_note("white")),
    "mean": BaselineEntry("Mean colour", lambda *_: Mean(), _constant_note("the mean colour")),
    "blur": BaselineEntry(
        "Blurred",
        lambda *_: Blur(),
        "Explains the difference from the blurred image: its detail, not its colours.",
    ),
    "noise": BaselineEntry(
        "Noise",
        lambda *_: Noise(),
        "Explains the difference from one draw of noise; others differ.",
    ),
}
