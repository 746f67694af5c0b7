"""Where a traced graph has the channels of its images and feature maps: first or last."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from tfinterp_widgets.engine.models.operations import Operations

CHANNELS_LAST = "NHWC"

_STATED = {"NHWC", "NCHW"}


def data_formats(operations: Operations) -> dict[Any, str]:
    """The data format of each tensor of four axes for which the graph tells it, by reference.

    Convolutions, pooling and biases say what they take, "NHWC" or "NCHW". What comes before them
    and after them has the same format, as far as no axes are transposed; "NCWH" may come of that.
    """
    stated = {each.name: _stated(operations, each) for each in operations.all}
    known: dict[Any, str] = {}
    for operation in operations.all:
        read = (known[each.ref()] for each in operation.inputs if each.ref() in known)
        made = stated[operation.name] or _moved(operation, next(read, None))
        for tensor in _of_four_axes(operation.outputs):
            if made is not None:
                known[tensor.ref()] = made
    for operation in reversed(operations.all):
        written = (known[each.ref()] for each in operation.outputs if each.ref() in known)
        says = stated[operation.name]
        eaten = says or _moved(operation, next(written, None), back=True)
        for tensor in _maps_read(operation, only=says is not None):
            if eaten is not None:
                known.setdefault(tensor.ref(), eaten)
    return known


def transposed(tensor: Any, data_format: str, wanted: str) -> Any:
    """Bring a tensor from one format into another."""
    if data_format == wanted:
        return tensor
    return tf.transpose(tensor, [data_format.index(axis) for axis in wanted])


def _stated(operations: Operations, operation: Any) -> str | None:
    """What an operation on maps, or all those inside one that is called, say of their format."""
    if not _of_four_axes(operation.outputs):
        return None
    said = operations.attributes(operation, "data_format") & _STATED
    return said.pop() if len(said) == 1 else None


def _moved(operation: Any, data_format: str | None, back: bool = False) -> str | None:
    """What an operation makes of a format or, `back`, what it makes this one of."""
    if operation.type != "Transpose" or data_format is None:
        return data_format
    order = tf.get_static_value(operation.inputs[1])
    if order is None or len(order) != len(data_format):
        return None
    if back:
        return "".join(axis for _, axis in sorted(zip(order, data_format, strict=True)))
    return "".join(data_format[place] for place in order)


def _maps_read(operation: Any, only: bool) -> list[Any]:
    """The images or feature maps that an operation reads; the `only` one beside its kernel."""
    read = _of_four_axes(operation.inputs)
    if not only:
        return read
    return read[-1:] if operation.type == "Conv2DBackpropInput" else read[:1]


def _of_four_axes(tensors: Any) -> list[Any]:
    return [tensor for tensor in tensors if tensor.shape.rank == 4]
