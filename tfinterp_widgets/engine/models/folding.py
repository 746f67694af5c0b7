"""Batch normalisation folded into the layer before it.

At inference, batch normalisation scales and shifts each channel by fixed numbers. A convolution or
a dense layer before it can do that with its own weights, at no cost. While a graph of the model is
traced, the one layer is given such weights, and the other passes its input on. The model itself,
and whoever else calls it, are left alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import tensorflow as tf

from tfinterp_widgets.engine.compiled import compiled
from tfinterp_widgets.engine.models.adapted import AdaptedModel
from tfinterp_widgets.engine.models.kernels import (
    channel_shape,
    is_own,
    kernel_of,
    kind_of,
    multiplied,
)
from tfinterp_widgets.engine.models.layers import calling_instead
from tfinterp_widgets.engine.models.reading import Outputs


@dataclass(frozen=True)
class Fold:
    """A batch normalisation, and the layer before it that can do its work.

    Attributes
    ----------
    layer, norm : layers
    """

    layer: Any
    norm: Any

    def weights(self) -> tuple[Any, Any]:
        """The kernel and the bias with which the layer does the work of both, as both are now."""
        kernel = kernel_of(self.layer)
        # Half precision would round what the two layers have, and what the one will have.
        dtype = tf.float64 if kernel.dtype == tf.float64 else tf.float32

        def read(weight: Any) -> Any:
            return tf.cast(tf.convert_to_tensor(weight), dtype)

        norm = self.norm
        scale = tf.math.rsqrt(read(norm.moving_variance) + norm.epsilon)
        if norm.scale:
            scale *= read(norm.gamma)
        shift = -read(norm.moving_mean)
        if self.layer.use_bias:
            shift += read(self.layer.bias)
        bias = shift * scale
        if norm.center:
            bias += read(norm.beta)
        return read(kernel) * tf.reshape(scale, channel_shape(self.layer)), bias


class Folding:
    """Folded batch normalisations, with the weights that do their work.

    Parameters
    ----------
    folds : sequence of Fold
    """

    def __init__(self, folds: Iterable[Fold]) -> None:
        self._folds = tuple(folds)
        self._fold = compiled(lambda: [fold.weights() for fold in self._folds])
        self._folded = [tuple(map(tf.Variable, weights)) for weights in self._fold()]
        self._state: int | None = None

    def __len__(self) -> int:
        return len(self._folds)

    def changes(self, call: str) -> bool:
        """Whether the layer of a call, as `LayerCall` names it, returns something else folded."""
        return call.partition(":")[0] in {fold.layer.name for fold in self._folds}

    def follow(self, fingerprint: int) -> None:
        """Fold again if the model's weights, of which this is the fingerprint, are new."""
        if fingerprint == self._state:
            return
        for variables, weights in zip(self._folded, self._fold(), strict=True):
            for variable, weight in zip(variables, weights, strict=True):
                variable.assign(weight)
        self._state = fingerprint

    def originals(self, variables: Iterable[Any]) -> list[Any]:
        """The model's own weights behind those that a folded graph reads."""
        folded = {each.ref() for pair in self._folded for each in pair}
        behind = {each.ref(): each for each in (*variables, *self._fold.variables)}
        return [each for ref, each in behind.items() if ref not in folded]

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Call the layers folded while the caller's graph is traced."""
        folded = {
            id(fold.layer): weights for fold, weights in zip(self._folds, self._folded, strict=True)
        }

        def fold_call(layer: Any, call: Any, args: Any, keywords: Any) -> Any:
            del call
            inputs = _inputs(args, keywords)
            if id(layer) not in folded:
                return inputs
            kernel, bias = folded[id(layer)]
            return tf.nn.bias_add(multiplied(layer, inputs, kernel), tf.cast(bias, inputs.dtype))

        layers = [layer for fold in self._folds for layer in (fold.layer, fold.norm)]
        with calling_instead(layers, fold_call):
            yield


def folded(base: AdaptedModel, folding: Folding, original: AdaptedModel) -> AdaptedModel:
    """The same model with its batch normalisations folded; `original` is what it all began with."""

    def outputs(batch: Any) -> Outputs:
        with folding.applied():
            return base.outputs(batch)

    return replace(base, outputs=outputs, folding=folding, original=original)


class _Call(NamedTuple):
    """One call of a layer while a graph was traced."""

    layer: Any
    inputs: Any
    output: Any
    only_reader: bool
    """Whether nothing had read the input before."""
    readers: set[str]
    """The operations that read the input once the layer was done."""
    infers: bool
    """Whether it was called for inference."""


@contextmanager
def finding_folds(layers: Iterable[Any]) -> Iterator[list[Fold]]:
    """Find batch normalisations that can be folded, while the caller's graph is traced.

    That is where the layer before is of a kind that can take the work over, is linear, and nothing
    else reads what it returns; and where both are called once.

    Parameters
    ----------
    layers : iterable of layers
        Those of the model, as `layers_of` gives them.

    Yields
    ------
    list of Fold
        Filled when the context is left.
    """
    calls: list[_Call] = []
    folds: list[Fold] = []

    def note(layer: Any, call: Any, args: Any, keywords: Any) -> Any:
        inputs = _inputs(args, keywords)
        unread = not _readers(inputs)
        output = call(*args, **keywords)
        trains = keywords.get("training", args[1] if len(args) > 1 else None)
        infers = trains is None or trains is False
        calls.append(_Call(layer, inputs, output, unread, _readers(inputs), infers))
        return output

    with calling_instead([each for each in layers if _can_take(each) or is_norm(each)], note):
        yield folds
    folds += _pairs(calls)


def is_norm(layer: Any) -> bool:
    """Whether it is batch normalisation, of Keras 3 or tf_keras."""
    return is_own(layer) and type(layer).__name__ == "BatchNormalization"


def _can_take(layer: Any) -> bool:
    """Whether a layer can take over what a batch normalisation after it does."""
    kind = kind_of(layer)
    activation = getattr(layer, "activation", None)
    return bool(kind and kind.axes) and getattr(activation, "__name__", "linear") == "linear"


def _pairs(calls: list[_Call]) -> list[Fold]:
    often = Counter(id(call.layer) for call in calls)
    returned = {
        call.output.ref(): call.layer
        for call in calls
        if often[id(call.layer)] == 1 and _can_take(call.layer)
    }
    return [
        Fold(returned[call.inputs.ref()], call.layer)
        for call in calls
        if is_norm(call.layer)
        and often[id(call.layer)] == 1
        and call.infers
        and call.inputs.ref() in returned
        and call.only_reader
        and call.readers == _readers(call.inputs)
        and _normalises_channels(call.layer, call.inputs.shape.rank)
    ]


def _normalises_channels(norm: Any, rank: int) -> bool:
    """Whether it has one scale for each index of the last axis."""
    axes = norm.axis if isinstance(norm.axis, list | tuple) else [norm.axis]  # a list in tf_keras
    return [axis % rank for axis in axes] == [rank - 1]


def _inputs(args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return args[0] if args else keywords["inputs"]


def _readers(tensor: Any) -> set[str]:
    return {operation.name for operation in tensor.consumers()}
