"""What a baseline is."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


@runtime_checkable
class Baseline(Protocol):
    """Anything with ``of(x) -> array of the shape of x``, in the user's own space."""

    def of(self, x: Array) -> Array:
        """Make the baseline of one input, both in the user's own space."""
        ...


def within_channel(x: Array) -> tuple[int, ...]:
    """Axes to average over: all but the channels, which an input with one axis has none of."""
    return tuple(range(max(1, x.ndim - 1)))
