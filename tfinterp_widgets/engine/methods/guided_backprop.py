"""Guided backpropagation: the gradient, of which every ReLU lets back only what is positive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from tfinterp_widgets.engine.asking.inside import guided_gradient
from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.attribution import Attribution, Reduction
from tfinterp_widgets.engine.methods.remembering import WithoutSteps, remembered
from tfinterp_widgets.engine.parameters import suggests_keywords


@suggests_keywords
@dataclass(frozen=True)
class GuidedBackprop(WithoutSteps):
    """The gradient of the score, of which each ReLU lets back only what is positive.

    ``g [x > 0] [g > 0]`` stands in place of a ReLU's own gradient: g is what comes back to a ReLU
    or ReLU6, and x what went into it; a ReLU6 above 6 counts as active. Whether they are layers,
    ``activation="relu"``, or functions that the model calls makes no difference, nor does how deep
    they are; the model itself is not changed. Values have the shape of the preprocessed input, with
    their sign; one evaluation.

    The map hardly depends on the weights of later layers (Adebayo et al. 2018, "Sanity Checks for
    Saliency Maps"): it shows the edges and textures that the network can see rather than what
    speaks for this class. Do not use it to find out what a class rests on.

    Source: Springenberg, Dosovitskiy, Brox & Riedmiller (2015), "Striving for Simplicity: The All
    Convolutional Net".

    Raises
    ------
    ValueError
        When asked: if the model has no ReLU, or one inside a function of its own (a SavedModel, a
        tf.function), where its gradient cannot be changed.

    Examples
    --------
    >>> engine.attribute(photo, method=GuidedBackprop()).heatmap()  # doctest: +SKIP
    """

    label: ClassVar[str] = "Guided backpropagation"
    family: ClassVar[str] = "Gradient at the input"
    reduction: ClassVar[Reduction] = "max_abs"
    note: ClassVar[str] = "Nearly insensitive to later weights: edges rather than reasons."

    def refine(self, question: Question) -> Iterator[Attribution]:
        """Answer with one evaluation, or none where it is already known."""
        return remembered(question, (self,), lambda: self._run(question))

    def _run(self, question: Question) -> Iterator[Attribution]:
        score, gradient = guided_gradient(question)
        yield Attribution(
            values=gradient.numpy(),
            target=question.target,
            method=self,
            score=score,
            evaluations=1,
        )
