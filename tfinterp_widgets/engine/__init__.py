"""Numbers: attributions of TensorFlow and Keras models. Knows no widget and no Jupyter.

Names are loaded when they are first used: what is evaluated without a model needs no TensorFlow.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tfinterp_widgets.engine.asking.predictions import Prediction
    from tfinterp_widgets.engine.attribution import Attribution, Path
    from tfinterp_widgets.engine.benchmarking import Benchmark
    from tfinterp_widgets.engine.engine import AttributionEngine
    from tfinterp_widgets.engine.methods import (
        IDGI,
        LIME,
        RISE,
        XRAI,
        BlurIntegratedGradients,
        ExpectedGradients,
        GradCAM,
        GradCAMPlusPlus,
        GuidedBackprop,
        GuidedIntegratedGradients,
        InputXGradient,
        IntegratedGradients,
        KernelSHAP,
        LayerCAM,
        LayerIntegratedGradients,
        Occlusion,
        Saliency,
        ScoreCAM,
        SmoothGrad,
        VarGrad,
    )

__all__ = [
    "IDGI",
    "LIME",
    "RISE",
    "XRAI",
    "Attribution",
    "AttributionEngine",
    "Benchmark",
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
    "Occlusion",
    "Path",
    "Prediction",
    "Saliency",
    "ScoreCAM",
    "SmoothGrad",
    "VarGrad",
]

# The module in which each name lives, but for the methods.
_HOMES = {
    "Attribution": "attribution",
    "AttributionEngine": "engine",
    "Benchmark": "benchmarking",
    "Path": "attribution",
    "Prediction": "asking.predictions",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = _HOMES.get(name, "methods")
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)
