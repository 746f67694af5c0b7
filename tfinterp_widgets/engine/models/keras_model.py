"""Keras models: functional, Sequential and subclassed, of Keras 3 and of tf_keras."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Mapping
from typing import Any

import keras
import tensorflow as tf

from tfinterp_widgets.engine.models.adapted import AdaptedModel, Shape, check_dtype
from tfinterp_widgets.engine.models.outputs import check_output, pick, rows_of
from tfinterp_widgets.engine.reading import Outputs

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
    _check_single(model, inputs)
    shape: Shape | None = tuple(inputs[0].shape) if inputs else None
    dtype = inputs[0].dtype if inputs else "float32"
    check_dtype(dtype, f"model {model.name!r}")
    # A subclassed model's `outputs` is None, and so is that of one never called.
    heads = getattr(model, "outputs", None) or []
    # Keras flattens a dict of outputs in the order of its keys, which are then the names.
    keyed = isinstance(getattr(model, "output", None), Mapping) if heads else False
    names = sorted(model.output) if keyed else list(getattr(model, "output_names", None) or [])
    if heads:
        check_output(output, names, len(heads))
    call = _caller(model, inputs)

    def outputs(points: Any) -> Outputs:
        result = pick(call(points), output, names)
        return read_activation(rows_of(result, points.shape[0]), result)

    return AdaptedModel(
        outputs=outputs,
        name=model.name,
        input_shape=None if shape is None else shape[1:],
        batch=None if shape is None else shape[0],
        dtype=tf.as_dtype(dtype),
        classes=heads[0].shape[-1] if len(heads) == 1 and len(heads[0].shape) > 1 else None,
    )


def check_backend(model: Any) -> None:
    """Raise TypeError for a model that runs on something else than TensorFlow."""
    if isinstance(model, keras.Model) and keras.backend.backend() != "tensorflow":
        raise TypeError(
            f"model {model.name!r} runs on Keras's {keras.backend.backend()} backend; gradients "
            "are taken with TensorFlow. Set KERAS_BACKEND=tensorflow before importing keras, and "
            "load the model again."
        )


def _check_single(model: Any, inputs: list[Any]) -> None:
    if len(inputs) > 1:
        listed = ", ".join(repr(tensor.name) for tensor in inputs)
        raise ValueError(
            f"model {model.name!r} has {len(inputs)} inputs ({listed}); expected one. Wrap it in a "
            "function of the input to be explained that fills in the others."
        )


def _caller(model: Any, inputs: list[Any]) -> Callable[[Any], Any]:
    """Call the model for inference, its input structured as its own."""
    options = {"training": False} if takes_training(model) else {}
    # A Sequential model has `inputs` without `input`, and needs no structure.
    structure = getattr(model, "input", None) if inputs else None

    def pack(points: Any) -> Any:
        if isinstance(structure, Mapping):
            return dict.fromkeys(structure, points)
        return [points] if isinstance(structure, list | tuple) else points

    def call(points: Any) -> Any:
        # Variables can only be made outside the graph that is being traced, and by one engine.
        with _BUILDING:
            if not model.built:
                with tf.init_scope():
                    model(pack(tf.zeros(points.shape, points.dtype)), **options)
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
        return Outputs(logits, rows)
    return Outputs(rows, None)
