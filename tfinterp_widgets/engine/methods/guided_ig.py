"""Guided integrated gradients: along a path that moves first what the score cares least about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
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
from tfinterp_widgets.engine.parameters import real_number, suggests_keywords, whole_number
from tfinterp_widgets.engine.paths.guided import GuidedPath
from tfinterp_widgets.engine.paths.straight import StraightLine


@suggests_keywords
@dataclass(frozen=True)
class GuidedIntegratedGradients:
    """Integrated gradients along a path from x' to x that avoids large gradients.

    In each of `steps` steps the path moves on by the same share of its length, the sum of
    ``|x - x'|``. The gradient at hand says which values move: the `fraction` of them with the
    smallest, as far as they may, then the next fraction, until the step is done. None may be
    further than `max_dist` from where it would be on the straight line. Each value gets its moves
    times the gradients before them.

    Source: Kapishnikov, Venugopalan, Avci, Wedin, Terry & Bolukbasi (2021), "Guided Integrated
    Gradients: An Adaptive Path Method for Removing Noise", algorithm 1.

    Parameters
    ----------
    steps : int
        Number of steps, >= 1; each is one evaluation, and needs the one before it: they are not
        computed side by side, and take more time than as many of integrated gradients.
    baseline : Baseline, float or array
        The input that stands for "nothing there", in the user's own space.
    fraction : float
        The share of all values that is moved at a time, .01 to 1; at 1 the line is straight, and
        the answer that of ``IntegratedGradients(rule="left")``. Values with equal gradients move
        together.
    max_dist : float
        How far a value may be ahead of the straight line, or behind, as a share of its own way,
        0 to 1; at 0 the line is straight.

    Raises
    ------
    TypeError, ValueError
        If a parameter is not such a number, or the baseline is unknown.

    Notes
    -----
    ``path.alphas`` is the share of the path's length. A value that was waiting moves up to twice
    `max_dist` of its way at once, by the gradient before. So the sum misses F(x) - F(x') by an
    amount that more steps alone do not take away (`convergence_delta` tells), nor does every
    smaller `max_dist`; at 0 it is that of the left rule.
    Each gradient decides where the next one is taken. So the path magnifies rounding: of a deep
    network with ReLUs, another device or library version may take another path.

    Examples
    --------
    >>> method = GuidedIntegratedGradients(steps=200, baseline=0)
    >>> engine.attribute(photo, target=285, method=method).relative_error  # doctest: +SKIP
    0.028
    """

    label: ClassVar[str] = "Guided integrated gradients"
    family: ClassVar[str] = "Gradient along a path"
    reduction: ClassVar[Reduction] = "sum"
    note: ClassVar[str] = "The path depends on the model: two models' maps are not comparable."

    steps: int = 200
    baseline: Any = ZERO
    fraction: float = field(default=0.25, metadata={"min": 0.01, "max": 1.0})
    max_dist: float = field(
        default=0.02, metadata={"label": "Distance from the line", "min": 0.0, "max": 1.0}
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", whole_number("steps", self.steps, at_least=1))
        object.__setattr__(self, "baseline", as_baseline(self.baseline))
        fraction = real_number("fraction", self.fraction, at_least=0.01, at_most=1)
        max_dist = real_number("max_dist", self.max_dist, at_least=0, at_most=1)
        object.__setattr__(self, "fraction", fraction)
        object.__setattr__(self, "max_dist", max_dist)

    def refine(self, question: Question) -> Iterator[Attribution]:
        """Answer ever better: what is left of the path is gone straight, by the last gradient."""
        line = StraightLine.from_baseline(question, self.baseline)
        answers = self._answers(line)
        yield from answered(question, answers, self, lambda: self._run(line), line.baseline)

    def known(self, question: Question) -> dict[int, Attribution]:
        """Answers to this question that are already computed, by steps."""
        line = StraightLine.from_baseline(question, self.baseline)
        return known_levels(self._answers(line), line.baseline)

    def _answers(self, line: StraightLine) -> Answers:
        return line.question.answers(
            "GuidedIntegratedGradients", self.fraction, self.max_dist, digest(line.start)
        )

    def _run(self, line: StraightLine) -> Iterator[list[Attribution]]:
        path = GuidedPath(line.start, line.end, self.fraction, self.max_dist)
        values = tf.zeros(line.end.shape)
        scores = np.full(self.steps, np.nan)
        # Each step is a pass of its own, and may be the last one that is wanted.
        for step in range(self.steps):
            scores[step], gradient = line.question.next_gradient(path.point)
            values += path.advance(gradient, (step + 1) / self.steps) * gradient
            rest = (tf.constant(line.end) - path.point) * gradient
            yield [self._attribution(line, (values + rest).numpy(), scores[: step + 1])]

    def _attribution(
        self, line: StraightLine, values: NDArray[np.float32], scores: NDArray[np.float64]
    ) -> Attribution:
        start, score = line.end_scores
        seen = scores.size
        return Attribution(
            values=values,
            target=line.question.target,
            method=self,
            score=score,
            baseline=line.baseline,
            baseline_score=start,
            path=line.path(np.arange(seen) / self.steps, scores),
            evaluations=seen,
            progress=seen / self.steps,
            final=seen == self.steps,
            level=self.steps if seen == self.steps else None,
        )
