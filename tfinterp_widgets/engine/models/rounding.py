"""Models computed in bfloat16, for previews on hardware that is fast at it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import tensorflow as tf

from tfinterp_widgets.engine.models.adapted import AdaptedModel
from tfinterp_widgets.engine.models.kernels import kernel_of, kind_of, multiplied, multiplying_in
from tfinterp_widgets.engine.models.layers import calling_instead
from tfinterp_widgets.engine.models.reading import Outputs


def in_bfloat16(model: AdaptedModel) -> AdaptedModel:
    """The same model, its convolutions and matrix products in bfloat16, all else in float32.

    Products are summed up in float32, as hardware does. The last layer stays in float32, so that
    the scores are not rounded.

    Raises
    ------
    TypeError
        If the layers of the model cannot be seen.
    """
    if model.layers is None:
        raise TypeError(
            f'precision="bfloat16" computes the layers of a Keras model in bfloat16, and those of '
            f"{model.name!r} cannot be seen: it is a function or a SavedModel. Hand over the Keras "
            'model itself, or take precision="float32".'
        )
    layers = model.layers

    def outputs(batch: Any) -> Outputs:
        dense = [each for each in layers() if (kind := kind_of(each)) and kind.dense]
        with calling_instead(dense[:-1], _rounded), multiplying_in(tf.bfloat16):
            return model.outputs(batch)

    return replace(model, outputs=outputs, precision="bfloat16", original=model.original or model)


def _rounded(layer: Any, call: Any, args: Any, keywords: Any) -> Any:
    """Call a layer with its product in bfloat16; one in half precision already as it is."""
    inputs = args[0] if args else keywords["inputs"]
    if inputs.dtype != tf.float32:
        return call(*args, **keywords)
    outputs = multiplied(layer, inputs, kernel_of(layer))
    if layer.bias is not None:
        outputs += tf.convert_to_tensor(layer.bias)
    return outputs if layer.activation is None else layer.activation(outputs)
