"""Layers that multiply by a kernel, done with other weights or in another precision than theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

import keras
import tensorflow as tf

_PRECISION: ContextVar[Any] = ContextVar("precision", default=None)
"""What kernels are multiplied in while a graph is traced; None for each layer's own."""


class Kind(NamedTuple):
    """A kind of layer that multiplies by a kernel."""

    names: tuple[str, ...]
    """The kernel's attribute, which differs between Keras 2 and 3."""
    multiply: Callable[[Any, Any, Any], Any]
    """Maps the layer, its input and a kernel to what it returns but for bias and activation."""
    axes: int = 1
    """How many of the kernel's last axes are the output channels; 0 where these are not last."""
    dense: bool = True
    """Whether each output sums so many products that hardware for half precision makes it fast."""


def _convolve(layer: Any, inputs: Any, kernel: Any) -> Any:
    return keras.ops.conv(inputs, kernel, **_geometry(layer))


def _convolve_depthwise(layer: Any, inputs: Any, kernel: Any) -> Any:
    return keras.ops.depthwise_conv(inputs, kernel, **_geometry(layer))


def _convolve_separably(layer: Any, inputs: Any, kernel: Any) -> Any:
    depthwise = tf.cast(layer.depthwise_kernel, inputs.dtype)
    return keras.ops.separable_conv(inputs, depthwise, kernel, **_geometry(layer))


def _multiply(layer: Any, inputs: Any, kernel: Any) -> Any:
    del layer
    return keras.ops.matmul(inputs, kernel)


def _contract(layer: Any, inputs: Any, kernel: Any) -> Any:
    return keras.ops.einsum(layer.equation, inputs, kernel)


def _geometry(layer: Any) -> dict[str, Any]:
    return {
        "strides": tuple(layer.strides),
        "padding": layer.padding,
        "dilation_rate": tuple(layer.dilation_rate),
        "data_format": layer.data_format,
    }


_CONVOLUTION = Kind(("kernel",), _convolve)
_DEPTHWISE = Kind(("depthwise_kernel", "kernel"), _convolve_depthwise, axes=2, dense=False)
_SEPARABLE = Kind(("pointwise_kernel",), _convolve_separably, dense=False)
_KINDS = {
    "Conv1D": _CONVOLUTION,
    "Conv2D": _CONVOLUTION,
    "Conv3D": _CONVOLUTION,
    "DepthwiseConv1D": _DEPTHWISE,
    "DepthwiseConv2D": _DEPTHWISE,
    "SeparableConv1D": _SEPARABLE,
    "SeparableConv2D": _SEPARABLE,
    "Dense": Kind(("kernel",), _multiply),
    "EinsumDense": Kind(("kernel",), _contract, axes=0),
}


def kind_of(layer: Any) -> Kind | None:
    """The kind of a layer that `multiplied` can do as the layer itself does; None for others."""
    can = (
        is_own(layer)
        and getattr(layer, "padding", "valid") in ("valid", "same")
        and getattr(layer, "data_format", "channels_last") in ("channels_last", None)
        and getattr(layer, "quantization_mode", None) is None
    )
    return _KINDS.get(type(layer).__name__) if can else None


def is_own(layer: Any) -> bool:
    """Whether it is a layer of Keras itself: a subclass may compute something else."""
    return type(layer).__module__.partition(".")[0] in ("keras", "tf_keras")


def kernel_of(layer: Any) -> Any:
    """The kernel of a layer of some `Kind`, as a tensor."""
    kind = _KINDS[type(layer).__name__]
    name = next(name for name in kind.names if hasattr(layer, name))
    return tf.convert_to_tensor(getattr(layer, name))


def channel_shape(layer: Any) -> list[int]:
    """The last axes of a layer's kernel, those of its output channels."""
    axes = _KINDS[type(layer).__name__].axes
    return [*kernel_of(layer).shape[-axes:]]


def multiplied(layer: Any, inputs: Any, kernel: Any) -> Any:
    """What a layer of some `Kind` returns with this kernel, but for bias and activation.

    Computed in the precision of `multiplying_in`, where the kind gains by it, and otherwise that
    of the input, in which it is returned.
    """
    kind = _KINDS[type(layer).__name__]
    dtype = (kind.dense and _PRECISION.get()) or inputs.dtype
    product = kind.multiply(layer, tf.cast(inputs, dtype), tf.cast(kernel, dtype))
    return tf.cast(product, inputs.dtype)


@contextmanager
def multiplying_in(dtype: Any) -> Iterator[None]:
    """Let `multiplied` compute in this precision while this thread traces a graph."""
    token = _PRECISION.set(dtype)
    try:
        yield
    finally:
        _PRECISION.reset(token)
