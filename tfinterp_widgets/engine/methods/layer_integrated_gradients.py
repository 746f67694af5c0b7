"""Integrated gradients of what a layer returns: of a token's embedding, or of a feature map."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from tfinterp_widgets.engine.asking.inside import after_layer, layer_output
from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.attribution import Attribution, Reduction
from tfinterp_widgets.engine.baselines import Average, as_baseline_or_average
from tfinterp_widgets.engine.baselines.making import baseline_of
from tfinterp_widgets.engine.baselines.plain import ZERO
from tfinterp_widgets.engine.computing.after_layer import LAYER
from tfinterp_widgets.engine.methods.averaging import averaged, known_averages
from tfinterp_widgets.engine.methods.integrated_gradients import RULE_NAMES, IntegratedGradients
from tfinterp_widgets.engine.parameters import check_layer_name, suggests_keywords
from tfinterp_widgets.engine.paths.straight import StraightLine
from tfinterp_widgets.engine.tensors import as_array


@suggests_keywords
@dataclass(frozen=True)
class LayerIntegratedGradients:
    """Integrated gradients along the line between what a layer returns for x' and for x.

    ``(h - h') * sum_k w_k dF/dh (h' + alpha_k (h - h'))`` with h, h' the layer's output at the
    input and at the baseline. What reaches the score past the layer stays as it is for the input.
    Whole numbers, such as token ids, have no gradient, but their embedding has: summed over the
    last axis, ``a.values.sum(axis=-1)``, its values are the shares of the tokens.

    Source: Sundararajan, Taly & Yan (2017), "Axiomatic Attribution for Deep Networks", section 6.5
    (the embeddings of a question's words) and remark 2 (the baseline of zero embeddings).

    Parameters
    ----------
    layer : str or None
        The name of the layer, "name:2" for the second call of one that is called several times.
        None takes the first embedding or, where there is none, the last convolutional layer.
    steps : int
        As for `IntegratedGradients`.
    baseline : Baseline, float, array, Average or list of Baseline
        The input that stands for "nothing there", in the user's own space. Of token ids the id of
        padding, 0 or another, or an array of as many ids. Of several the answer is the mean, as
        for `IntegratedGradients`; `parts` has each one's share.
    rule : str
        As for `IntegratedGradients`.

    Raises
    ------
    TypeError, ValueError
        If the steps, the rule or the baseline are none, or the layer is not given by its name; when
        a question is answered, if the model has no such layer, or its layers cannot be seen.

    Examples
    --------
    >>> method = LayerIntegratedGradients(layer="embedding", steps=32)
    >>> engine.attribute(ids, method=method).values.sum(axis=-1)  # doctest: +SKIP
    array([ 0.02, 1.31, -0.4 ], dtype=float32)
    """

    label: ClassVar[str] = "Layer integrated gradients"
    family: ClassVar[str] = "Gradient along a path"
    reduction: ClassVar[Reduction] = "sum"
    note: ClassVar[str] = "Shares of what the layer returns; what came before it is not told apart."

    layer: str | None = None
    steps: int = 64
    baseline: Any = ZERO
    rule: str = field(default="auto", metadata={"choices": RULE_NAMES})

    def __post_init__(self) -> None:
        check_layer_name(self.layer)
        object.__setattr__(self, "baseline", as_baseline_or_average(self.baseline))
        object.__setattr__(self, "steps", self._integrated_gradients().steps)

    def refine(self, question: Question) -> Iterator[Attribution]:
        """Answer ever better, as `IntegratedGradients` does."""
        if isinstance(self.baseline, Average):
            yield from averaged(self, question)
            return
        layer, line = self._line(question)
        for estimate in self._integrated_gradients().along(line):
            yield self._of_layer(layer, line, estimate)

    def known(self, question: Question) -> dict[int, Attribution]:
        """Answers to this question that are already computed, by steps."""
        if isinstance(self.baseline, Average):
            return known_averages(self, question)
        layer, line = self._line(question)
        known = self._integrated_gradients().known_along(line)
        return {steps: self._of_layer(layer, line, answer) for steps, answer in known.items()}

    def _integrated_gradients(self) -> IntegratedGradients:
        return IntegratedGradients(self.steps, self.baseline, self.rule)

    def _line(self, question: Question) -> tuple[str, StraightLine]:
        """The layer's name, and the line between what it returns for the baseline and the input."""
        baseline = baseline_of(self.baseline, question.example)
        start = question.to_model_space(baseline, carry=False)
        layer, there = layer_output(question, start, self.layer)
        _, here = layer_output(question, question.point, self.layer)
        after = after_layer(question, layer, here)
        point = {**after.layout.unpack(after.point), LAYER: as_array(there)}
        return layer, StraightLine(after, baseline, after.layout.pack(point))

    def _of_layer(self, layer: str, line: StraightLine, answer: Attribution) -> Attribution:
        """Take the layer's part of an answer, and name the method as it was carried out."""
        values = line.question.layout.unpack(answer.values)[LAYER]
        steps, rule = answer.method.steps, answer.method.rule
        return replace(
            answer, values=values, method=replace(self, layer=layer, steps=steps, rule=rule)
        )
