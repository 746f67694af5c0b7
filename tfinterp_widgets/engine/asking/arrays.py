"""The arrays that an example is made of: checked, and taken to model space."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.engine.parameters import as_numbers

Array = NDArray[np.float32]
Preprocess = Callable[[Any], Any]


def as_example(x: Any) -> Array:
    """Copy one example into a float32 array.

    Raises
    ------
    TypeError
        If it is not numeric.
    ValueError
        If it has no axes, or holds NaN or infinite values.
    """
    example = as_numbers(x, "the input").astype(np.float32)
    if example.ndim == 0 or example.size == 0:
        raise ValueError(
            f"the input has shape {example.shape}; expected one example with at least one value, "
            "such as (height, width, channels)."
        )
    bad = example.size - np.count_nonzero(np.isfinite(example))
    if bad:
        raise ValueError(
            f"the input has {bad} NaN or infinite values out of {example.size}; expected finite "
            "numbers. Replace them, for example with numpy.nan_to_num."
        )
    return example


def unbatched(made: Any) -> Array:
    """Take what `preprocess` made of a batch of one example out of the batch.

    Raises
    ------
    ValueError
        If it is no numeric batch of one, or holds NaN or infinite values.
    """
    batch = np.asarray(made)
    if batch.ndim == 0 or batch.shape[0] != 1 or batch.dtype.kind not in "buif":
        raise ValueError(
            f"preprocess turned a batch of 1 into {batch.dtype} of shape {batch.shape}; expected "
            "a numeric batch of 1. It gets (N, ...) float32 and returns (N, ...)."
        )
    point: Array = batch[0].astype(np.float32)
    if not np.isfinite(point).all():
        raise ValueError("preprocess turned a finite input into NaN or infinite values.")
    return point


def check_shape(
    point: Array, expected: tuple[int | None, ...] | None, what: str = "the input"
) -> None:
    """Raise ValueError unless `point` fits the model's input shape (None: any size)."""
    if expected is None or fits(point.shape, expected):
        return
    wanted = tuple("any" if size is None else size for size in expected)
    if fits(point.shape[1:], expected):
        advice = "That is a batch: explain one of it, e.g. x[0], or all with attribute_batch."
    elif len(point.shape) != len(expected):
        advice = f"Expected {len(expected)} axes and no batch axis."
    elif len(expected) != 3:
        advice = "Give as many numbers along each axis, in the order that the model was trained on."
    elif point.shape[-1] != expected[-1] and fits(point.shape[:-1], expected[:-1]):
        advice = (
            f"The model takes {expected[-1]} channels (last axis); convert the image, "
            "e.g. PIL.Image.convert."
        )
    else:
        advice = "Resize it first, e.g. with PIL.Image.resize."
    raise ValueError(
        f"{what} has shape {point.shape} after preprocessing; the model takes {wanted}. {advice}"
    )


def fits(shape: tuple[int, ...], expected: tuple[int | None, ...]) -> bool:
    """Whether a shape is one that `expected`, with None for any size, allows."""
    return len(shape) == len(expected) and all(
        size is None or size == actual for actual, size in zip(shape, expected, strict=True)
    )
