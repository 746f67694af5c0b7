"""LIME: a linear model of the score around one input, fitted to versions with regions hidden."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.attribution import Attribution, Reduction
from tfinterp_widgets.engine.baselines import as_baseline
from tfinterp_widgets.engine.baselines.plain import ZERO
from tfinterp_widgets.engine.digests import digest
from tfinterp_widgets.engine.methods.remembering import WithoutSteps, remembered
from tfinterp_widgets.engine.parameters import suggests_keywords, whole_number
from tfinterp_widgets.engine.perturbing.features import REGION_KINDS, check_regions, features_of
from tfinterp_widgets.engine.perturbing.hiding import Hiding
from tfinterp_widgets.engine.perturbing.ridge import RunningRidge
from tfinterp_widgets.engine.sampling import draws

KERNEL_WIDTH = 0.25
PENALTY = 1.0


@suggests_keywords
@dataclass(frozen=True)
class LIME(WithoutSteps):
    """Coefficients of a linear model of the score, fitted around the input.

    Each region of the image is kept or hidden with probability 1/2; the first sample keeps all. The
    score is regressed on what was kept, with a ridge penalty of 1 and the weight
    ``exp(-d² / (2 · 0.25²))``, d = 1 - sqrt(share kept) being the cosine distance from the whole
    input: the settings of the authors' code for images.

    A pixel's value is its region's coefficient, in units of the score: shape (H, W, 1). Values of
    rows and sequences are features of their own, and keep their shape. ``r_squared`` is the
    weighted share of the variance that the linear model explains: where it is low, do not trust the
    map. ``standard_error`` is what another seed would change, NaN where samples are too few to
    tell. ``evaluations`` counts samples.

    Source: Ribeiro, Singh & Guestrin (2016), "'Why Should I Trust You?': Explaining the Predictions
    of Any Classifier".

    Parameters
    ----------
    seed : int
        >= 0. Sample number i is made from the seed and i alone.
    samples : int
        How many versions of the input to evaluate, >= 2; several times the number of regions.
    baseline : Baseline, float or array
        What a hidden region is replaced by, in the user's own space.
    regions : {"superpixels", "patches"}
        Compact pieces of like colour (SLIC), or the rectangles of a grid.
    region_count : int
        About how many regions to cut an image into, >= 1.

    Raises
    ------
    TypeError, ValueError
        If a number is no whole number or too small, or the baseline or kind of region is unknown;
        for an input that is no image and has more than 1024 values.

    Examples
    --------
    >>> a = engine.attribute(photo, method=LIME(samples=2000, baseline=127.5))  # doctest: +SKIP
    >>> a.r_squared  # doctest: +SKIP
    0.71
    """

    label: ClassVar[str] = "LIME"
    family: ClassVar[str] = "Perturbation"
    reduction: ClassVar[Reduction] = "sum"
    note: ClassVar[str] = "A linear stand-in for the model: look at its R² before you believe it."

    seed: int = 0
    samples: int = field(default=1000, metadata={"min": 2, "max": 16000})
    baseline: Any = ZERO
    regions: str = field(default="superpixels", metadata={"choices": REGION_KINDS})
    region_count: int = field(default=50, metadata={"min": 1, "max": 400})

    def __post_init__(self) -> None:
        for name, least in (("samples", 2), ("region_count", 1), ("seed", 0)):
            object.__setattr__(self, name, whole_number(name, getattr(self, name), at_least=least))
        object.__setattr__(self, "baseline", as_baseline(self.baseline))
        check_regions(self.regions)

    def refine(self, question: Question) -> Iterator[Attribution]:
        """Answer ever better: the model fitted to the samples so far."""
        hiding = Hiding(question, self.baseline)
        parameters = (self.samples, self.regions, self.region_count, self.seed)
        key = ("LIME", *parameters, digest(hiding.start))
        run = partial(self._run, question, hiding)
        yield from remembered(question, key, run, hiding.baseline)

    def _run(self, question: Question, hiding: Hiding) -> Iterator[Attribution]:
        (score,) = question.scores([question.point])
        features = features_of(question, self.regions, self.region_count)
        ridge = RunningRidge(features.count, PENALTY)
        for begin, end in question.forward_chunks(self.samples):
            kept = self._draw(begin, end, features.count)
            scores = question.evaluate(hiding.points(features.masks(kept)))
            ridge.add(kept, scores.astype(np.float64), _proximity(kept))
            fit = ridge.fit()
            yield Attribution(
                values=features.spread(fit.coefficients),
                target=question.target,
                method=self,
                score=score,
                baseline=hiding.baseline,
                evaluations=end,
                progress=end / self.samples,
                final=end == self.samples,
                standard_error=features.spread(fit.standard_error),
                r_squared=fit.r_squared,
            )

    def _draw(self, begin: int, end: int, features: int) -> NDArray[np.bool_]:
        """Which features samples `begin` to ``end - 1`` keep, (end - begin, features)."""
        kept: NDArray[np.bool_] = draws.uniform(self.seed, begin, end, (features,)).numpy() < 0.5
        if begin == 0:
            kept[0] = True
        return kept


def _proximity(kept: NDArray[np.bool_]) -> NDArray[np.float64]:
    distance = 1 - np.sqrt(kept.mean(axis=1))
    return np.asarray(np.exp(-(distance**2) / (2 * KERNEL_WIDTH**2)))
