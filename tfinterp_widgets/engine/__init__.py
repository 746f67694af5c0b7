"""Numbers: attributions of TensorFlow and Keras models. Knows no widget and no Jupyter."""

from tfinterp_widgets.engine.attribution import Attribution, Path
from tfinterp_widgets.engine.engine import AttributionEngine
from tfinterp_widgets.engine.methods import IntegratedGradients, Saliency
from tfinterp_widgets.engine.predictions import Prediction

__all__ = [
    "Attribution",
    "AttributionEngine",
    "IntegratedGradients",
    "Path",
    "Prediction",
    "Saliency",
]
