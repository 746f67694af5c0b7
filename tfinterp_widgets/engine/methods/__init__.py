"""Attribution methods, one file each, and what families have in common.

`METHODS` is the registry: menus, documentation and the tests of every method read it.
"""

from __future__ import annotations

from tfinterp_widgets.engine.asking.method import Method
from tfinterp_widgets.engine.methods.blur_ig import BlurIntegratedGradients
from tfinterp_widgets.engine.methods.expected_gradients import ExpectedGradients
from tfinterp_widgets.engine.methods.grad_cam import GradCAM
from tfinterp_widgets.engine.methods.grad_cam_plus_plus import GradCAMPlusPlus
from tfinterp_widgets.engine.methods.guided_backprop import GuidedBackprop
from tfinterp_widgets.engine.methods.guided_ig import GuidedIntegratedGradients
from tfinterp_widgets.engine.methods.idgi import IDGI
from tfinterp_widgets.engine.methods.input_x_gradient import InputXGradient
from tfinterp_widgets.engine.methods.integrated_gradients import IntegratedGradients
from tfinterp_widgets.engine.methods.kernel_shap import KernelSHAP
from tfinterp_widgets.engine.methods.layer_cam import LayerCAM
from tfinterp_widgets.engine.methods.layer_integrated_gradients import LayerIntegratedGradients
from tfinterp_widgets.engine.methods.lime import LIME
from tfinterp_widgets.engine.methods.occlusion import Occlusion
from tfinterp_widgets.engine.methods.rise import RISE
from tfinterp_widgets.engine.methods.saliency import Saliency
from tfinterp_widgets.engine.methods.score_cam import ScoreCAM
from tfinterp_widgets.engine.methods.smoothgrad import SmoothGrad
from tfinterp_widgets.engine.methods.vargrad import VarGrad
from tfinterp_widgets.engine.methods.xrai import XRAI

__all__ = [
    "IDGI",
    "LIME",
    "METHODS",
    "RISE",
    "XRAI",
    "BlurIntegratedGradients",
    "ExpectedGradients",
    "GradCAM",
    "GradCAMPlusPlus",
    "GuidedBackprop",
    "GuidedIntegratedGradients",
    "InputXGradient",
    "IntegratedGradients",
    "KernelSHAP",
    "LayerCAM",
    "LayerIntegratedGradients",
    "Method",
    "Occlusion",
    "Saliency",
    "ScoreCAM",
    "SmoothGrad",
    "VarGrad",
]

METHODS: dict[str, type[Method]] = {
    method.__name__: method
    for method in (
        IntegratedGradients,
        GuidedIntegratedGradients,
        BlurIntegratedGradients,
        IDGI,
        XRAI,
        ExpectedGradients,
        LayerIntegratedGradients,
        Saliency,
        InputXGradient,
        SmoothGrad,
        VarGrad,
        GuidedBackprop,
        GradCAM,
        GradCAMPlusPlus,
        LayerCAM,
        ScoreCAM,
        Occlusion,
        RISE,
        LIME,
        KernelSHAP,
    )
}
