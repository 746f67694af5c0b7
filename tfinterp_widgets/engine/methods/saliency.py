"""Saliency: the gradient of the score by the input."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from tfinterp_widgets.engine.attribution import Attribution, Reduction
from tfinterp_widgets.engine.keywords import suggests_keywords
from tfinterp_widgets.engine.question import Question, as_tensor


@suggests_keywords
@dataclass(frozen=True)
class Saliency:
    """The gradient dS/dx of the score by the preprocessed input, with its sign.

    The map of the paper, and of ``heatmap()``, is the largest absolute value over the channels.

    Source: Simonyan, Vedaldi & Zisserman (2013), "Deep Inside Convolutional Networks: Visualising
    Image Classification Models and Saliency Maps", section 3.

    Examples
    --------
    >>> engine.attribute(photo, method=Saliency()).heatmap()  # doctest: +SKIP
    """

    label: ClassVar[str] = "Saliency"
    reduction: ClassVar[Reduction] = "max_abs"
    note: ClassVar[str] = "Where a small change of a pixel changes the score; no shares of it."

    def refine(self, question: Question) -> Iterator[Attribution]:
        """Answer with one evaluation, or none where it is already known."""
        answers = question.answers(self)
        known = answers.get(None)
        if known is not None:
            yield replace(known, evaluations=0)
            return
        (score,) = question.scores([question.point])
        _, gradients = question.gradients(as_tensor(question.point[None]))
        answer = Attribution(
            values=gradients[0].numpy(),
            target=question.target,
            method=self,
            score=score,
            evaluations=1,
        )
        question.check_weights()
        answers.put(answer)
        yield answer

    def known(self, question: Question) -> dict[int, Attribution]:
        """Nothing: the method has no steps."""
        del question
        return {}
