"""Gradient x input: the score of a locally linear model, shared out among its inputs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.attribution import Attribution, Reduction
from tfinterp_widgets.engine.methods.remembering import WithoutSteps, remembered
from tfinterp_widgets.engine.parameters import suggests_keywords
from tfinterp_widgets.engine.tensors import as_tensor


@suggests_keywords
@dataclass(frozen=True)
class InputXGradient(WithoutSteps):
    """``x * dF(x)``, signed, both in model space: after the preprocessing.

    Where the score is linear without a constant around x, and so for a network of ReLU, max-pooling
    and linear layers without biases, the values sum to F(x). It is integrated gradients from 0 in
    a single step, by the rule "right", and blind to what preprocessing maps to 0.

    Source: Shrikumar, Greenside, Shcherbina & Kundaje (2016), "Not Just a Black Box: Learning
    Important Features Through Propagating Activation Differences".

    Examples
    --------
    >>> engine.attribute(photo, method=InputXGradient()).values.shape  # doctest: +SKIP
    (224, 224, 3)
    """

    label: ClassVar[str] = "Gradient × input"
    family: ClassVar[str] = "Gradient at the input"
    reduction: ClassVar[Reduction] = "sum"
    note: ClassVar[str] = "Linear near this input only; what preprocessing maps to 0 gets 0."

    def refine(self, question: Question) -> Iterator[Attribution]:
        """Answer with one evaluation, or none where it is already known."""
        return remembered(question, (self,), lambda: self._run(question))

    def _run(self, question: Question) -> Iterator[Attribution]:
        score, gradient = question.gradient()
        yield Attribution(
            values=(as_tensor(question.point) * gradient).numpy(),
            target=question.target,
            method=self,
            score=score,
            evaluations=1,
        )
