"""Numbers: attributions of TensorFlow and Keras models. Knows no widget and no Jupyter."""

from tfinterp_widgets.engine.attribution import Attribution, Path
from tfinterp_widgets.engine.engine import AttributionEngine, Prediction
from tfinterp_widgets.engine.methods import IntegratedGradients, Saliency

__all__ = [
    "Attribution",
    "AttributionEngine",
    "IntegratedGradients",
    "Path",
    "Prediction",
    "Saliency",
]
