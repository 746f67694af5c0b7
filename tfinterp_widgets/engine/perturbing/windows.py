"""Windows that slide over an input, made on the device by their numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from tfinterp_widgets.engine.models.layout import Layout
from tfinterp_widgets.engine.perturbing.hiding import joined

Numbers = NDArray[np.intp]


@dataclass(frozen=True)
class Windows:
    """Windows that together cover an input.

    Attributes
    ----------
    count : int
        How many there are.
    masks : callable
        ``masks(numbers)`` returns, for numbers (n,) from 0 to ``count - 1``, a bool tensor
        (n, ...), True where each window is: (n, H, W, 1) over an image.
    """

    count: int
    masks: Callable[[Numbers], Any]


def windows_over(layout: Layout, side: int, stride: int) -> Windows:
    """Squares over images, and each value of anything else by itself.

    Parameters
    ----------
    layout : Layout
        The arrays of an input; a window lies in one of them.
    side, stride : int
        In pixels, >= 1. The last squares of a row or column are cut off at the border.
    """
    parts = [
        _squares(leaf.shape, side, stride) if len(leaf.shape) == 3 else _single_values(leaf.shape)
        for leaf in layout.leaves
    ]
    ends = np.cumsum([part.count for part in parts])

    def masks(numbers: Numbers) -> Any:
        return joined(
            layout,
            [
                _those_inside(part, numbers - (end - part.count))
                for part, end in zip(parts, ends, strict=True)
            ],
        )

    return Windows(int(ends[-1]), masks)


def _those_inside(windows: Windows, numbers: Numbers) -> Any:
    """The masks of windows by their numbers; empty ones for numbers of other arrays' windows."""
    inside = (numbers >= 0) & (numbers < windows.count)
    masks = windows.masks(np.where(inside, numbers, 0))
    return masks & inside.reshape(-1, *[1] * (len(masks.shape) - 1))


def _squares(shape: tuple[int, ...], side: int, stride: int) -> Windows:
    height, width, _ = shape
    tops, lefts = _starts(height, side, stride), _starts(width, side, stride)

    def masks(numbers: Numbers) -> Any:
        rows = _between(tops[numbers // lefts.size], side, height)
        columns = _between(lefts[numbers % lefts.size], side, width)
        return (rows[:, :, None] & columns[:, None, :])[..., None]

    return Windows(tops.size * lefts.size, masks)


def _starts(size: int, side: int, stride: int) -> Numbers:
    """Where windows start: as many as it takes to cover the last pixel."""
    return np.asarray(stride * np.arange(math.ceil(max(0, size - side) / stride) + 1), np.intp)


def _between(starts: Numbers, side: int, size: int) -> Any:
    position = tf.range(size)
    first = tf.constant(starts[:, None], tf.int32)
    return (position >= first) & (position < first + side)


def _single_values(shape: tuple[int, ...]) -> Windows:
    count = math.prod(shape)

    def masks(numbers: Numbers) -> Any:
        one_of_each = tf.one_hot(numbers, count, on_value=True, off_value=False)
        return tf.reshape(one_of_each, (-1, *shape))

    return Windows(count, masks)
