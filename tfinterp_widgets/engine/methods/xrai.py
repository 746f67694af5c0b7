"""XRAI: which regions of an image matter, rather than which pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.attribution import Attribution, Reduction
from tfinterp_widgets.engine.baselines import average_of
from tfinterp_widgets.engine.methods.images import check_image
from tfinterp_widgets.engine.methods.integrated_gradients import IntegratedGradients
from tfinterp_widgets.engine.methods.levels import answered, known_levels
from tfinterp_widgets.engine.parameters import suggests_keywords, whole_number
from tfinterp_widgets.engine.perturbing.regions import grow, widened
from tfinterp_widgets.engine.perturbing.segments import felzenszwalb_segments, picture

SCALES = (50, 100, 150, 250, 500, 1200)
"""Of the segmentations, from fine to coarse."""

INTEGRATING = 0.8
"""The share of the work, and of the progress, before the first segmentation."""


@suggests_keywords
@dataclass(frozen=True)
class XRAI:
    """The mean integrated gradients of the region with which a pixel comes in.

    Integrated gradients are averaged over two baselines, the constants at the image's own smallest
    and largest value (in the user's own space); a pixel's number is the largest over its channels.
    The image is cut into segments at six scales (Felzenszwalb & Huttenlocher 2004, smoothing .8,
    at least 150 pixels), each dilated by 5 pixels. Of all segments, the one whose pixels have the
    largest mean is added to the region, its pixels getting that mean; then the one with the largest
    mean over the pixels that are new, of which there must be 50; and so on. Values of shape
    (H, W, 1); the threshold at the top 10 % of them, say, shows the most important regions.

    Source: Kapishnikov, Bolukbasi, Viégas & Terry (2019), "XRAI: Better Attributions Through
    Regions".

    Parameters
    ----------
    steps : int
        Steps of integrated gradients from either baseline, >= 1. They are remembered as such, and
        the segments of an image are, whatever the target.

    Raises
    ------
    TypeError, ValueError
        If the steps are not a whole number of at least 1; when asked, if the input is not an image
        (H, W, C).

    Examples
    --------
    >>> ranks = engine.attribute(photo, target=285, method=XRAI()).heatmap()  # doctest: +SKIP
    >>> important = ranks >= np.quantile(ranks, 0.9)  # doctest: +SKIP
    """

    label: ClassVar[str] = "XRAI"
    family: ClassVar[str] = "Gradient along a path"
    reduction: ClassVar[Reduction] = "sum"
    note: ClassVar[str] = "Ranks regions: says nothing of single pixels."

    steps: int = 100

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", whole_number("steps", self.steps, at_least=1))

    def refine(self, question: Question) -> Iterator[Attribution]:
        """Answer ever better: pixels at first, then regions of more and more scales."""
        check_image(question, self.label)
        run = partial(self._run, question)
        yield from answered(question, question.answers("XRAI"), self, run)

    def known(self, question: Question) -> dict[int, Attribution]:
        """Answers to this question that are already computed, by steps."""
        return known_levels(question.answers("XRAI"))

    def _run(self, question: Question) -> Iterator[list[Attribution]]:
        for pixels in self._integrate(question):
            yield [pixels]
        segments = []
        for count, scale in enumerate(SCALES, start=1):
            labels = felzenszwalb_segments(picture(question), scale, question.cache)
            segments.append(widened(labels))
            grown = grow(pixels.values.ravel(), sparse.vstack(segments, format="csr"))
            yield [self._regions(pixels, grown, count / len(SCALES))]

    def _integrate(self, question: Question) -> Iterator[Attribution]:
        """Integrated gradients, averaged over the baselines so far, largest over channels."""
        ends = float(question.example.min()), float(question.example.max())
        method = IntegratedGradients(self.steps, average_of(ends))
        for mean in method.refine(question):
            yield Attribution(
                values=mean.values.max(axis=-1, keepdims=True),
                target=question.target,
                method=self,
                score=mean.score,
                evaluations=mean.evaluations,
                progress=INTEGRATING * mean.progress,
                final=False,
                warning=mean.warning,
            )

    def _regions(
        self, pixels: Attribution, grown: NDArray[np.float32], share: float
    ) -> Attribution:
        final = share == 1
        return Attribution(
            values=grown.reshape(pixels.values.shape),
            target=pixels.target,
            method=self,
            score=pixels.score,
            evaluations=pixels.evaluations,
            progress=INTEGRATING + (1 - INTEGRATING) * share,
            final=final,
            level=self.steps if final else None,
            warning=pixels.warning,
        )
