"""Which layer's output a method takes: the one that is named, or the one it chooses by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tensorflow as tf

from tfinterp_widgets.engine.models.feature_maps import (
    first_embedding,
    last_feature_map,
    with_activations,
)
from tfinterp_widgets.engine.models.layers import LayerCall, find_call
from tfinterp_widgets.engine.models.operations import behind


def choose_feature_map(
    calls: list[LayerCall], layer: str | None, scores: Any, model: str
) -> LayerCall:
    """The feature map that a layer returns, of four axes; for None, the last convolutional one.

    Parameters
    ----------
    calls : list of LayerCall
    layer : str or None
    scores : tensor
        Those that are explained, of the same graph.
    model : str
        The model's name, for messages.

    Raises
    ------
    ValueError
        If there is no such layer, or it returns something else.
    """
    calls = with_activations(calls)
    call = last_feature_map(calls, scores) if layer is None else find_call(calls, layer)
    if call is None:
        raise ValueError(
            f"the model {model!r} has no convolutional layer with a map of more than one position "
            "between its input and the score, and class activation maps are made from one. Name a "
            "layer that returns (N, h, w, channels), or take a method that needs none, such as "
            "IntegratedGradients or Occlusion."
        )
    if not _is_real(call.output) or call.output.shape.rank != 4:
        raise ValueError(
            f"layer {call.name!r} returns {_described(call.output)}; expected a feature map "
            "(N, h, w, channels) or (N, channels, h, w) of real numbers. Name a convolutional "
            "layer, or none for the last one."
        )
    return call


def choose_image(images: Mapping[str, Any], call: LayerCall, layer: str | None) -> str:
    """The name of the image that a feature map is made of.

    Parameters
    ----------
    images : mapping of str to tensor
        The model's inputs (N, ., ., .), of the same graph.
    call : LayerCall
        What returned the feature map.
    layer : str or None
        The layer that was asked for.

    Raises
    ------
    ValueError
        If it is made of none or of several, or no layer was named where there are several.
    """
    listed = ", ".join(map(repr, images))
    if len(images) > 1 and layer is None:
        raise ValueError(
            f"the model has several images ({listed}), and a class activation map is of one. Name "
            f"a layer that only one of them leads to, in place of {call.name!r}, or explain them "
            "together with IntegratedGradients."
        )
    used = behind(call.output)
    of = [name for name, tensor in images.items() if tensor.op.name in used]
    if len(of) == 1:
        return of[0]
    made = f"of {' and '.join(map(repr, of))} together" if of else f"without the image ({listed})"
    raise ValueError(
        f"what layer {call.name!r} returns is made {made}; a class activation map is of one image. "
        "Name a layer that a single image leads to, or take LayerIntegratedGradients of this one."
    )


def choose_output(
    calls: list[LayerCall], layer: str | None, scores: Any, layers: list[Any], model: str
) -> LayerCall:
    """What a layer returns; for None, the first embedding or else the last convolutional layer.

    Parameters and errors are those of `choose_feature_map`; `layers` are all of the model.
    """
    if layer is not None:
        call: LayerCall | None = find_call(calls, layer)
    else:
        call = first_embedding(calls, layers) or last_feature_map(calls, scores)
    if call is None:
        raise ValueError(
            f"the model {model!r} has neither an embedding nor a convolutional layer with a "
            "map of height and width; name the layer whose output is to be explained."
        )
    if not _is_real(call.output):
        raise ValueError(
            f"layer {call.name!r} returns {_described(call.output)}; expected a layer that returns "
            "one tensor of real numbers."
        )
    return call


def _is_real(output: Any) -> bool:
    return tf.is_tensor(output) and bool(output.dtype.is_floating)


def _described(output: Any) -> str:
    if not tf.is_tensor(output):
        return f"a {type(output).__name__}"
    return f"{output.dtype.name} of shape {output.shape}"
