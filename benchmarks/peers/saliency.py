"""PAIR's saliency has the caller bring the model's function: here compiled.

What it does not batch by itself (SmoothGrad, Guided IG, occlusion) goes point by point. It needs
NumPy below 2.4, which no longer has a keyword that it uses. Its guided backpropagation is for
TensorFlow 1 alone.
"""

from functools import cache
from typing import Any

import keras
import numpy as np
import saliency.core as pair
import tensorflow as tf
from numpy.typing import NDArray

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
from peers.ours import LAYER, explained_by, integrated, logits_model

SAMPLES = 48
GUIDED_STEPS = 24
XRAI_STEPS = 16
WINDOW = 208


@cache
def _feature_model() -> keras.Model:
    model = logits_model()
    return keras.Model(model.input, [model.get_layer(LAYER).output, model.output])


@tf.function  # type: ignore[untyped-decorator]
def _gradient(model: keras.Model, batch: tf.Tensor, target: tf.Tensor) -> tf.Tensor:
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(batch)
        score = tf.gather(model(batch), target, axis=1)
    return tape.gradient(score, batch)


@tf.function  # type: ignore[untyped-decorator]
def _features(
    model: keras.Model, batch: tf.Tensor, target: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(batch)
        features, logits = model(batch)
        score = tf.gather(logits, target, axis=1)
    return features, tape.gradient(score, features)


@tf.function  # type: ignore[untyped-decorator]
def _score(model: keras.Model, batch: tf.Tensor, target: tf.Tensor) -> tf.Tensor:
    return tf.gather(model(batch), target, axis=1)


def _call_model(
    batch: NDArray[Any], call_model_args: int, expected_keys: list[str]
) -> dict[str, Any]:
    """What the package asks of a model, of a batch and a target."""
    points, target = tf.constant(batch, tf.float32), tf.constant(call_model_args)
    if pair.INPUT_OUTPUT_GRADIENTS in expected_keys:
        return {pair.INPUT_OUTPUT_GRADIENTS: _gradient(logits_model(), points, target)}
    if pair.OUTPUT_LAYER_VALUES in expected_keys:
        return {pair.OUTPUT_LAYER_VALUES: _score(logits_model(), points, target)}
    features, gradient = _features(_feature_model(), points, target)
    return {
        pair.CONVOLUTION_LAYER_VALUES: features,
        pair.CONVOLUTION_OUTPUT_GRADIENTS: gradient,
    }


def _explained_by(method: Any, **options: Any) -> Explain:
    return lambda example: method(example.x, _call_model, example.target, **options)


def _black(example: Example) -> NDArray[np.float32]:
    return np.full_like(example.x, MODEL_BLACK)


def _integrated_gradients() -> Comparison:
    method = pair.IntegratedGradients().GetMask

    def theirs(example: Example) -> Any:
        options = {"x_baseline": _black(example), "x_steps": STEPS, "batch_size": BATCH}
        return method(example.x, _call_model, example.target, **options)

    return integrated_gradients(theirs, integrated())


def _saliency() -> Comparison:
    theirs = _explained_by(pair.GradientSaliency().GetMask)
    return Comparison("Saliency", 1, theirs, explained_by(tw.Saliency()))


def _smoothgrad() -> Comparison:
    smoothed = pair.GradientSaliency().GetSmoothedMask
    theirs = _explained_by(smoothed, nsamples=SAMPLES, magnitude=False)
    return Comparison("SmoothGrad", SAMPLES, theirs, explained_by(tw.SmoothGrad(SAMPLES)))


def _guided_ig() -> Comparison:
    method = pair.GuidedIG().GetMask

    def theirs(example: Example) -> Any:
        options = {"x_baseline": _black(example), "x_steps": GUIDED_STEPS}
        return method(example.x, _call_model, example.target, **options)

    ours = explained_by(tw.GuidedIntegratedGradients(GUIDED_STEPS))
    return Comparison("Guided integrated gradients", GUIDED_STEPS, theirs, ours)


def _blur_ig() -> Comparison:
    theirs = _explained_by(pair.BlurIG().GetMask, steps=STEPS, batch_size=BATCH)
    ours = explained_by(tw.BlurIntegratedGradients(STEPS - 1))
    return Comparison("Blur integrated gradients", STEPS, theirs, ours)


def _xrai() -> Comparison:
    parameters = pair.XRAIParameters(steps=XRAI_STEPS)
    theirs = _explained_by(pair.XRAI().GetMask, batch_size=BATCH, extra_parameters=parameters)
    return Comparison("XRAI", 2 * XRAI_STEPS, theirs, explained_by(tw.XRAI(XRAI_STEPS)))


def _grad_cam() -> Comparison:
    theirs = _explained_by(pair.GradCam().GetMask)
    return Comparison("Grad-CAM", 1, theirs, explained_by(tw.GradCAM(LAYER)))


def _occlusion() -> Comparison:
    """Its stride is always 1: so the window is large, to be done in time."""
    theirs = _explained_by(pair.Occlusion().GetMask, size=WINDOW, value=MODEL_BLACK)
    ours = explained_by(tw.Occlusion(WINDOW, 1))
    return Comparison("Occlusion", (225 - WINDOW) ** 2, theirs, ours)


COMPARISONS = (
    _integrated_gradients,
    _saliency,
    _smoothgrad,
    _guided_ig,
    _blur_ig,
    _xrai,
    _grad_cam,
    _occlusion,
)
