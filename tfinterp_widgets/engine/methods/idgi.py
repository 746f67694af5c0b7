"""IDGI: integrated gradients along the only direction that changes the score, the gradient's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from tfinterp_widgets.engine.asking.answers import Answers
from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.attribution import Attribution, Reduction
from tfinterp_widgets.engine.baselines import as_baseline
from tfinterp_widgets.engine.baselines.plain import ZERO
from tfinterp_widgets.engine.digests import digest
from tfinterp_widgets.engine.methods.levels import answered, known_levels
from tfinterp_widgets.engine.parameters import suggests_keywords, whole_number
from tfinterp_widgets.engine.paths.straight import StraightLine
from tfinterp_widgets.engine.quadrature import RULES
from tfinterp_widgets.engine.tensors import as_tensor

LEFT = RULES["left"]


@suggests_keywords
@dataclass(frozen=True)
class IDGI:
    """Important direction gradient integration, along the straight line from x' to the input x.

    ``sum_j (F(x_{j+1}) - F(x_j)) g_j² / ||g_j||²``, where g_j is the gradient at x_j, the left end
    of step j of `steps` equal ones. What a step does across its gradient leaves the score as it
    is, to first order, and is left out as noise. The line is straight in model space.

    Source: Yang, Wang & Bilgic (2023), "IDGI: A Framework to Eliminate Explanation Noise from
    Integrated Gradients".

    Parameters
    ----------
    steps : int
        Number of steps, >= 1; each is one evaluation.
    baseline : Baseline, float or array
        The input that stands for "nothing there", in the user's own space.

    Raises
    ------
    TypeError, ValueError
        If the steps are not a whole number of at least 1, or the baseline is unknown.

    Notes
    -----
    The values sum to F(x) - F(x') by construction, with a single step as with a thousand:
    `convergence_delta` says nothing about convergence here. Nor are they shares of the path: for
    ``F = w x`` they are ``(F(x) - F(x')) w² / ||w||²`` and not ``w (x - x')``, so all have the sign
    of the change, and values equal to the baseline's get their part as well. A step whose gradient
    vanishes has no direction, and its change goes to the one before it (or to the first with one).

    Examples
    --------
    >>> a = engine.attribute(photo, target=285, method=IDGI(steps=64))  # doctest: +SKIP
    >>> abs(a.convergence_delta) < 1e-4  # doctest: +SKIP
    True
    """

    label: ClassVar[str] = "IDGI"
    family: ClassVar[str] = "Gradient along a path"
    reduction: ClassVar[Reduction] = "sum"
    note: ClassVar[str] = "Sums up however few the steps: compare with more of them."

    steps: int = 64
    baseline: Any = ZERO

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", whole_number("steps", self.steps, at_least=1))
        object.__setattr__(self, "baseline", as_baseline(self.baseline))

    def refine(self, question: Question) -> Iterator[Attribution]:
        """Answer ever better: what is left of the path goes to the direction seen last."""
        line = StraightLine.from_baseline(question, self.baseline)
        run = _Integration(self, line).run
        yield from answered(question, _answers(line), self, run, line.baseline)

    def known(self, question: Question) -> dict[int, Attribution]:
        """Answers to this question that are already computed, by steps."""
        line = StraightLine.from_baseline(question, self.baseline)
        return known_levels(_answers(line), line.baseline)


def _answers(line: StraightLine) -> Answers:
    return line.question.answers("IDGI", digest(line.start))


class _Integration:
    """One walk along the line, which serves every level: n/2 steps are every second one of n."""

    def __init__(self, method: IDGI, line: StraightLine) -> None:
        self.method = method
        self.line = line
        self.alphas = LEFT.alphas(method.steps)
        self.scores = np.full(method.steps, np.nan)

    def run(self) -> Iterator[list[Attribution]]:
        """Yield after each chunk; in the end every level."""
        start, end = self.line.end_scores
        steps = self.method.steps
        sums = {level: _Sum(start, self.line.end.shape) for level in LEFT.levels(steps)}
        for first, last in self.line.question.chunks(steps):
            points = self.line.points(self.alphas[first:last])
            scores, gradients = self.line.question.gradients(points)
            self.scores[first:last] = scores
            has_one, directions = _directions(gradients)
            for level, level_sum in sums.items():
                mine = has_one & (np.arange(first, last) % (steps // level) == 0)
                level_sum.add(scores[mine], tf.boolean_mask(directions, mine))
            yield [
                self._attribution(level, level_sum.values(end), seen=last)
                for level, level_sum in sums.items()
                if level == steps or last == steps
            ]

    def _attribution(self, level: int, values: NDArray[np.float32], seen: int) -> Attribution:
        start, end = self.line.end_scores
        steps = self.method.steps
        stride = steps // level
        return Attribution(
            values=values,
            target=self.line.question.target,
            method=replace(self.method, steps=level),
            score=end,
            baseline=self.line.baseline,
            baseline_score=start,
            path=self.line.path(self.alphas[:seen:stride], self.scores[:seen:stride]),
            evaluations=seen,
            progress=seen / steps,
            final=seen == steps,
            level=level if seen == steps else None,
        )


class _Sum:
    """The sum over the steps of one level; the last step waits for the score at its other end."""

    def __init__(self, start: float, shape: tuple[int, ...]) -> None:
        self.total = tf.zeros(shape)
        self.direction: Any = None
        self.since = start  # the score from which on the change is due to `direction`

    def add(self, scores: NDArray[np.float32], directions: Any) -> None:
        """Add steps that start with these scores (n,) in these directions (n, ...)."""
        if scores.size == 0:
            return
        if self.direction is None:
            self.direction, scores, directions = directions[0], scores[1:], directions[1:]
        before = tf.concat([self.direction[tf.newaxis], directions], axis=0)
        changes = np.diff(np.concatenate([[self.since], scores]))
        self.total += tf.tensordot(as_tensor(changes), before[:-1], 1)
        self.direction = before[-1]
        self.since = float(scores[-1]) if scores.size else self.since

    def values(self, end: float) -> NDArray[np.float32]:
        """The sum, if all that is left until the score `end` is due to the last direction."""
        rest = 0.0 if self.direction is None else self.direction * (end - self.since)
        return np.asarray((self.total + rest).numpy())


def _directions(gradients: Any) -> tuple[NDArray[np.bool_], Any]:
    """``g² / ||g||²`` for each gradient, and whether it has one; sums to 1."""
    axes = [*range(1, gradients.shape.rank)]
    # By the largest first: squares of what is small or large leave float32.
    largest = tf.reduce_max(tf.abs(gradients), axis=axes, keepdims=True)
    squares = tf.square(tf.math.divide_no_nan(gradients, largest))
    norms = tf.reduce_sum(squares, axis=axes, keepdims=True)
    return norms.numpy().ravel() > 0, tf.math.divide_no_nan(squares, norms)
