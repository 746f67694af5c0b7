"""Integrated gradients: the gradient, averaged along the way from a baseline to the input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from tfinterp_widgets.engine.asking.answers import Answers
from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.attribution import Attribution, Reduction
from tfinterp_widgets.engine.baselines import Average, as_baseline_or_average
from tfinterp_widgets.engine.baselines.plain import ZERO
from tfinterp_widgets.engine.digests import digest
from tfinterp_widgets.engine.methods.averaging import averaged, known_averages
from tfinterp_widgets.engine.methods.integration import Integration
from tfinterp_widgets.engine.parameters import suggests_keywords, whole_number
from tfinterp_widgets.engine.paths.straight import StraightLine
from tfinterp_widgets.engine.quadrature import RULES

RULE_NAMES = ("auto", *RULES)

EARLY = 0.1
"""How far along the path `auto` looks."""

EARLY_SHARE = 0.2
"""The share of the score's change up to there from which on grading pays."""


@suggests_keywords
@dataclass(frozen=True)
class IntegratedGradients:
    """Integrated gradients along the straight line from a baseline x' to the input x.

    ``(x - x') * sum_k w_k dF(x' + alpha_k (x - x'))``, with weights that sum to 1. The line is
    straight in model space. Summed up, the values approach F(x) - F(x') (completeness).

    Source: Sundararajan, Taly & Yan (2017), "Axiomatic Attribution for Deep Networks".

    Parameters
    ----------
    steps : int
        Number n of intervals, >= 1: n evaluations, or n + 1 for "trapezoid" and "endpoint-mean".
        The authors advise 20 to 1000, until the sum is within 5 % of F(x) - F(x').
    baseline : Baseline, float, array, Average or list of Baseline
        The input that stands for "nothing there", in the user's own space. Of several
        (`baselines.average_of`, `baselines.draw`) the answer is the mean over all of them, which
        costs their number times as much; `parts` of the answer has the answer from each. For many
        of them `ExpectedGradients` costs less.
    rule : str
        The quadrature rule. "graded" puts its nodes at (k/n)², close together near the baseline,
        where the scores of image classifiers change most; "trapezoid" spaces them evenly; "auto"
        takes graded where at least a fifth of the change happens in the first tenth of the path,
        else trapezoid. "gauss-legendre" is best for smooth models and tables. "midpoint", "left",
        "right" are what they say, and "endpoint-mean", the plain mean over n + 1 points, is what
        many tutorials do; it converges slowest.

    Raises
    ------
    TypeError, ValueError
        If the steps are not a whole number of at least 1, or the rule or the baseline is unknown.

    Examples
    --------
    >>> method = IntegratedGradients(steps=128, baseline=127.5)
    >>> engine.attribute(photo, target=285, method=method).relative_error  # doctest: +SKIP
    0.016
    """

    label: ClassVar[str] = "Integrated gradients"
    family: ClassVar[str] = "Gradient along a path"
    reduction: ClassVar[Reduction] = "sum"
    note: ClassVar[str] = "Shows what the model uses, not what causes the outcome."

    steps: int = 64
    baseline: Any = ZERO
    rule: str = field(default="auto", metadata={"choices": RULE_NAMES})

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", whole_number("steps", self.steps, at_least=1))
        object.__setattr__(self, "baseline", as_baseline_or_average(self.baseline))
        if self.rule not in RULE_NAMES:
            raise ValueError(f"rule {self.rule!r}; expected one of {', '.join(RULE_NAMES)}.")

    def refine(self, question: Question) -> Iterator[Attribution]:
        """Answer ever better: a running preview at first, then each level n/2^k as it is done.

        With several baselines they are gone through one by one.
        """
        if isinstance(self.baseline, Average):
            yield from averaged(self, question)
            return
        yield from self.along(StraightLine.from_baseline(question, self.baseline))

    def along(self, line: StraightLine) -> Iterator[Attribution]:
        """Integrate along a line, which this method's own baseline need not have made."""
        method = replace(self, rule=self._resolve_rule(line))
        known = method._known(line, RULES[method.rule].levels(self.steps))
        if self.steps in known:
            yield replace(known[self.steps], method=method)
            return
        yield from Integration(method, line, method._answers(line), known).run()

    def known(self, question: Question) -> dict[int, Attribution]:
        """Answers to this question that are already computed, by steps."""
        if isinstance(self.baseline, Average):
            return known_averages(self, question)
        return self.known_along(StraightLine.from_baseline(question, self.baseline))

    def known_along(self, line: StraightLine) -> dict[int, Attribution]:
        """Answers along a line that are already computed, by steps."""
        method = replace(self, rule=self._resolve_rule(line))
        return method._known(line, method._answers(line).levels())

    def _known(self, line: StraightLine, levels: Iterable[int]) -> dict[int, Attribution]:
        answers = self._answers(line)
        found = ((level, answers.get(level)) for level in levels)
        return {
            level: replace(answer, baseline=line.baseline, evaluations=0, progress=1.0, final=True)
            for level, answer in found
            if answer is not None
        }

    def _resolve_rule(self, line: StraightLine) -> str:
        if self.rule != "auto":
            return self.rule
        start, early, end = line.question.scores([line.start, line.at(EARLY), line.end])
        grows_early = end != start and (early - start) / (end - start) >= EARLY_SHARE
        return "graded" if grows_early else "trapezoid"

    def _answers(self, line: StraightLine) -> Answers:
        return line.question.answers("IntegratedGradients", self.rule, digest(line.start))
