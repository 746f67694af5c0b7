"""What is to be known of the scores and gradients at each point, traced: one answer a point."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import tensorflow as tf


def all_finite(parts: Iterable[Any]) -> Any:
    """Whether all numbers of a point are, neither NaN nor infinite: (n,), of parts (n, ...)."""
    finite = [tf.reduce_all(tf.math.is_finite(part), axis=_within(part)) for part in parts]
    return tf.reduce_all(tf.stack(finite), axis=0)


def any_nonzero(gradients: Any) -> Any:
    """Whether any gradient of a point is other than 0: (n,), of gradients (n, ...)."""
    return tf.reduce_any(gradients != 0, axis=_within(gradients))


def _within(points: Any) -> list[int]:
    return list(range(1, points.shape.rank))
