"""How the axes of feature maps lie, as far as the layers of a Keras model tell before any run.

`engine.models.data_formats` reads the same from a traced graph, and knows more. A menu of layers is
wanted at once, though, and tracing a model takes seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import tensorflow as tf

from tfinterp_widgets.engine.models.data_formats import CHANNELS_LAST

_STATED = {"channels_last": CHANNELS_LAST, "channels_first": "NCHW"}


class _Step(NamedTuple):
    """A layer between two symbolic tensors of four axes."""

    read: int
    made: int
    """The identities of the tensors."""
    stated: str | None
    """The format of both, where the layer says it."""
    order: tuple[int, ...]
    """Which axis of what it reads each axis of what it makes is."""


class MapAxes:
    """The data formats of what the layers of one model return.

    Convolutions, pooling and their like say theirs; what stands before them and after them has the
    same, as far as no layer permutes the axes.

    Parameters
    ----------
    layers : iterable of layers
    """

    def __init__(self, layers: Iterable[Any]) -> None:
        steps = [step for layer in layers for step in _steps(layer)]
        self._known: dict[int, str] = {}
        for step in steps:
            if step.stated is not None:
                self._known |= {step.read: step.stated, step.made: step.stated}
        told = -1
        while told < len(self._known):
            told = len(self._known)
            for step in (*steps, *reversed(steps)):
                self._pass_on(step)

    def size(self, output: Any) -> tuple[int | None, int | None]:
        """Height and width of a layer's symbolic output (N, ., ., .); None where not fixed."""
        data_format = self._known.get(id(output), CHANNELS_LAST)
        height, width = (output.shape[data_format.index(axis)] for axis in "HW")
        return height, width

    def _pass_on(self, step: _Step) -> None:
        read, made = self._known.get(step.read), self._known.get(step.made)
        if read is not None and made is None:
            self._known[step.made] = "".join(read[place] for place in step.order)
        elif made is not None and read is None:
            pairs = zip(step.order, made, strict=True)
            self._known[step.read] = "".join(axis for _, axis in sorted(pairs))


def _steps(layer: Any) -> list[_Step]:
    """From each map that a layer reads to the one that it returns."""
    try:
        read, made = layer.input, layer.output
    except (AttributeError, ValueError):  # never called on a symbolic tensor, or several times
        return []
    if getattr(layer, "outputs", None) and layer.inputs:
        return _around(layer)
    if not _has_four_axes(made):
        return []
    stated = _STATED.get(getattr(layer, "data_format", None) or "")
    maps = filter(_has_four_axes, tf.nest.flatten(read))
    return [_Step(id(each), id(made), stated, _order(layer)) for each in maps]


def _around(model: Any) -> list[_Step]:
    """From what a model in the model is called on to its own input, and from its output on."""
    own = (*model.inputs, *model.outputs)
    called = tf.nest.flatten([model.input, model.output])
    return [
        _Step(id(one), id(other), None, (0, 1, 2, 3))
        for one, other in zip(own, called, strict=True)
        if _has_four_axes(one)
    ]


def _order(layer: Any) -> tuple[int, ...]:
    kind = type(layer).__name__
    if kind == "Permute":
        return (0, *layer.dims)
    if kind == "Transpose":  # keras.ops.transpose
        axes: Sequence[int] | None = layer.axes
        return (3, 2, 1, 0) if axes is None else tuple(axis % 4 for axis in axes)
    return (0, 1, 2, 3)


def _has_four_axes(tensor: Any) -> bool:
    return len(getattr(tensor, "shape", ())) == 4
