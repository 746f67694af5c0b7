"""One question to a model: this input, this target. What a method's ``refine`` works on."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from tfinterp_widgets.engine.attribution import Attribution
from tfinterp_widgets.engine.cache import ByteLimitedCache
from tfinterp_widgets.engine.differentiable import Differentiable
from tfinterp_widgets.engine.inputs import Preprocess, check_shape, to_model_space
from tfinterp_widgets.engine.targets import Target, target_score

Array = NDArray[np.float32]


def digest(array: Array) -> str:
    """Short name for an array's shape and content."""
    content = hashlib.blake2b(np.ascontiguousarray(array).data, digest_size=16)
    return f"{array.shape}{content.hexdigest()}"


class Forward:
    """Plain forward passes at single points, remembered by content.

    Parameters
    ----------
    model : Differentiable
    cache : ByteLimitedCache
    state : hashable
        What the answers depend on beside the point: the weights' fingerprint.
    """

    def __init__(self, model: Differentiable, cache: ByteLimitedCache, state: Hashable) -> None:
        self._model = model
        self._cache = cache
        self.state = state

    def __call__(self, points: list[Array]) -> list[tuple[Array, Array | None]]:
        """Scores and probabilities of each point; those not known yet go through together."""
        keys = [("forward", self.state, digest(point)) for point in points]
        known = {key: self._cache.get(key) for key in keys}
        missing = [i for i, key in enumerate(keys) if known[key] is None]
        if missing:
            rows = self._model.outputs(np.stack([points[i] for i in missing]))
            for i, row in zip(missing, rows, strict=True):
                known[keys[i]] = row
                self._cache.put(keys[i], row, sum(a.nbytes for a in row if a is not None))
        return [known[key] for key in keys]  # type: ignore[misc]  # none is missing any more


@dataclass(frozen=True, eq=False)
class Question:
    """One input and one target, and the means to answer.

    Attributes
    ----------
    example : ndarray of float32
        The input in the user's own space.
    point : ndarray of float32
        The same in model space.
    target : int or (int, int)
    model : Differentiable
    forward : Forward
    preprocess : callable or None
    cache : ByteLimitedCache
    state : hashable
        What every answer depends on beside the method: the weights' fingerprint.
    """

    example: Array
    point: Array
    target: Target
    model: Differentiable
    forward: Forward
    preprocess: Preprocess | None
    cache: ByteLimitedCache
    state: Hashable

    def to_model_space(self, example: Array) -> Array:
        """Preprocess another example, such as a baseline, as the input itself was."""
        point = to_model_space(example, self.preprocess)
        check_shape(point, self.point.shape)
        return point

    def scores(self, points: list[Array]) -> list[float]:
        """The target's score at points in model space, by plain forward passes.

        Raises
        ------
        ValueError
            If the model answers NaN or infinity.
        """
        scores = [float(target_score(row, self.target)) for row, _ in self.forward(points)]
        if not np.isfinite(scores).all():
            raise ValueError(
                f"the model's score of target {self.target} is not finite ({scores[0]} at the "
                "input); there is nothing to explain. Check the weights and the preprocessing."
            )
        return scores

    def chunks(self, count: int) -> Iterator[tuple[int, int]]:
        """Cut `count` points into chunks (begin, end), as the model's device likes them."""
        return self.model.chunks(count)

    def gradients(self, points: Any) -> tuple[NDArray[np.float32], Any]:
        """Scores (n,) and gradients (n, ...) of the target at at most one chunk of points."""
        return self.model.scores_and_gradients(points, self.target)

    def answers(self, *method: Hashable) -> Answers:
        """What is remembered of this question, answered by this method."""
        return Answers(self.cache, (self.state, digest(self.point), self.target, *method))


@dataclass(frozen=True)
class Answers:
    """The levels of one question and method that are already computed."""

    cache: ByteLimitedCache
    key: Hashable

    def get(self, level: int | None) -> Attribution | None:
        """The answer exact for `level` steps (None for a method without steps), if known."""
        found: Attribution | None = self.cache.get((self.key, level))
        return found

    def levels(self) -> list[int]:
        """Numbers of steps whose answer is known, ascending."""
        keys = [key for key in self.cache.keys() if isinstance(key, tuple)]  # noqa: SIM118
        return sorted(key[1] for key in keys if key[0] == self.key and key[1] is not None)

    def put(self, answer: Attribution) -> None:
        """Remember an answer under its level."""
        size = answer.values.nbytes
        if answer.baseline is not None and answer.path is not None:
            size += answer.baseline.nbytes + answer.path.alphas.nbytes + answer.path.scores.nbytes
        # What is handed out and kept must stay what it is.
        answer.values.flags.writeable = False
        self.cache.put((self.key, answer.level), answer, size)


def as_tensor(array: NDArray[np.floating[Any]]) -> Any:
    """Put an array on the device, as float32."""
    return tf.constant(array, tf.float32)
