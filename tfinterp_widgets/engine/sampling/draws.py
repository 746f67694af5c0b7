"""Random draws, each made from the seed and its own number: chunks do not change them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import tensorflow as tf

BLOCK_NUMBERS = 2**14
"""Random numbers that are made at once at most, unless a single draw has more."""

LARGEST_SEED = 2**63
"""What TensorFlow takes; larger seeds begin anew from 0."""


def normal(seed: int, begin: int, end: int, shape: tuple[int, ...]) -> Any:
    """Standard normal draws number `begin` to ``end - 1``.

    Parameters
    ----------
    seed : int
    begin, end : int
        Which draws of the endless sequence of this seed.
    shape : tuple of int
        Shape of one draw.

    Returns
    -------
    tensor of float32, shape (end - begin, *shape)

    Examples
    --------
    >>> bool(tf.reduce_all(normal(7, 0, 3, (2,))[2] == normal(7, 2, 3, (2,))[0]))
    True
    """
    return _numbered(tf.random.stateless_normal, seed, begin, end, shape)


def uniform(seed: int, begin: int, end: int, shape: tuple[int, ...]) -> Any:
    """Draws between 0 and 1, 1 excluded; parameters and result as for `normal`."""
    return _numbered(tf.random.stateless_uniform, seed, begin, end, shape)


def _numbered(
    draw: Callable[..., Any], seed: int, begin: int, end: int, shape: tuple[int, ...]
) -> Any:
    if end <= begin:
        return tf.zeros((0, *shape))
    # Small draws are made by the block: one operation takes longer than all their numbers.
    size = max(1, BLOCK_NUMBERS // max(1, math.prod(shape)))
    blocks = range(begin // size, -(-end // size))
    made = [draw((size, *shape), (seed % LARGEST_SEED, block)) for block in blocks]
    first = begin - blocks.start * size
    return tf.concat(made, axis=0)[first : first + end - begin]
