"""Blur integrated gradients: the gradient along the path on which the image comes into focus."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from tfinterp_widgets.engine.asking.answers import Answers
from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.attribution import Attribution, Path, Reduction
from tfinterp_widgets.engine.methods.images import check_image
from tfinterp_widgets.engine.methods.levels import answered, known_levels
from tfinterp_widgets.engine.parameters import real_number, suggests_keywords, whole_number
from tfinterp_widgets.engine.paths.blurred import ScaleSpace
from tfinterp_widgets.engine.quadrature import RULES

TRAPEZOID = RULES["trapezoid"]


@suggests_keywords
@dataclass(frozen=True)
class BlurIntegratedGradients:
    """Integrated gradients along Gaussian blurs of the image, from the strongest to the image.

    With x_i the image blurred by ``sigma_i = max_sigma i / steps`` and g_i the gradient there:
    ``sum_i (x_i - x_{i+1}) (g_i + g_{i+1}) / 2``, i from 0 to steps - 1. The differences of
    consecutive blurs telescope, so that for a linear score the values sum to F(x) - F(x') whatever
    the steps. No baseline has to be chosen; the implicit one is x' = x blurred by `max_sigma`.

    Source: Xu, Venugopalan & Sundararajan (2020), "Attribution in Scale and Space". There the
    differences are derivatives by sigma, taken over .01 pixels, times the step.

    Parameters
    ----------
    steps : int
        Number of intervals, >= 1; steps + 1 evaluations.
    max_sigma : float
        Standard deviation of the strongest blur, in pixels, >= .1.

    Raises
    ------
    TypeError, ValueError
        If a parameter is not such a number; when asked, if the input is not an image (H, W, C).

    Notes
    -----
    The image is blurred in model space, over its first two axes. The border reflects, so that no
    colour flows in or out: a border of zeros, which others take, darkens the blurred image
    towards its edges, or makes them mid-grey. ``path.alphas`` is ``1 - sigma / max_sigma``.
    ``baseline`` is the image blurred in the user's own space, which preprocessing turns into x' if
    it treats all pixels alike and linearly, as is usual; where it does not, `baseline` is None.

    Examples
    --------
    >>> method = BlurIntegratedGradients(steps=100, max_sigma=50)
    >>> engine.attribute(photo, target=285, method=method).relative_error  # doctest: +SKIP
    0.010
    """

    label: ClassVar[str] = "Blur integrated gradients"
    family: ClassVar[str] = "Gradient along a path"
    reduction: ClassVar[Reduction] = "sum"
    note: ClassVar[str] = "Explains the difference from the blurred image: its detail, not colours."

    steps: int = 100
    max_sigma: float = field(default=50.0, metadata={"label": "Strongest blur (px)", "min": 0.1})

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", whole_number("steps", self.steps, at_least=1))
        sigma = real_number("max_sigma", self.max_sigma, at_least=0.1)
        object.__setattr__(self, "max_sigma", sigma)

    def refine(self, question: Question) -> Iterator[Attribution]:
        """Answer ever better: what is left of the path has the gradient seen last."""
        check_image(question, self.label)
        walk = _Integration(self, question)
        yield from answered(question, self._answers(question), self, walk.run, walk.baseline)

    def known(self, question: Question) -> dict[int, Attribution]:
        """Answers to this question that are already computed, by steps."""
        answers = self._answers(question)
        if not answers.levels():
            return {}
        return known_levels(answers, _Integration(self, question).baseline)

    def _answers(self, question: Question) -> Answers:
        return question.answers("BlurIntegratedGradients", self.max_sigma)


class _Integration:
    """One walk from the image to its blur, which serves every level, as the nodes of n/2 do n's."""

    def __init__(self, method: BlurIntegratedGradients, question: Question) -> None:
        self.method = method
        self.question = question
        self.sigmas = method.max_sigma * TRAPEZOID.alphas(method.steps)
        self.scores = np.full(self.sigmas.size, np.nan)

    @cached_property
    def blurs(self) -> ScaleSpace:
        """The image in model space, blurred as is asked."""
        return ScaleSpace(self.question.point)

    @cached_property
    def start(self) -> Any:
        """The end of the path, x', as a tensor in model space."""
        return self.blurs.at(self.sigmas[-1:])[0]

    @cached_property
    def baseline(self) -> NDArray[np.float32] | None:
        """The same in the user's own space, where blur and preprocessing can change places."""
        example = self.question.example
        if example.ndim != 3:
            return None
        blurred = ScaleSpace(example).at(self.sigmas[-1:])[0].numpy()
        start = self.start.numpy()
        near = np.allclose(
            self.question.to_model_space(blurred), start, atol=1e-4 * np.abs(start).max()
        )
        return np.asarray(blurred) if near else None

    @cached_property
    def end_scores(self) -> tuple[float, float]:
        """F(x') and F(x), by plain forward passes."""
        start, end = self.question.scores([self.start.numpy(), self.question.point])
        return start, end

    def run(self) -> Iterator[list[Attribution]]:
        """Yield after each chunk, from sharp to blurred; in the end every level."""
        steps, count = self.method.steps, self.sigmas.size
        sums = {level: _Sum() for level in TRAPEZOID.levels(steps)}
        for first, last in self.question.chunks(count):
            points = self.blurs.at(self.sigmas[first:last])
            self.scores[first:last], gradients = self.question.gradients(points)
            for level, level_sum in sums.items():
                mine = np.arange(first, last) % (steps // level) == 0
                level_sum.add(tf.boolean_mask(points, mine), tf.boolean_mask(gradients, mine))
            yield [
                self._attribution(level, level_sum.values(self.start), seen=last)
                for level, level_sum in sums.items()
                if level == steps or last == count
            ]

    def _attribution(self, level: int, values: NDArray[np.float32], seen: int) -> Attribution:
        baseline_score, score = self.end_scores
        count = self.sigmas.size
        return Attribution(
            values=values,
            target=self.question.target,
            method=replace(self.method, steps=level),
            score=score,
            baseline=self.baseline,
            baseline_score=baseline_score,
            path=self._path(self.method.steps // level, seen, baseline_score),
            evaluations=seen,
            progress=seen / count,
            final=seen == count,
            level=level if seen == count else None,
        )

    def _path(self, stride: int, seen: int, baseline_score: float) -> Path:
        """The scores seen so far, from x' to x; x' comes last."""
        alphas = 1 - self.sigmas[:seen:stride] / self.method.max_sigma
        scores = self.scores[:seen:stride]
        if seen < self.sigmas.size:
            alphas, scores = np.append(alphas, 0.0), np.append(scores, baseline_score)
        evaluated = np.arange(alphas.size) < -(-seen // stride)
        return Path(alphas[::-1], scores[::-1], evaluated[::-1])


class _Sum:
    """The sum over the intervals of one level, up to the point reached."""

    def __init__(self) -> None:
        self.total: Any = 0.0
        self.point: Any = None
        self.gradient: Any = None

    def add(self, points: Any, gradients: Any) -> None:
        """Add the intervals that end at these points (n, ...), with these gradients."""
        if self.point is not None:
            points = tf.concat([self.point[tf.newaxis], points], axis=0)
            gradients = tf.concat([self.gradient[tf.newaxis], gradients], axis=0)
        means = (gradients[:-1] + gradients[1:]) / 2
        self.total += tf.reduce_sum((points[:-1] - points[1:]) * means, axis=0)
        self.point, self.gradient = points[-1], gradients[-1]

    def values(self, start: Any) -> NDArray[np.float32]:
        """The sum, if all that is left until x' has the gradient of the point reached."""
        return np.asarray((self.total + (self.point - start) * self.gradient).numpy())
