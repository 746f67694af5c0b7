"""Which of the model's layers have a map of the image: what a method may be asked to look at."""

from __future__ import annotations

from typing import Any

from tfinterp_widgets.engine.asking.question import Question


def layer_messages(question: Question) -> list[dict[str, Any]]:
    """List the layers that return a feature map (N, h, w, channels), those nearest the score first.

    Returns
    -------
    list of dict
        name, and height and width, None where they are not fixed. Empty for a model that hides its
        layers. Those of a subclassed model tell no shape, and are all listed, without one.
    """
    try:
        layers = question.model.inside.layers()
    except TypeError:
        return []
    return [*filter(None, map(_describe, reversed(layers)))]


def _describe(layer: Any) -> dict[str, Any] | None:
    if type(layer).__name__ == "InputLayer":
        return None
    try:
        shape: Any = getattr(layer.output, "shape", ())
    except (AttributeError, ValueError):  # never called on a symbolic tensor, or several times
        return {"name": layer.name, "height": None, "width": None}
    if len(shape) != 4 or tuple(shape[1:3]) == (1, 1):
        return None
    return {"name": layer.name, "height": shape[1], "width": shape[2]}
