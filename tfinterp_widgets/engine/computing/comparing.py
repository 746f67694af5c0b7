"""Whether two models answer alike: the scores and gradients of both, at the same points."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from tfinterp_widgets.engine.computing.differentiable import Differentiable
from tfinterp_widgets.engine.models.layout import Layout
from tfinterp_widgets.engine.models.reading import Reading

Array = NDArray[np.float32]

SCORE_TOLERANCE = 1e-4
"""How far scores may be off, relative to the largest of them."""

GRADIENT_TOLERANCE = 1e-2
"""How far the gradient at a point may be off, in relative L1: rounding turns a few ReLUs over."""

PROBES = 4
"""Points at which a model and its faster equal are compared: one small chunk."""

_SWITCHING = threading.Lock()
"""Held while TensorFlow's setting for TensorFloat-32, which is one for all, is another."""


@dataclass(frozen=True)
class Comparison:
    """A model, and what may take its place if it answers alike.

    Attributes
    ----------
    reference, candidate : Differentiable
        The model, and the other one.
    reading : Reading
        The scale of the scores.
    points : ndarray of float32, shape (n, ...)
        Where they are compared, from near an input to pure noise.
    weights : int
        The fingerprint of the weights with which they are.
    """

    reference: Differentiable
    candidate: Differentiable
    reading: Reading
    points: Array
    weights: int

    def difference(self) -> str | None:
        """In what they differ by more than they may; None if in nothing."""
        with _full_precision():
            found = map(self._difference, self._targets())
            return next((each for each in found if each is not None), None)

    def _difference(self, target: int) -> str | None:
        expected, expected_gradients = gradients_at(self.points, self.reference, target)
        scores, gradients = gradients_at(self.points, self.candidate, target)
        error = _relative(np.abs(scores - expected).max(), np.abs(expected).max())
        if not error <= SCORE_TOLERANCE:
            return f"its scores would be off by {error:.1e}; allowed are {SCORE_TOLERANCE}."
        error = max(
            _relative(np.abs(ours - theirs).sum(), np.abs(theirs).sum())
            for ours, theirs in zip(gradients, expected_gradients, strict=True)
        )
        if not error <= GRADIENT_TOLERANCE:
            return f"gradients would be off by {error:.1e}; allowed are {GRADIENT_TOLERANCE}."
        return None

    def _targets(self) -> set[int]:
        """The classes that lead nearest to the input and in pure noise."""
        rows = [
            self.reading.scores(self.candidate.evaluate(self.points[[place]])) for place in (0, -1)
        ]
        return {int(np.argmax(row)) for row in rows}


def gradients_at(points: Array, model: Differentiable, target: int) -> tuple[Array, Array]:
    """Scores (n,) and gradients (n, ...) of a class at however many points, on the host."""
    parts = []
    for begin, end in model.chunks(len(points)):
        parts += model.gradients_of(tf.constant(points[begin:end]), [target])
    return (
        np.concatenate([part.scores for part in parts]),
        np.concatenate([part.gradients.numpy() for part in parts]),
    )


@contextmanager
def _full_precision() -> Iterator[None]:
    """Keep a GPU from rounding to TensorFloat-32, to tell mistakes from rounding."""
    if not tf.config.list_logical_devices("GPU"):
        yield
        return
    with _SWITCHING:
        rounds = tf.config.experimental.tensor_float_32_execution_enabled()
        tf.config.experimental.enable_tensor_float_32_execution(False)
        try:
            yield
        finally:
            tf.config.experimental.enable_tensor_float_32_execution(rounds)


def random_points(layout: Layout, point: Array) -> Array:
    """Points from near an input to pure noise, on the scale of each of its arrays.

    Returns
    -------
    ndarray of float32, shape (PROBES, *point.shape)
        What has no gradient, such as token ids, stays as it is in the input.
    """
    random = np.random.default_rng(0)
    shares = np.linspace(0, 1, PROBES + 1)[1:]
    arrays = layout.unpack(point)
    return np.stack(
        [
            layout.keep_carried(
                point,
                layout.pack({name: _blend(array, share, random) for name, array in arrays.items()}),
            )
            for share in shares
        ]
    )


def _blend(array: Array, share: float, random: np.random.Generator) -> Array:
    low, high = array.min(), array.max()
    if low == high:
        low, high = low - 1, high + 1
    noise = random.uniform(low, high, array.shape)
    return (array + share * (noise - array)).astype(np.float32)


def _relative(difference: float, size: float) -> float:
    if difference == 0:
        return 0.0
    return float(difference / size) if size else np.inf
