"""Attribution methods, one file per family."""

from tfinterp_widgets.engine.methods.integrated_gradients import IntegratedGradients
from tfinterp_widgets.engine.methods.method import Method
from tfinterp_widgets.engine.methods.occlusion import Occlusion
from tfinterp_widgets.engine.methods.registry import METHODS
from tfinterp_widgets.engine.methods.rise import RISE
from tfinterp_widgets.engine.methods.saliency import Saliency

__all__ = [
    "METHODS",
    "RISE",
    "IntegratedGradients",
    "Method",
    "Occlusion",
    "Saliency",
]
