"""What follows a layer, as a model of its own: from what the layer returns to the score."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tfinterp_widgets.engine.models import AdaptedModel
from tfinterp_widgets.engine.models.layers import replacing
from tfinterp_widgets.engine.models.layout import Layout, Leaf
from tfinterp_widgets.engine.models.reading import Outputs

LAYER = "what the layer returns"
"""The name of the layer's output among the arrays of a point."""


def layout_after(layout: Layout, shape: tuple[int, ...], dtype: Any) -> Layout:
    """Lay out what a layer returns, and behind it the input, which is carried along.

    The input may reach the score on other ways than through the layer.
    """
    carried = (replace(leaf, carried=True) for leaf in layout.leaves)
    return Layout((Leaf(LAYER, shape, dtype), *carried), packed=True)


def model_after(
    model: AdaptedModel, layers: Callable[[], list[Any]], name: str, layout: Layout
) -> AdaptedModel:
    """A model of points laid out by `layout_after`: the layer's own output is not used.

    Parameters
    ----------
    model : AdaptedModel
    layers : callable
        Returns the layers of the model.
    name : str
        As `LayerCall` names the layer.
    layout : Layout
        How the input of `model` lies in a point.
    """

    def outputs(arrays: dict[str, Any]) -> Outputs:
        rest = {leaf.name: arrays[leaf.name] for leaf in layout.leaves}
        points = rest if layout.packed else rest[layout.leaves[0].name]
        with replacing(layers(), name, arrays[LAYER]):
            return model.outputs(points)

    return replace(
        model, outputs=outputs, name=f"{model.name} after {name}", inputs=None, layers=None
    )
