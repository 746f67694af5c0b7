"""The straight line from a baseline to the input, in model space."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.engine.asking.examples import Example
from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.attribution import Path
from tfinterp_widgets.engine.baselines import Baseline
from tfinterp_widgets.engine.baselines.making import baseline_of
from tfinterp_widgets.engine.tensors import as_tensor

Array = NDArray[np.float32]


class StraightLine:
    """Points ``x' + alpha (x - x')`` for one question and one baseline.

    Parameters
    ----------
    question : Question
    baseline : ndarray of float32, or a list or dictionary of them
        In the user's own space.
    start : ndarray of float32
        The same in model space, x'.

    Attributes
    ----------
    end : ndarray of float32
        x, in model space.
    """

    def __init__(self, question: Question, baseline: Example, start: Array) -> None:
        self.question = question
        self.baseline = baseline
        self.start = start
        self.end = question.point

    @classmethod
    def from_baseline(cls, question: Question, baseline: Baseline) -> StraightLine:
        """The line from a baseline, of whichever class."""
        made = baseline_of(baseline, question.example)
        return cls(question, made, question.to_model_space(made))

    def at(self, alpha: float) -> Array:
        """Return one point of the line."""
        return np.asarray(self.start + np.float32(alpha) * (self.end - self.start))

    def points(self, alphas: NDArray[np.float64]) -> Any:
        """Return points of the line as a tensor of shape (n, ...), made on the device."""
        column = alphas.reshape(-1, *[1] * self.end.ndim)
        return self._start + as_tensor(column) * self.difference

    @cached_property
    def difference(self) -> Any:
        """``x - x'`` as a tensor."""
        return as_tensor(self.end) - self._start

    @cached_property
    def _start(self) -> Any:
        return as_tensor(self.start)

    @cached_property
    def end_scores(self) -> tuple[float, float]:
        """F(x') and F(x), by plain forward passes."""
        start, end = self.question.scores([self.start, self.end])
        return start, end

    def path(self, alphas: NDArray[np.float64], scores: NDArray[np.float64]) -> Path:
        """Order the scores of nodes along the line, both ends included whatever the nodes are."""
        inside = (alphas > 0) & (alphas < 1)
        order = np.argsort(alphas[inside])
        start, end = self.end_scores
        positions = np.concatenate([[0.0], alphas[inside][order], [1.0]])
        return Path(
            positions,
            np.concatenate([[start], scores[inside][order], [end]]),
            np.isin(positions, alphas),
        )
