"""VarGrad: how much the gradient varies over noisy copies of the input."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.attribution import Attribution, Reduction
from tfinterp_widgets.engine.methods.remembering import WithoutSteps, remembered
from tfinterp_widgets.engine.parameters import suggests_keywords
from tfinterp_widgets.engine.sampling.noisy import check_noise, noisy_gradients
from tfinterp_widgets.engine.sampling.running import RunningVariance


@suggests_keywords
@dataclass(frozen=True)
class VarGrad(WithoutSteps):
    """The unbiased variance of dF(x + sigma z) over standard normal z, value by value.

    Never negative, and 0 where the score is linear: it finds where the gradient changes, whichever
    way the gradient points. The noise is that of `SmoothGrad`.

    Source: Adebayo, Gilmer, Goodfellow & Kim (2018), "Local Explanation Methods for Deep Neural
    Networks Lack Sensitivity to Parameter Values".

    Parameters
    ----------
    samples : int
        Number of noisy copies, >= 2; each is one evaluation.
    noise : float
        ``sigma / (max - min)`` of the input in model space, >= 0.
    seed : int
        The same seed, >= 0, gives the same noise, in chunks of any size.

    Raises
    ------
    TypeError, ValueError
        If a parameter is not such a number.

    Notes
    -----
    `standard_error` is that of the variance, from the fourth moment: gradients of networks have
    longer tails than a normal distribution, for which it would be ``variance * sqrt(2 / (n - 1))``.

    Examples
    --------
    >>> engine.attribute(photo, method=VarGrad()).values.min() >= 0  # doctest: +SKIP
    True
    """

    label: ClassVar[str] = "VarGrad"
    family: ClassVar[str] = "Gradient at the input"
    reduction: ClassVar[Reduction] = "sum"
    note: ClassVar[str] = "Where the gradient is unsteady; neither for nor against the target."

    samples: int = field(default=50, metadata={"min": 2})
    noise: float = field(default=0.15, metadata={"min": 0.0})
    seed: int = field(default=0, metadata={"min": 0})

    def __post_init__(self) -> None:
        for name, value in check_noise(self.samples, self.noise, self.seed, 2).items():
            object.__setattr__(self, name, value)

    def refine(self, question: Question) -> Iterator[Attribution]:
        """Answer ever better: with the variance of the samples so far, 0 of a single one."""
        return remembered(question, (self,), lambda: self._run(question))

    def _run(self, question: Question) -> Iterator[Attribution]:
        (score,) = question.scores([question.point])
        moments = RunningVariance(question.point.shape)
        for seen, gradients in noisy_gradients(question, self.samples, self.noise, self.seed):
            moments.add(gradients)
            yield Attribution(
                values=moments.variance.numpy(),
                target=question.target,
                method=self,
                score=score,
                evaluations=seen,
                progress=seen / self.samples,
                final=seen == self.samples,
                standard_error=moments.standard_error.numpy() if seen > 1 else None,
            )
