"""SHAP explains the top class alone; KernelSHAP is over the same superpixels as ours.

It compiles its gradients by itself; what KernelSHAP calls is compiled here.
"""

from functools import cache
from typing import Any

import numpy as np
import shap
from numpy.typing import NDArray

import tfinterp_widgets as tw
from peers.comparing import BATCH, Comparison, Example
from peers.ours import explained_by, logits_model
from peers.superpixels import REGIONS, switched

SAMPLES = 64
COALITIONS = 256


@cache
def _backgrounds() -> NDArray[np.uint8]:
    """All photographs but the first, which is the one that is explained."""
    return np.stack(list(tw.samples.photos().values())[1:])


def _gradient_explainer() -> Comparison:
    backgrounds = tw.samples.imagenet().preprocess(_backgrounds())
    explainer = shap.GradientExplainer(logits_model(), backgrounds, batch_size=BATCH)

    def theirs(example: Example) -> Any:
        return explainer.shap_values(
            example.x[None], nsamples=SAMPLES, ranked_outputs=1, output_rank_order="max"
        )

    ours = explained_by(tw.ExpectedGradients(_backgrounds(), SAMPLES))
    return Comparison("Expected gradients", SAMPLES, theirs, ours)


def _kernel_shap() -> Comparison:
    def theirs(example: Example) -> Any:
        score, regions = switched(example)
        explainer = shap.KernelExplainer(score, np.zeros((1, regions)))
        return explainer.shap_values(
            np.ones((1, regions)), nsamples=COALITIONS, l1_reg=False, silent=True
        )

    ours = explained_by(tw.KernelSHAP(samples=COALITIONS, region_count=REGIONS))
    return Comparison("KernelSHAP", COALITIONS, theirs, ours, remark="same superpixels")


COMPARISONS = (_gradient_explainer, _kernel_shap)
