"""tf-explain compiles its gradients, and takes all points in one batch.

Integrated gradients start from 0 in model space, mid-grey, and are not multiplied by x - x'. The
layer of Grad-CAM is named, as it looks for one by an attribute that Keras 3 does not have. OpenCV
is installed beside it: it imports that, and does not say so.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from tf_explain.core.grad_cam import GradCAM
from tf_explain.core.gradients_inputs import GradientsInputs
from tf_explain.core.integrated_gradients import IntegratedGradients
from tf_explain.core.occlusion_sensitivity import OcclusionSensitivity
from tf_explain.core.smoothgrad import SmoothGrad
from tf_explain.core.vanilla_gradients import VanillaGradients

import tfinterp_widgets as tw
from peers.comparing import BATCH, STEPS, Comparison, Example, Explain, integrated_gradients
from peers.ours import LAYER, explained_by, integrated, logits_model

SAMPLES = 48
PATCH = 14


def _explained_by(explainer: Any, **options: Any) -> Explain:
    def explain(example: Example) -> NDArray[np.uint8]:
        data = (example.x[None], None)
        return np.asarray(explainer.explain(data, logits_model(), example.target, **options))

    return explain


def _integrate(example: Example) -> NDArray[np.float32]:
    """What `explain` does before it scales the map to 0..255."""
    points = IntegratedGradients.generate_interpolations(example.x[None], STEPS)
    return np.asarray(
        IntegratedGradients.get_integrated_gradients(points, logits_model(), example.target, STEPS)
    )


def _integrated_gradients() -> Comparison:
    return integrated_gradients(_integrate, integrated("grey"), "grey")


def _saliency() -> Comparison:
    theirs = _explained_by(VanillaGradients())
    return Comparison("Saliency", 1, theirs, explained_by(tw.Saliency()))


def _gradient_input() -> Comparison:
    theirs = _explained_by(GradientsInputs())
    return Comparison("Gradient × input", 1, theirs, explained_by(tw.InputXGradient()))


def _smoothgrad() -> Comparison:
    theirs = _explained_by(SmoothGrad(), num_samples=SAMPLES, noise=0.3)
    return Comparison("SmoothGrad", SAMPLES, theirs, explained_by(tw.SmoothGrad(SAMPLES)))


def _grad_cam() -> Comparison:
    theirs = _explained_by(GradCAM(), layer_name=LAYER, use_guided_grads=False)
    return Comparison("Grad-CAM", 1, theirs, explained_by(tw.GradCAM(LAYER)))


def _occlusion() -> Comparison:
    theirs = _explained_by(OcclusionSensitivity(BATCH), patch_size=PATCH)
    ours = explained_by(tw.Occlusion(PATCH, PATCH))
    return Comparison("Occlusion", (224 // PATCH) ** 2, theirs, ours)


COMPARISONS = (
    _integrated_gradients,
    _saliency,
    _gradient_input,
    _smoothgrad,
    _grad_cam,
    _occlusion,
)
