"""Keras models: functional, Sequential and subclassed, of Keras 3 and of tf_keras."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import keras
import tensorflow as tf

from tfinterp_widgets.engine.models.adapted import AdaptedModel, InputSpec
from tfinterp_widgets.engine.models.layers import layers_of
from tfinterp_widgets.engine.models.outputs import batch_size, called, check_output, pick, rows_of
from tfinterp_widgets.engine.models.reading import Outputs

# Operations that pass scores on unchanged, so that the softmax may stand before them.
_TRANSPARENT = {"Identity", "Cast", "Reshape", "Squeeze"}
_ACTIVATIONS = {"Softmax", "Sigmoid"}

_BUILDING = threading.Lock()


def is_keras(model: Any) -> bool:
    """Whether it is a model of Keras 3, or of Keras 2 as the package tf_keras."""
    return isinstance(model, keras.Model) or any(
        kind.__module__.startswith("tf_keras.") and kind.__name__ == "Model"
        for kind in type(model).__mro__
    )


def adapt_keras(model: Any, output: str | int) -> AdaptedModel:
    """See a Keras model as a function of one batch; raises as `adapt` does."""
    check_backend(model)
    inputs = known_inputs(model)
    specs = _specs(model, inputs)
    heads, names = _heads(model)
    if heads:
        check_output(output, names, len(heads))
    call = _caller(model, specs)

    def outputs(points: Any) -> Outputs:
        result = pick(called(call, model.name, points), output, names)
        return read_activation(rows_of(result, batch_size(points)), result)

    return AdaptedModel(
        outputs=outputs,
        name=model.name,
        inputs=specs,
        batch=inputs[0].shape[0] if inputs else None,
        classes=heads[0].shape[-1] if len(heads) == 1 and len(heads[0].shape) > 1 else None,
        layers=partial(layers_of, model),
    )


def without_unused_outputs(model: Any, output: str | int) -> Any:
    """The same layers and weights, as a model of the chosen output alone.

    Returns
    -------
    keras.Model or None
        None if there is nothing to be cut, or no way to: in a model that is not functional,
        TensorFlow leaves out what it can when it runs the graph.
    """
    functional = (
        type(model).__module__.startswith("keras.") and type(model).__name__ == "Functional"
    )
    heads, names = _heads(model)
    if not functional or len(heads) < 2:
        return None
    place = output if isinstance(output, int) else names.index(output)
    return keras.Model(model.input, heads[place], name=model.name)


def _heads(model: Any) -> tuple[list[Any], list[str]]:
    """The outputs and their names; both empty where the model does not tell."""
    # A subclassed model's `outputs` is None, and so is that of one never called.
    heads = getattr(model, "outputs", None) or []
    # Keras flattens a dict of outputs in the order of its keys, which are then the names.
    keyed = isinstance(getattr(model, "output", None), Mapping) if heads else False
    names = sorted(model.output) if keyed else list(getattr(model, "output_names", None) or [])
    return heads, names


def check_backend(model: Any) -> None:
    """Raise TypeError for a model that runs on something else than TensorFlow."""
    if isinstance(model, keras.Model) and keras.backend.backend() != "tensorflow":
        raise TypeError(
            f"model {model.name!r} runs on Keras's {keras.backend.backend()} backend; gradients "
            "are taken with TensorFlow. Set KERAS_BACKEND=tensorflow before importing keras, and "
            "load the model again."
        )


def _specs(model: Any, inputs: list[Any]) -> tuple[InputSpec, ...] | None:
    """The model's inputs by name: by their keys where it takes a dictionary."""
    if not inputs:
        return None
    structure = getattr(model, "input", None)
    names = [tensor.name for tensor in inputs]
    if isinstance(structure, Mapping):
        # Keras flattens a dictionary in the order of its keys.
        names = sorted(structure)
    return tuple(
        InputSpec(name, tuple(tensor.shape[1:]), tensor.dtype)
        for name, tensor in zip(names, inputs, strict=True)
    )


def _caller(model: Any, specs: tuple[InputSpec, ...] | None) -> Callable[[Any], Any]:
    """Call the model for inference, its input structured as its own."""
    options = {"training": False} if takes_training(model) else {}
    # A Sequential model has `inputs` without `input`, and needs no structure.
    structure = getattr(model, "input", None) if specs else None

    def pack(points: Any) -> Any:
        if isinstance(structure, Mapping):
            return points if isinstance(points, dict) else dict.fromkeys(structure, points)
        if isinstance(structure, list | tuple):
            return [points[spec.name] for spec in specs or ()] if len(structure) > 1 else [points]
        return points

    def call(points: Any) -> Any:
        # Variables can only be made outside the graph that is being traced, and by one engine.
        with _BUILDING:
            if not model.built:
                with tf.init_scope():
                    zeros = tf.nest.map_structure(
                        lambda each: tf.zeros(each.shape, each.dtype), points
                    )
                    model(pack(zeros), **options)
        return model(pack(points), **options)

    return call


def known_inputs(model: Any) -> list[Any]:
    """The model's input tensors, each with its name, shape and dtype; empty if it tells none."""
    # Unbuilt Sequential and subclassed models have no inputs, or raise when asked.
    try:
        return list(model.inputs or [])
    except (AttributeError, ValueError):
        return []


def takes_training(model: Any) -> bool:
    """Whether it can be told that it is not being trained."""
    parameters = inspect.signature(model.call).parameters.values()
    return any(p.name == "training" or p.kind is p.VAR_KEYWORD for p in parameters)


def read_activation(rows: Any, result: Any) -> Outputs:
    """Find the scores before a final softmax or sigmoid in the traced graph, if there is one.

    Its operand is the layer's kernel and bias at work; log p would be another function, with
    another gradient.
    """
    operation = result.op
    while operation.type in _TRANSPARENT:
        operation = operation.inputs[0].op
    if operation.type in _ACTIVATIONS:
        logits = tf.cast(tf.reshape(operation.inputs[0], tf.shape(rows)), tf.float32)
        logits.set_shape(rows.shape)
        if operation.inputs[0].dtype in (tf.float16, tf.bfloat16):
            # Half precision rounds a probability near 1 to 1, where it has no gradient.
            rows = tf.nn.softmax(logits) if operation.type == "Softmax" else tf.sigmoid(logits)
        return Outputs(logits, rows)
    return Outputs(rows, None)
