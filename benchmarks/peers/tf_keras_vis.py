"""tf-keras-vis runs everything eagerly but Score-CAM's passes, and its samples go one by one.

Score-CAM is limited to as many channels as ours takes, which leaves out those that are constant.
"""

from functools import cache
from typing import Any

from tf_keras_vis.gradcam import Gradcam
from tf_keras_vis.gradcam_plus_plus import GradcamPlusPlus
from tf_keras_vis.layercam import Layercam
from tf_keras_vis.saliency import Saliency
from tf_keras_vis.scorecam import Scorecam
from tf_keras_vis.utils.scores import CategoricalScore

import tfinterp_widgets as tw
from peers.comparing import BATCH, Comparison, Explain
from peers.ours import LAYER, explained_by, logits_model

SAMPLES = 48
CHANNELS = 464
"""Those of the layer that are not constant for the photograph that is timed: ours takes no more."""


def _explained_by(explainer: Any, **options: Any) -> Explain:
    return lambda example: explainer(CategoricalScore([example.target]), example.x[None], **options)


@cache
def _of_layer(kind: Any) -> Explain:
    return _explained_by(
        kind(logits_model()), penultimate_layer=LAYER, seek_penultimate_conv_layer=False
    )


def _saliency() -> Comparison:
    theirs = _explained_by(Saliency(logits_model()))
    return Comparison("Saliency", 1, theirs, explained_by(tw.Saliency()))


def _smoothgrad() -> Comparison:
    theirs = _explained_by(Saliency(logits_model()), smooth_samples=SAMPLES, smooth_noise=0.15)
    return Comparison("SmoothGrad", SAMPLES, theirs, explained_by(tw.SmoothGrad(SAMPLES)))


def _grad_cam() -> Comparison:
    return Comparison("Grad-CAM", 1, _of_layer(Gradcam), explained_by(tw.GradCAM(LAYER)))


def _grad_cam_plus_plus() -> Comparison:
    ours = explained_by(tw.GradCAMPlusPlus(LAYER))
    return Comparison("Grad-CAM++", 1, _of_layer(GradcamPlusPlus), ours)


def _layer_cam() -> Comparison:
    return Comparison("LayerCAM", 1, _of_layer(Layercam), explained_by(tw.LayerCAM(LAYER)))


def _score_cam() -> Comparison:
    theirs = _explained_by(
        Scorecam(logits_model()),
        penultimate_layer=LAYER,
        seek_penultimate_conv_layer=False,
        batch_size=BATCH,
        max_N=CHANNELS,
    )
    return Comparison("Score-CAM", CHANNELS, theirs, explained_by(tw.ScoreCAM(LAYER)))


COMPARISONS = (
    _saliency,
    _smoothgrad,
    _grad_cam,
    _grad_cam_plus_plus,
    _layer_cam,
    _score_cam,
)
