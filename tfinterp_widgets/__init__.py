"""Interpretability of TensorFlow and Keras models, inside a notebook cell.

Names are loaded when they are first used, so that ``import tfinterp_widgets`` costs next to nothing
and imports neither TensorFlow nor pandas nor bqplot.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from tfinterp_widgets._version import __version__

if TYPE_CHECKING:
    from tfinterp_widgets import samples
    from tfinterp_widgets.engine import (
        IDGI,
        LIME,
        RISE,
        XRAI,
        Attribution,
        AttributionEngine,
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
        baselines,
    )
    from tfinterp_widgets.evaluation.dependence.dependence import PartialDependence
    from tfinterp_widgets.evaluation.importance.importance import ImportanceResult
    from tfinterp_widgets.evaluation.partial_dependence import partial_dependence
    from tfinterp_widgets.evaluation.permutation import permutation_importance
    from tfinterp_widgets.evaluation.slices import slice_metrics
    from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
    from tfinterp_widgets.evaluation.slicing.eval_config import EvalConfig
    from tfinterp_widgets.evaluation.tfma import run_tfma
    from tfinterp_widgets.images import read_photographs
    from tfinterp_widgets.widgets.attribution_explorer import AttributionExplorer
    from tfinterp_widgets.widgets.demo import demo
    from tfinterp_widgets.widgets.permutation_importance import PermutationImportance
    from tfinterp_widgets.widgets.slice_explorer import SliceExplorer
    from tfinterp_widgets.widgets.tabular_explorer import TabularExplorer

__all__ = [
    "IDGI",
    "LIME",
    "RISE",
    "XRAI",
    "Attribution",
    "AttributionEngine",
    "AttributionExplorer",
    "BlurIntegratedGradients",
    "EvalConfig",
    "ExpectedGradients",
    "GradCAM",
    "GradCAMPlusPlus",
    "GuidedBackprop",
    "GuidedIntegratedGradients",
    "ImportanceResult",
    "InputXGradient",
    "IntegratedGradients",
    "KernelSHAP",
    "LayerCAM",
    "LayerIntegratedGradients",
    "Occlusion",
    "PartialDependence",
    "PermutationImportance",
    "Saliency",
    "ScoreCAM",
    "SliceExplorer",
    "SliceTable",
    "SmoothGrad",
    "TabularExplorer",
    "VarGrad",
    "__version__",
    "baselines",
    "demo",
    "partial_dependence",
    "permutation_importance",
    "read_photographs",
    "run_tfma",
    "samples",
    "slice_metrics",
]

_ENGINE = "tfinterp_widgets.engine"
_EVALUATION = "tfinterp_widgets.evaluation"

# Where each public name lives: (module, attribute), no attribute for a module itself.
_HOMES = {
    "Attribution": (_ENGINE, "Attribution"),
    "AttributionEngine": (_ENGINE, "AttributionEngine"),
    "AttributionExplorer": (
        "tfinterp_widgets.widgets.attribution_explorer",
        "AttributionExplorer",
    ),
    "BlurIntegratedGradients": (_ENGINE, "BlurIntegratedGradients"),
    "EvalConfig": (f"{_EVALUATION}.slicing.eval_config", "EvalConfig"),
    "ExpectedGradients": (_ENGINE, "ExpectedGradients"),
    "GradCAM": (_ENGINE, "GradCAM"),
    "GradCAMPlusPlus": (_ENGINE, "GradCAMPlusPlus"),
    "GuidedBackprop": (_ENGINE, "GuidedBackprop"),
    "GuidedIntegratedGradients": (_ENGINE, "GuidedIntegratedGradients"),
    "IDGI": (_ENGINE, "IDGI"),
    "ImportanceResult": (f"{_EVALUATION}.importance.importance", "ImportanceResult"),
    "InputXGradient": (_ENGINE, "InputXGradient"),
    "IntegratedGradients": (_ENGINE, "IntegratedGradients"),
    "KernelSHAP": (_ENGINE, "KernelSHAP"),
    "LIME": (_ENGINE, "LIME"),
    "LayerCAM": (_ENGINE, "LayerCAM"),
    "LayerIntegratedGradients": (_ENGINE, "LayerIntegratedGradients"),
    "Occlusion": (_ENGINE, "Occlusion"),
    "PartialDependence": (f"{_EVALUATION}.dependence.dependence", "PartialDependence"),
    "PermutationImportance": (
        "tfinterp_widgets.widgets.permutation_importance",
        "PermutationImportance",
    ),
    "RISE": (_ENGINE, "RISE"),
    "Saliency": (_ENGINE, "Saliency"),
    "ScoreCAM": (_ENGINE, "ScoreCAM"),
    "SliceExplorer": ("tfinterp_widgets.widgets.slice_explorer", "SliceExplorer"),
    "SliceTable": (f"{_EVALUATION}.slicing.answers.table", "SliceTable"),
    "SmoothGrad": (_ENGINE, "SmoothGrad"),
    "TabularExplorer": ("tfinterp_widgets.widgets.tabular_explorer", "TabularExplorer"),
    "VarGrad": (_ENGINE, "VarGrad"),
    "XRAI": (_ENGINE, "XRAI"),
    "baselines": (f"{_ENGINE}.baselines", None),
    "demo": ("tfinterp_widgets.widgets.demo", "demo"),
    "partial_dependence": (f"{_EVALUATION}.partial_dependence", "partial_dependence"),
    "permutation_importance": (f"{_EVALUATION}.permutation", "permutation_importance"),
    "read_photographs": ("tfinterp_widgets.images", "read_photographs"),
    "run_tfma": (f"{_EVALUATION}.tfma", "run_tfma"),
    "samples": ("tfinterp_widgets.samples", None),
    "slice_metrics": (f"{_EVALUATION}.slices", "slice_metrics"),
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module_name, attribute = _HOMES[name]
    module = importlib.import_module(module_name)
    value = module if attribute is None else getattr(module, attribute)
    globals()[name] = value  # found at once the next time
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
