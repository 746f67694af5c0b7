"""Which layer's output is the last convolutional feature map."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from tfinterp_widgets.engine.models.data_formats import CHANNELS_LAST, data_formats
from tfinterp_widgets.engine.models.layers import LayerCall
from tfinterp_widgets.engine.models.operations import Operations, behind

_CONVOLUTIONS = {"Conv2D", "DepthwiseConv2dNative", "Conv2DBackpropInput"}
_POOLING = {"MaxPool", "MaxPoolV2", "AvgPool", "FractionalMaxPool", "FractionalAvgPool"}
_ACTIVATIONS = {"Relu", "Relu6", "LeakyRelu", "Elu", "Selu", "Softplus", "Softsign", "Tanh"}


def with_activations(calls: list[LayerCall]) -> list[LayerCall]:
    """Add what a model's own code makes of an output by an activation, as "layer:Relu".

    Subclassed models write ``tf.nn.relu(self.norm(self.conv(x)))``, where no layer returns the
    feature map.
    """
    known = {call.output.ref() for call in calls if tf.is_tensor(call.output)}
    found = []
    for call in calls:
        found.append(call)
        readers = call.output.consumers() if tf.is_tensor(call.output) else []
        activations = [reader for reader in readers if reader.type in _ACTIVATIONS]
        if len(activations) == 1 and activations[0].outputs[0].ref() not in known:
            (activation,) = activations
            found.append(LayerCall(f"{call.name}:{activation.type}", activation.outputs[0]))
            known.add(activation.outputs[0].ref())
    return found


def first_embedding(calls: list[LayerCall], layers: list[Any]) -> LayerCall | None:
    """The call of the embedding that is done first; None if there is none."""
    names = {layer.name for layer in layers if type(layer).__name__ == "Embedding"}
    return next((call for call in calls if call.name.partition(":")[0] in names), None)


def last_feature_map(calls: list[LayerCall], score: Any) -> LayerCall | None:
    """The last convolutional feature map behind a score, after its normalisation and activation.

    That is the last output (N, h, w, K), or (N, K, h, w), of more than one position that a
    convolution leads to through operations that keep its positions: not through pooling, nor
    through anything of another shape, such as the attention of a vision transformer.

    Parameters
    ----------
    calls : list of LayerCall
        In the order in which the layers were done.
    score : tensor
        Of the same graph.

    Returns
    -------
    LayerCall or None
        None if there is no convolution.
    """
    maps = _feature_maps(Operations(score.graph))
    used = behind(score)
    found = [
        call
        for call in calls
        if tf.is_tensor(call.output) and call.output.ref() in maps and call.output.op.name in used
    ]
    # A model or block around the layer returns the same tensor after it: the layer names it.
    return next((call for call in found if call.output is found[-1].output), None)


def _feature_maps(operations: Operations) -> set[Any]:
    """References to all tensors that are convolutional feature maps."""
    formats = data_formats(operations)

    def positions(tensor: Any) -> list[int | None]:
        data_format = formats.get(tensor.ref(), CHANNELS_LAST)
        return [tensor.shape[data_format.index(axis)] for axis in "HW"]

    maps: set[Any] = set()
    for operation in operations.all:
        mapped = [positions(read) for read in operation.inputs if read.ref() in maps]
        convolves = bool(operations.types(operation) & _CONVOLUTIONS)
        if operation.type in _POOLING or not (mapped or convolves):
            continue
        for output in operation.outputs:
            if output.shape.rank != 4 or positions(output) == [1, 1]:
                continue
            if convolves or positions(output) in mapped:
                maps.add(output.ref())
    return maps
