"""Which of the model's layers have a map of the image: what a method may be asked to look at."""

from __future__ import annotations

from typing import Any

from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.widgets.explorer.map_axes import MapAxes


def layer_messages(question: Question) -> list[dict[str, Any]]:
    """List the layers that return a feature map, those nearest the score first.

    That is (N, h, w, channels) or, where the layers say so, (N, channels, h, w).

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
    axes = MapAxes(layers)
    return [*filter(None, (_describe(layer, axes) for layer in reversed(layers)))]


def _describe(layer: Any, axes: MapAxes) -> dict[str, Any] | None:
    if type(layer).__name__ == "InputLayer":
        return None
    try:
        output: Any = layer.output
    except (AttributeError, ValueError):  # never called on a symbolic tensor, or several times
        return _message(layer, None, None)
    if len(getattr(output, "shape", ())) != 4:
        return None
    height, width = axes.size(output)
    return None if (height, width) == (1, 1) else _message(layer, height, width)


def _message(layer: Any, height: int | None, width: int | None) -> dict[str, Any]:
    return {"name": layer.name, "height": height, "width": width}
