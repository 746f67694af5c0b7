"""alibi is eager, but for what KernelSHAP (SHAP 0.43's) calls, which is compiled here.

It is installed without its extra "tensorflow", which ends before 2.15, and so before Keras 3; with
NumPy below 2, as it asks; and with click, which the spaCy that it imports needs.
"""

from typing import Any

import numpy as np
from alibi.explainers import IntegratedGradients, KernelShap

import tfinterp_widgets as tw
from peers.comparing import (
    BATCH,
    MODEL_BLACK,
    STEPS,
    Comparison,
    Example,
    Explain,
    integrated_gradients,
)
from peers.ours import explained_by, integrated, logits_model
from peers.superpixels import REGIONS, switched

COALITIONS = 256
LAYER = "block5a_project_norm"
RULE = {"n_steps": STEPS, "method": "gausslegendre", "internal_batch_size": BATCH}


def _explained_by(explainer: Any) -> Explain:
    def explain(example: Example) -> Any:
        x = example.x[None]
        black = np.full_like(x, MODEL_BLACK)
        return explainer.explain(x, baselines=black, target=example.target).attributions[0]

    return explain


def _integrated_gradients() -> Comparison:
    theirs = _explained_by(IntegratedGradients(logits_model(), **RULE))
    return integrated_gradients(theirs, integrated())


def _layer_integrated_gradients() -> Comparison:
    model = logits_model()
    theirs = _explained_by(IntegratedGradients(model, layer=model.get_layer(LAYER), **RULE))
    ours = explained_by(tw.LayerIntegratedGradients(LAYER, STEPS, rule="gauss-legendre"))
    return Comparison("Layer integrated gradients", STEPS, theirs, ours)


def _kernel_shap() -> Comparison:
    def theirs(example: Example) -> Any:
        score, regions = switched(example)
        explainer = KernelShap(score)
        explainer.fit(np.zeros((1, regions)))
        return explainer.explain(
            np.ones((1, regions)), nsamples=COALITIONS, l1_reg=False, silent=True
        )

    ours = explained_by(tw.KernelSHAP(samples=COALITIONS, region_count=REGIONS))
    return Comparison("KernelSHAP", COALITIONS, theirs, ours, remark="same superpixels")


COMPARISONS = (_integrated_gradients, _layer_integrated_gradients, _kernel_shap)
