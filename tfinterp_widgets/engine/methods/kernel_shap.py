"""KernelSHAP: what each region adds to the score, averaged over what else is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

import numpy as np

from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.attribution import Attribution, Reduction
from tfinterp_widgets.engine.baselines import as_baseline
from tfinterp_widgets.engine.baselines.plain import ZERO
from tfinterp_widgets.engine.digests import digest
from tfinterp_widgets.engine.methods.remembering import WithoutSteps, remembered
from tfinterp_widgets.engine.parameters import suggests_keywords, whole_number
from tfinterp_widgets.engine.perturbing.coalitions import Coalitions
from tfinterp_widgets.engine.perturbing.features import REGION_KINDS, check_regions, features_of
from tfinterp_widgets.engine.perturbing.hiding import Hiding
from tfinterp_widgets.engine.perturbing.shapley import SharedGain


@suggests_keywords
@dataclass(frozen=True)
class KernelSHAP(WithoutSteps):
    """Shapley values of regions, by a weighted regression over coalitions of them.

    A coalition S of the M regions is the input with all others replaced by the baseline. The
    regions' shares φ minimise ``sum_S w(S) (F(S) - F(x') - sum_{i in S} φ_i)²`` with the weight
    ``w(S) = (M - 1) / (C(M, s) s (M - s))``, s = |S|, and add up to F(x) - F(x') exactly. Where
    ``2^M - 2 <= samples``, all coalitions are evaluated, and the shares are the Shapley values;
    otherwise the smallest and the largest, and draws of the others. A linear model is explained
    exactly either way, from 2 M + 2 samples on.

    A region's share is divided evenly among its pixels: values of shape (H, W, 1), in units of the
    score, that sum to F(x) - F(x'). Values of rows and sequences are features of their own, and
    keep their shape. ``standard_error`` is what another seed would change: 0 where nothing was
    drawn, NaN where samples are too few to tell. ``evaluations`` counts coalitions.

    Source: Lundberg & Lee (2017), "A Unified Approach to Interpreting Model Predictions".

    Parameters
    ----------
    baseline : Baseline, float or array
        What stands in for a region that is not there, in the user's own space.
    samples : int
        How many coalitions to evaluate at most, >= 2; several times the number of regions.
    seed : int
        >= 0. Draws are made from the seed and their number alone.
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
    >>> method = KernelSHAP(baseline=X_train.mean(axis=0))  # doctest: +SKIP
    >>> a = engine.attribute(row, method=method)  # doctest: +SKIP
    >>> abs(a.convergence_delta) < 1e-6  # doctest: +SKIP
    True
    """

    label: ClassVar[str] = "KernelSHAP"
    family: ClassVar[str] = "Perturbation"
    reduction: ClassVar[Reduction] = "sum"
    note: ClassVar[str] = "Shares depend on the baseline, and on inputs nobody has ever seen."

    baseline: Any = ZERO
    samples: int = field(default=2048, metadata={"min": 2, "max": 16384})
    seed: int = 0
    regions: str = field(default="superpixels", metadata={"choices": REGION_KINDS})
    region_count: int = field(default=50, metadata={"min": 1, "max": 400})

    def __post_init__(self) -> None:
        for name, least in (("samples", 2), ("region_count", 1), ("seed", 0)):
            object.__setattr__(self, name, whole_number(name, getattr(self, name), at_least=least))
        object.__setattr__(self, "baseline", as_baseline(self.baseline))
        check_regions(self.regions)

    def refine(self, question: Question) -> Iterator[Attribution]:
        """Answer ever better: the shares that fit the coalitions so far."""
        hiding = Hiding(question, self.baseline)
        parameters = (self.samples, self.regions, self.region_count, self.seed)
        key = ("KernelSHAP", *parameters, digest(hiding.start))
        run = partial(self._run, question, hiding)
        yield from remembered(question, key, run, hiding.baseline)

    def _run(self, question: Question, hiding: Hiding) -> Iterator[Attribution]:
        nothing, everything = question.scores([hiding.start, question.point])
        features = features_of(question, self.regions, self.region_count)
        coalitions = Coalitions(features.count, self.samples, self.seed)
        shared = SharedGain(features.count, everything - nothing, coalitions.drawn_mass)
        # A single region gets it all, without a coalition to evaluate.
        chunks = question.forward_chunks(coalitions.count) if coalitions.count else [(0, 0)]
        for begin, end in chunks:
            if end:
                rows = coalitions.rows(begin, end)
                scores = question.evaluate(hiding.points(features.masks(rows)))
                gains = scores.astype(np.float64) - nothing
                listed = max(0, coalitions.listed - begin)
                shared.add_listed(rows[:listed], gains[:listed], coalitions.weights[begin:end])
                shared.add_drawn(rows[listed:], gains[listed:])
            shares = shared.fit()
            yield Attribution(
                values=features.spread(shares.values / features.sizes),
                target=question.target,
                method=self,
                score=everything,
                baseline=hiding.baseline,
                baseline_score=nothing,
                evaluations=end,
                progress=end / coalitions.count if coalitions.count else 1.0,
                final=end == coalitions.count,
                standard_error=features.spread(shares.standard_error / features.sizes),
            )
