"""One question to a model: this input, this target. What a method's ``refine`` works on."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf

from tfinterp_widgets.engine.asking.answers import Answers
from tfinterp_widgets.engine.asking.arrays import Array, Preprocess
from tfinterp_widgets.engine.asking.cache import ByteLimitedCache
from tfinterp_widgets.engine.asking.examples import Example, to_point
from tfinterp_widgets.engine.asking.forward import Forward, rounds_to_tf32
from tfinterp_widgets.engine.attribution import Attribution
from tfinterp_widgets.engine.computing.differentiable import Differentiable
from tfinterp_widgets.engine.computing.vanishing import GradientWatch
from tfinterp_widgets.engine.digests import digest
from tfinterp_widgets.engine.models.adapted import InputSpec
from tfinterp_widgets.engine.models.layout import Layout
from tfinterp_widgets.engine.models.reading import Reading
from tfinterp_widgets.engine.targets import Target, target_score
from tfinterp_widgets.engine.tensors import as_tensor

if TYPE_CHECKING:
    from tfinterp_widgets.engine.asking.method import Method


@dataclass(frozen=True, eq=False)
class Question:
    """One input and one target, and the means to answer.

    Attributes
    ----------
    example : ndarray of float32, or a list or dictionary of them
        The input in the user's own space.
    point : ndarray of float32
        The same in model space; several inputs as one vector.
    layout : Layout
        How the model's inputs lie in the point.
    inputs : tuple of InputSpec, or None
        The model's inputs, where it tells them.
    target : int, (int, int) or callable
    model : Differentiable
    reading : Reading
        The scale of the scores.
    forward : Forward
    preprocess : callable or None
    cache : ByteLimitedCache
    weights : int
        The fingerprint of the model's weights when the question was asked.
    watch : GradientWatch
        What is seen of the gradients while it is answered.
    rounds : bool
        Whether TensorFlow rounded to TensorFloat-32 when the question was asked.
    previews : bool
        Whether anybody looks at what comes before the last answer: a small chunk, for a first
        preview, takes more time a point.
    """

    example: Any
    point: Array
    layout: Layout
    inputs: tuple[InputSpec, ...] | None
    target: Target
    model: Differentiable
    reading: Reading
    forward: Forward
    preprocess: Preprocess | None
    cache: ByteLimitedCache
    weights: int
    watch: GradientWatch = field(default_factory=GradientWatch)
    rounds: bool = field(default_factory=rounds_to_tf32)
    previews: bool = True

    def to_model_space(self, example: Example, carry: bool = True) -> Array:
        """Preprocess another example, such as a baseline, as the input itself was.

        With `carry` what has no gradient, such as token ids beside an image, stays as it is in the
        input.

        Raises
        ------
        ValueError
            If it does not fit the model, or preprocessing makes another shape of it than of the
            input.
        """
        try:
            arrays, layout = to_point(example, self.inputs, self.preprocess, whole=not carry)
        except ValueError as error:
            error.add_note("That is about the baseline; the input itself is fine.")
            raise
        if layout != self.layout:
            raise ValueError(
                f"preprocess made something of another shape of the baseline ({_shapes(layout)}) "
                f"than of the input ({_shapes(self.layout)}); expected the same."
            )
        point = layout.pack(arrays)
        return self.layout.keep_carried(self.point, point) if carry else point

    def answered_by(self, method: Method) -> Attribution:
        """A method's last answer, without stopping for previews."""
        *_, last = replace(self, previews=False).explained_by(method)
        return last

    def explained_by(self, method: Method) -> Iterator[Attribution]:
        """What a method answers, in the structure of the user's input. Closing it cancels."""
        asked = replace(self, watch=GradientWatch())
        for estimate in method.refine(asked):
            yield asked.structured(asked.warned(estimate))

    def warned(self, answer: Attribution) -> Attribution:
        """Add a warning to an answer that is empty since all gradients were 0."""
        if answer.warning is not None or answer.values.any():
            return answer
        half = self.model.computes_in_half
        return replace(answer, warning=self.watch.warning(self.reading.unit == "probability", half))

    def structured(self, answer: Attribution) -> Attribution:
        """Bring an answer into the structure of the user's input, for several inputs."""
        of_layer = getattr(answer.method, "layer", None) is not None
        if not self.layout.packed or of_layer or answer.values.shape != self.layout.shape:
            return answer  # of one array, or of what a layer returns
        error = answer.standard_error
        return replace(
            answer,
            values=self.layout.structured(answer.values, self.example),
            standard_error=None if error is None else self.layout.structured(error, self.example),
            parts=tuple(map(self.structured, answer.parts)),
        )

    def outputs(self) -> tuple[Array, Array]:
        """Scores and probabilities of all classes at the input, (classes,) each."""
        (said,) = self.forward([self.point])
        return np.asarray(self.reading.scores(said)), np.asarray(self.reading.probabilities(said))

    def scores(self, points: list[Array]) -> list[float]:
        """The target's score at points in model space, by plain forward passes.

        Raises
        ------
        ValueError
            If the model answers NaN or infinity.
        """
        said = map(self.reading.scores, self.forward(points))
        scores = [float(target_score(rows, self.target)) for rows in said]
        if not np.isfinite(scores).all():
            bad = next(score for score in scores if not np.isfinite(score))
            raise ValueError(
                f"the model's score of target {self.target} is not finite ({bad}) at the input, at "
                "the baseline or between them; there is nothing to explain. Check the weights and "
                "the preprocessing, or try another baseline."
            )
        return scores

    def chunks(self, count: int) -> Iterator[tuple[int, int]]:
        """Cut `count` points into chunks (begin, end) for `gradients`."""
        return self.model.chunks(count, [self.target], self.previews)

    def forward_chunks(self, count: int) -> Iterator[tuple[int, int]]:
        """Cut `count` points into chunks (begin, end) for `evaluate` and `probabilities_at`."""
        return self.model.forward_chunks(count, self.previews)

    def evaluate(self, points: Any) -> Array:
        """The target's score (n,) at at most one chunk of points, by a plain forward pass.

        Nothing is remembered: for points that no other question will ask for.

        Raises
        ------
        ValueError
            If a score is NaN or infinite.
        """
        return self._of_target(self.reading.scores(self.model.evaluate(points)))

    def probabilities_at(self, points: Any) -> Array:
        """The target's probability (n,), p_a - p_b for a pair; otherwise as `evaluate`.

        The score itself where there is no probability: a score of one's own, or one linear unit.
        """
        said = self.model.evaluate(points)
        if callable(self.target) or not self.reading.has_probabilities(said):
            return self._of_target(self.reading.scores(said))
        return self._of_target(self.reading.probabilities(said))

    def gradients(self, points: Any) -> tuple[Array, Any]:
        """Scores (n,) and gradients (n, ...) of the target at at most one chunk of points.

        Raises
        ------
        ValueError
            If one of them is NaN or infinite.
        """
        (found,) = self.model.gradients_of(points, [self.target])
        self.check_gradients(found.finite, found.nonzero, len(found.scores))
        return found.scores, found.gradients

    def gradient(self) -> tuple[float, Any]:
        """Score and gradient (...) of the target at the input; raises as `gradients`."""
        return self._at(as_tensor(self.point[None]), one_of_many=False)

    def next_gradient(self, point: Any) -> tuple[float, Any]:
        """As `gradient`, at a point (...) of a path on which each depends on the one before."""
        return self._at(point[tf.newaxis], one_of_many=True)

    def check_gradients(self, finite: bool, nonzero: bool, points: int = 1) -> None:
        """Note what was seen of the gradients at some points.

        Raises
        ------
        ValueError
            If they are not all finite.
        """
        self.watch.note(points, nonzero)
        if not finite:
            raise ValueError(
                f"the gradient of target {self.target} is NaN or infinite at a point that the "
                "method needs (the square root or the logarithm of 0?). Try another baseline, or "
                'output="logits" where it is "probability".'
            )

    def answers(self, *method: Hashable) -> Answers:
        """What is remembered of this question, answered by this method."""
        asked = self.weights, self.rounds, self.layout, digest(self.point), self.target
        key = (*asked, *method)
        return Answers(self.cache, key, self.warned)

    def check_weights(self) -> None:
        """Raise RuntimeError if the weights have changed since the question was asked."""
        if self.model.fingerprint() != self.weights:
            raise RuntimeError(
                "the model's weights changed while it was being explained, so the answer would mix "
                "two models. Ask again once they stay as they are. If nothing else changes them, "
                "the model does at each call (training=True, a stateful layer): call it for "
                "inference."
            )

    def _of_target(self, rows: Any) -> Array:
        scores = np.asarray(target_score(rows, self.target), np.float32)
        if not np.isfinite(scores).all():
            raise ValueError(
                f"the model's score of target {self.target} is NaN or infinite at a point that the "
                "method needs. Check the weights and the preprocessing, or try another baseline."
            )
        return scores

    def _at(self, point: Any, one_of_many: bool) -> tuple[float, Any]:
        (found,) = self.model.gradient_of(point, [self.target], one_of_many)
        self.check_gradients(found.finite, found.nonzero)
        return float(found.scores[0]), found.gradients[0]


def _shapes(layout: Layout) -> str:
    return ", ".join(str(leaf.shape) for leaf in layout.leaves)
