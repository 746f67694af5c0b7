"""Baselines of seeded noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tfinterp_widgets.engine.baselines.baseline import Array, within_channel
from tfinterp_widgets.engine.parameters import real_number, suggests_keywords, whole_number


@suggests_keywords
@dataclass(frozen=True)
class Noise:
    """Normal noise with the input's own mean and standard deviation, per channel.

    The channels are the last axis; an input with one axis is a single channel. Values are cut at
    the smallest and the largest of the input, so that pixels stay pixels.

    Parameters
    ----------
    seed : int
        The same seed, >= 0, gives the same noise.

    Raises
    ------
    TypeError, ValueError
        If the seed is not a whole number of at least 0.

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
        mean, deviation = x.mean(axis=within_channel(x)), x.std(axis=within_channel(x))
        noise = np.random.default_rng(self.seed).normal(mean, deviation, x.shape)
        return np.clip(noise, x.min(), x.max()).astype(np.float32)


@suggests_keywords
@dataclass(frozen=True)
class Uniform:
    """Noise that is equally often everywhere between two values, alike in all channels.

    Parameters
    ----------
    low, high : float, optional
        The bounds, in the units of the input; None is the smallest, or the largest, of the input.
    seed : int
        The same seed, >= 0, gives the same noise.

    Raises
    ------
    TypeError, ValueError
        If a bound is not a finite number, `low` is above `high`, or the seed is not a whole number
        of at least 0; when asked for the baseline of an input, if it lies beyond the only bound.

    Examples
    --------
    >>> noise = Uniform(0, 255, seed=1).of(np.zeros((2, 2, 3), np.float32))
    >>> bool(noise.min() >= 0 and noise.max() <= 255)
    True
    """

    low: float | None = None
    high: float | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("low", "high"):
            value = getattr(self, name)
            object.__setattr__(self, name, None if value is None else real_number(name, value))
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"Uniform({self.low}, {self.high}): expected low to be the smaller.")
        object.__setattr__(self, "seed", whole_number("seed", self.seed, at_least=0))

    def of(self, x: Array) -> Array:
        """Return seeded noise of the shape of `x`, float32."""
        low = float(x.min()) if self.low is None else self.low
        high = float(x.max()) if self.high is None else self.high
        if low > high:
            raise ValueError(
                f"{self!r} for an input from {x.min():g} to {x.max():g}: expected low to be the "
                "smaller. Give both bounds."
            )
        return np.random.default_rng(self.seed).uniform(low, high, x.shape).astype(np.float32)
