"""Xplique gets a model that returns logits: the `output_layer` that it offers is not used by it.

It compiles by itself. Baselines and noise are numbers in model space. Installed without its
dependencies, which on Linux are TensorFlow with 3 GB of CUDA; those it needs are named.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf
import xplique.attributions as xplique
from numpy.typing import NDArray
from sklearn.linear_model import Ridge

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
from peers.ours import (
    LAYER,
    explained_by,
    explained_together,
    integrated,
    logits_model,
    photographs,
)
from peers.superpixels import REGIONS, superpixels

SAMPLES = 48
MASKS = 256


def _explained_by(explainer: Any) -> Explain:
    def explain(example: Example) -> NDArray[np.float32]:
        target = tf.one_hot([example.target], logits_model().output.shape[-1])
        return np.asarray(explainer.explain(example.x[None], target))

    return explain


def _together(method: str, explainer: Any, ours: Explain) -> Comparison:
    """Of all photographs at once."""
    batch = tw.samples.imagenet().preprocess(photographs())
    count = len(batch)

    def explain(example: Example) -> NDArray[np.float32]:
        targets = tf.one_hot([example.target] * count, logits_model().output.shape[-1])
        return np.asarray(explainer.explain(batch, targets))

    return Comparison(f"{method}, {count} inputs", count, explain, ours)


def _segmented(x: tf.Tensor) -> tf.Tensor:
    """In place of several hundred segments by quickshift."""
    return tf.constant(superpixels(x.numpy()), tf.int32)


def _integrated_gradients() -> Comparison:
    explainer = xplique.IntegratedGradients(
        logits_model(), batch_size=BATCH, reducer=None, steps=STEPS, baseline_value=MODEL_BLACK
    )
    return integrated_gradients(_explained_by(explainer), integrated())


def _saliency() -> Comparison:
    explainer = xplique.Saliency(logits_model())
    return Comparison("Saliency", 1, _explained_by(explainer), explained_by(tw.Saliency()))


def _saliency_together() -> Comparison:
    explainer = xplique.Saliency(logits_model(), batch_size=BATCH)
    return _together("Saliency", explainer, explained_together(tw.Saliency()))


def _gradient_input() -> Comparison:
    explainer = xplique.GradientInput(logits_model())
    ours = explained_by(tw.InputXGradient())
    return Comparison("Gradient × input", 1, _explained_by(explainer), ours)


def _smoothgrad() -> Comparison:
    explainer = xplique.SmoothGrad(logits_model(), batch_size=BATCH, nb_samples=SAMPLES)
    ours = explained_by(tw.SmoothGrad(SAMPLES))
    return Comparison("SmoothGrad", SAMPLES, _explained_by(explainer), ours)


def _vargrad() -> Comparison:
    explainer = xplique.VarGrad(logits_model(), batch_size=BATCH, nb_samples=SAMPLES)
    ours = explained_by(tw.VarGrad(SAMPLES))
    return Comparison("VarGrad", SAMPLES, _explained_by(explainer), ours)


def _guided_backprop() -> Comparison:
    explainer = xplique.GuidedBackprop(logits_model())
    ours = explained_by(tw.GuidedBackprop())
    return Comparison("Guided backpropagation", 1, _explained_by(explainer), ours)


def _guided_backprop_together() -> Comparison:
    explainer = xplique.GuidedBackprop(logits_model(), batch_size=BATCH)
    return _together("Guided backpropagation", explainer, explained_together(tw.GuidedBackprop()))


def _grad_cam() -> Comparison:
    explainer = xplique.GradCAM(logits_model(), conv_layer=LAYER)
    return Comparison("Grad-CAM", 1, _explained_by(explainer), explained_by(tw.GradCAM(LAYER)))


def _grad_cam_together() -> Comparison:
    explainer = xplique.GradCAM(logits_model(), batch_size=BATCH, conv_layer=LAYER)
    return _together("Grad-CAM", explainer, explained_together(tw.GradCAM(LAYER)))


def _grad_cam_plus_plus() -> Comparison:
    explainer = xplique.GradCAMPP(logits_model(), conv_layer=LAYER)
    ours = explained_by(tw.GradCAMPlusPlus(LAYER))
    return Comparison("Grad-CAM++", 1, _explained_by(explainer), ours)


def _occlusion() -> Comparison:
    explainer = xplique.Occlusion(
        logits_model(),
        batch_size=BATCH,
        patch_size=32,
        patch_stride=12,
        occlusion_value=MODEL_BLACK,
    )
    ours = explained_by(tw.Occlusion(window=32, stride=12))
    return Comparison("Occlusion", 17**2, _explained_by(explainer), ours)


def _rise() -> Comparison:
    explainer = xplique.Rise(logits_model(), batch_size=BATCH, nb_samples=MASKS)
    return Comparison("RISE", MASKS, _explained_by(explainer), explained_by(tw.RISE(MASKS)))


def _lime() -> Comparison:
    explainer = xplique.Lime(
        logits_model(),
        batch_size=BATCH,
        interpretable_model=Ridge(1.0),
        map_to_interpret_space=_segmented,
        ref_value=np.full(3, MODEL_BLACK),
        nb_samples=MASKS,
    )
    ours = explained_by(tw.LIME(samples=MASKS, region_count=REGIONS))
    return Comparison("LIME", MASKS, _explained_by(explainer), ours, remark="same superpixels")


def _kernel_shap() -> Comparison:
    explainer = xplique.KernelShap(
        logits_model(),
        batch_size=BATCH,
        map_to_interpret_space=_segmented,
        nb_samples=MASKS,
        ref_value=np.full(3, MODEL_BLACK),
    )
    ours = explained_by(tw.KernelSHAP(samples=MASKS, region_count=REGIONS))
    return Comparison(
        "KernelSHAP", MASKS, _explained_by(explainer), ours, remark="same superpixels"
    )


COMPARISONS: tuple[Callable[[], Comparison], ...] = (
    _integrated_gradients,
    _saliency,
    _saliency_together,
    _gradient_input,
    _smoothgrad,
    _vargrad,
    _guided_backprop,
    _guided_backprop_together,
    _grad_cam,
    _grad_cam_together,
    _grad_cam_plus_plus,
    _occlusion,
    _rise,
    _lime,
    _kernel_shap,
)
