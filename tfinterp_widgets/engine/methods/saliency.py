"""Saliency: the gradient of the score by the input."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.attribution import Attribution, Reduction
from tfinterp_widgets.engine.methods.remembering import WithoutSteps, remembered
from tfinterp_widgets.engine.parameters import suggests_keywords


@suggests_keywords
@dataclass(frozen=True)
class Saliency(WithoutSteps):
    """The gradient dS/dx of the score by the preprocessed input, with its sign.

    The map of the paper, and of ``heatmap()``, is the largest absolute value over the channels.

    Source: Simonyan, Vedaldi & Zisserman (2013), "Deep Inside Convolutional Networks: Visualising
    Image Classification Models and Saliency Maps", section 3.

    Examples
    --------
    >>> engine.attribute(photo, method=Saliency()).heatmap()  # doctest: +SKIP
    """

    label: ClassVar[str] = "Saliency"
    family: ClassVar[str] = "Gradient at the input"
    reduction: ClassVar[Reduction] = "max_abs"
    note: ClassVar[str] = "Where a small change of a pixel changes the score; no shares of it."

    def refine(self, question: Question) -> Iterator[Attribution]:
        """Answer with one evaluation, or none where it is already known."""
        return remembered(question, (self,), lambda: self._run(question))

    def _run(self, question: Question) -> Iterator[Attribution]:
        score, gradient = question.gradient()
        yield Attribution(
            values=gradient.numpy(),
            target=question.target,
            method=self,
            score=score,
            evaluations=1,
        )
