"""SmoothGrad: the gradient, averaged over noisy copies of the input."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.attribution import Attribution, Reduction
from tfinterp_widgets.engine.methods.remembering import WithoutSteps, remembered
from tfinterp_widgets.engine.parameters import suggests_keywords
from tfinterp_widgets.engine.sampling.noisy import check_noise, noisy_gradients
from tfinterp_widgets.engine.sampling.running import RunningMoments


@suggests_keywords
@dataclass(frozen=True)
class SmoothGrad(WithoutSteps):
    """The mean of dF(x + sigma z) over standard normal z: signed, and not squared.

    It is the gradient of the score blurred by a Gaussian of standard deviation sigma over the space
    of inputs. The noise is added in model space, sigma being a share of the range of the input
    there; an input that is constant has none, and its answer is the plain gradient.

    Source: Smilkov, Thorat, Kim, Viégas & Wattenberg (2017), "SmoothGrad: Removing Noise by Adding
    Noise".

    Parameters
    ----------
    samples : int
        Number of noisy copies, >= 1; each is one evaluation. The authors take 50.
    noise : float
        ``sigma / (max - min)`` of the input, >= 0; the authors advise .1 to .2. Columns of a table
        in units of their own are best standardised by `preprocess`: they all get the same sigma.
    seed : int
        The same seed, >= 0, gives the same noise, in chunks of any size.

    Raises
    ------
    TypeError, ValueError
        If a parameter is not such a number.

    Notes
    -----
    `standard_error` is that of the mean: the standard deviation of the gradients divided by
    the square root of their number; None for a single sample.

    Examples
    --------
    >>> smooth = engine.attribute(photo, method=SmoothGrad(samples=50))  # doctest: +SKIP
    >>> smooth.standard_error.mean() / np.abs(smooth.values).mean()  # doctest: +SKIP
    0.93
    """

    label: ClassVar[str] = "SmoothGrad"
    family: ClassVar[str] = "Gradient at the input"
    reduction: ClassVar[Reduction] = "max_abs"
    note: ClassVar[str] = (
        "Where small changes change the score, around this input; no shares of it."
    )

    samples: int = field(default=50, metadata={"min": 1})
    noise: float = field(default=0.15, metadata={"min": 0.0})
    seed: int = field(default=0, metadata={"min": 0})

    def __post_init__(self) -> None:
        for name, value in check_noise(self.samples, self.noise, self.seed, 1).items():
            object.__setattr__(self, name, value)

    def refine(self, question: Question) -> Iterator[Attribution]:
        """Answer ever better: with the mean over the samples so far."""
        return remembered(question, (self,), lambda: self._run(question))

    def _run(self, question: Question) -> Iterator[Attribution]:
        (score,) = question.scores([question.point])
        moments = RunningMoments(question.point.shape)
        for seen, gradients in noisy_gradients(question, self.samples, self.noise, self.seed):
            moments.add(gradients)
            yield Attribution(
                values=moments.mean.numpy(),
                target=question.target,
                method=self,
                score=score,
                evaluations=seen,
                progress=seen / self.samples,
                final=seen == self.samples,
                standard_error=moments.standard_error.numpy() if seen > 1 else None,
            )
