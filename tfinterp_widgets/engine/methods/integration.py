"""The sums behind integrated gradients: one pass along a line, and every level that it reaches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from tfinterp_widgets.engine.asking.answers import Answers
from tfinterp_widgets.engine.attribution import Attribution
from tfinterp_widgets.engine.paths.straight import StraightLine
from tfinterp_widgets.engine.quadrature import RULES, plan
from tfinterp_widgets.engine.tensors import as_tensor

if TYPE_CHECKING:
    from tfinterp_widgets.engine.methods.integrated_gradients import IntegratedGradients


class Integration:
    """One pass over the nodes that are not known yet, with a running sum on the device.

    ``total`` is the sum of share * gradient over the nodes seen so far; times the scale of a level
    and (x - x'), it is that level's answer.

    Parameters
    ----------
    method : IntegratedGradients
        With its rule resolved.
    line : StraightLine
    answers : Answers
        Where each level is remembered as it is reached.
    known : dict of int to Attribution
        Levels that are already computed, by steps.
    """

    def __init__(
        self,
        method: IntegratedGradients,
        line: StraightLine,
        answers: Answers,
        known: dict[int, Attribution],
    ) -> None:
        self.method = method
        self.line = line
        self.answers = answers
        self.rule = RULES[method.rule]
        self.plan = plan(self.rule, method.steps, known)
        self.total = tf.zeros(line.end.shape)
        self.scores = np.full(self.plan.alphas.size, np.nan)
        # Nodes of a known level: their scores are in its path, their sum in its values.
        self.known = known[self.plan.start] if self.plan.start else None

    def run(self) -> Iterator[Attribution]:
        """Yield after each chunk: the best level, or a preview while there is none."""
        best = self.known
        count = self.plan.alphas.size
        for begin, end in self.line.question.chunks(count):
            reached = self._advance(begin, end)
            if reached:
                # A level computed while the weights changed answers no question.
                self.line.question.check_weights()
                best = reached[-1]
            for level in reached:
                self.answers.put(level)
            estimate = best or self._preview(seen=end)
            yield replace(estimate, evaluations=end, progress=end / count, final=end == count)

    def _advance(self, begin: int, end: int) -> list[Attribution]:
        """Add nodes begin to end to the sum, and return the levels that they complete."""
        points = self.line.points(self.plan.alphas[begin:end])
        self.scores[begin:end], gradients = self.line.question.gradients(points)
        parts = self.plan.parts(begin, end)
        # One product for all levels, one row each: the shares of the nodes that it takes.
        nodes = np.arange(begin, end)
        shares = [np.where(nodes < last, self.plan.shares[begin:end], 0) for _, last, _ in parts]
        sums = self.total + tf.tensordot(as_tensor(np.stack(shares)), gradients, 1)
        self.total = sums[-1]
        values = (sums * self.line.difference).numpy()
        return [
            self._level(level, of_level, seen=end)
            for (_, _, level), of_level in zip(parts, values, strict=True)
            if level is not None
        ]

    def _level(self, level: int, values: NDArray[np.float32], seen: int) -> Attribution:
        """The answer that is exact for `level` steps, of the sum of its new nodes."""
        values = values * np.float32(self.rule.scale(level))
        alphas, scores = self.plan.alphas[:seen], self.scores[:seen]
        if self.known is not None and self.known.level is not None and self.known.path is not None:
            values += self.known.values * np.float32(
                self.rule.scale(level) / self.rule.scale(self.known.level)
            )
            alphas = np.concatenate([self.known.path.alphas, alphas])
            scores = np.concatenate([self.known.path.scores, scores])
        mine = np.isin(alphas, self.rule.alphas(level))
        return self._attribution(
            values, replace(self.method, steps=level), level, alphas[mine], scores[mine]
        )

    def _preview(self, seen: int) -> Attribution:
        """The mean over the nodes seen so far, spread over the path, by the weight they carry."""
        mean = self.total / self.plan.shares[:seen].sum()
        values = (mean * self.line.difference).numpy()
        return self._attribution(
            values, self.method, None, self.plan.alphas[:seen], self.scores[:seen]
        )

    def _attribution(
        self,
        values: NDArray[np.float32],
        method: IntegratedGradients,
        level: int | None,
        alphas: NDArray[np.float64],
        scores: NDArray[np.float64],
    ) -> Attribution:
        start, end = self.line.end_scores
        return Attribution(
            values=values,
            target=self.line.question.target,
            method=method,
            score=end,
            baseline=self.line.baseline,
            baseline_score=start,
            path=self.line.path(alphas, scores),
            level=level,
        )
