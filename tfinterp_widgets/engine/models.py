"""Models of every kind, as one: a function from a batch of points to a row of scores each."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import keras
import tensorflow as tf

Shape = tuple[int | None, ...]

# Operations that pass scores on unchanged, so that the softmax may stand before them.
_TRANSPARENT = {"Identity", "Cast", "Reshape", "Squeeze"}
_ACTIVATIONS = {"Softmax", "Sigmoid"}


class Outputs(NamedTuple):
    """What a model says of a batch: both of shape (N, classes), float32."""

    scores: Any
    """What is differentiated, on the scale that the engine was asked for."""
    probabilities: Any
    """The model's own softmax or sigmoid; None where it has none that can be seen."""


@dataclass(frozen=True)
class AdaptedModel:
    """A model of any kind, seen as a function of one batch.

    Attributes
    ----------
    outputs : callable
        Maps a batch of points to `Outputs`; called while a graph is traced.
    name : str
        For messages.
    input_shape : tuple or None
        Shape of one example, None for an axis of any size; None if it cannot be known.
    batch : int or None
        The one batch size that the model takes, or None for any.
    dtype : tf.DType
        What the model eats.
    classes : int or None
        Number of output units, where it is known before the first call.
    """

    outputs: Callable[[Any], Outputs]
    name: str
    input_shape: Shape | None
    batch: int | None
    dtype: Any
    classes: int | None


def adapt(model: Any, output: str | int) -> AdaptedModel:
    """See a Keras model, a SavedModel folder or a TensorFlow callable as an `AdaptedModel`.

    Parameters
    ----------
    model : keras.Model, str, pathlib.Path or callable
    output : str or int
        "logits", "probability", or the name or index of one of several outputs.

    Raises
    ------
    TypeError
        If the model is none of these, runs on another Keras backend, or takes integers.
    ValueError
        If it has several inputs, or several outputs of which none was chosen.
    """
    if isinstance(model, str | Path):
        return _adapt_saved_model(Path(model), output)
    if _is_keras(model):
        return _adapt_keras(model, output)
    if callable(model):
        return AdaptedModel(
            outputs=lambda points: Outputs(_rows(_pick(model(points), output)), None),
            name=getattr(model, "__name__", type(model).__name__),
            input_shape=None,
            batch=None,
            dtype=tf.float32,
            classes=None,
        )
    raise TypeError(
        f"model is a {type(model).__name__}; expected a Keras model, the folder of a SavedModel, "
        "or a function of a batch (N, ...) that returns scores (N, classes)."
    )


def _is_keras(model: Any) -> bool:
    """Whether it is a model of Keras 3, or of Keras 2 as the package tf_keras."""
    return isinstance(model, keras.Model) or any(
        kind.__module__.startswith("tf_keras.") and kind.__name__ == "Model"
        for kind in type(model).__mro__
    )


def _adapt_keras(model: Any, output: str | int) -> AdaptedModel:
    if isinstance(model, keras.Model) and keras.backend.backend() != "tensorflow":
        raise TypeError(
            f"model {model.name!r} runs on Keras's {keras.backend.backend()} backend; gradients "
            "are taken with TensorFlow. Set KERAS_BACKEND=tensorflow before importing keras, and "
            "load the model again."
        )
    inputs = _known_inputs(model)
    if len(inputs) > 1:
        listed = ", ".join(repr(tensor.name) for tensor in inputs)
        raise ValueError(
            f"model {model.name!r} has {len(inputs)} inputs ({listed}); expected one. Wrap it in a "
            "function of the input to be explained that fills in the others."
        )
    shape: Shape | None = tuple(inputs[0].shape) if inputs else None
    dtype = inputs[0].dtype if inputs else "float32"
    _check_dtype(dtype, f"model {model.name!r}")
    names = list(getattr(model, "output_names", None) or [])
    # A subclassed model's `outputs` is None, and so is that of one never called.
    heads = len(getattr(model, "outputs", None) or [])
    if heads > 1:
        _check_output(output, names, heads)
    classes = model.outputs[0].shape[-1] if heads == 1 and len(model.outputs[0].shape) > 1 else None
    options = {"training": False} if _takes_training(model) else {}

    def outputs(points: Any) -> Outputs:
        if not model.built:
            # Variables can only be made outside the graph that is being traced.
            with tf.init_scope():
                model(tf.zeros(points.shape, points.dtype), **options)
        result = _pick(model(points, **options), output, names)
        return _read_activation(_rows(result), result, output)

    return AdaptedModel(
        outputs=outputs,
        name=model.name,
        input_shape=None if shape is None else shape[1:],
        batch=None if shape is None else shape[0],
        dtype=tf.as_dtype(dtype),
        classes=classes,
    )


def _known_inputs(model: Any) -> list[Any]:
    # Unbuilt Sequential and subclassed models have no inputs, or raise when asked.
    try:
        return list(model.inputs or [])
    except (AttributeError, ValueError):
        return []


def _takes_training(model: Any) -> bool:
    parameters = inspect.signature(model.call).parameters.values()
    return any(p.name == "training" or p.kind is p.VAR_KEYWORD for p in parameters)


def _read_activation(rows: Any, result: Any, output: str | int) -> Outputs:
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
        return Outputs(rows if output == "probability" else logits, rows)
    if output == "probability":
        probabilities = tf.sigmoid(rows) if rows.shape[-1] == 1 else tf.nn.softmax(rows)
        return Outputs(probabilities, probabilities)
    return Outputs(rows, None)


def _adapt_saved_model(folder: Path, output: str | int) -> AdaptedModel:
    if not (folder / "saved_model.pb").is_file():
        raise ValueError(
            f"{str(folder)!r} is not the folder of a SavedModel: it has no saved_model.pb. "
            "A .keras or .h5 file is loaded with keras.models.load_model first."
        )
    loaded = tf.saved_model.load(str(folder))
    signature = loaded.signatures.get("serving_default")
    if signature is None:
        raise ValueError(
            f"the SavedModel {folder.name!r} has no signature 'serving_default', only "
            f"{sorted(loaded.signatures)}. Export it again, e.g. with model.export(folder)."
        )
    specs = signature.structured_input_signature[1]
    if len(specs) != 1:
        raise ValueError(
            f"the SavedModel {folder.name!r} has {len(specs)} inputs ({', '.join(sorted(specs))}); "
            "expected one."
        )
    ((key, spec),) = specs.items()
    _check_dtype(spec.dtype.name, f"the SavedModel {folder.name!r}")
    if len(signature.structured_outputs) > 1:
        names = sorted(signature.structured_outputs)
        _check_output(output, names, len(names))

    def outputs(points: Any, owner: Any = loaded) -> Outputs:
        # `owner` keeps the variables alive, which the signature refers to weakly.
        del owner
        return Outputs(_rows(_pick(signature(**{key: points}), output)), None)

    shape = None if spec.shape.rank is None else tuple(spec.shape.as_list())
    return AdaptedModel(
        outputs=outputs,
        name=folder.name,
        input_shape=None if shape is None else shape[1:],
        batch=None if shape is None else shape[0],
        dtype=spec.dtype,
        classes=None,
    )


def _check_dtype(dtype: Any, who: str) -> None:
    if not tf.as_dtype(dtype).is_floating:
        raise TypeError(
            f"{who} takes {tf.as_dtype(dtype).name} input, which has no gradient (token ids for an "
            "embedding, say). Explain the part that follows the embedding, with its vectors as "
            "input."
        )


def _check_output(output: str | int, names: Sequence[str], count: int) -> None:
    known = output in range(count) if isinstance(output, int) else output in names
    if not known:
        listed = ", ".join(repr(name) for name in names) or f"0 to {count - 1}"
        raise ValueError(
            f"the model has {count} outputs ({listed}), and output={output!r} names none of them. "
            "Choose one by name or index, e.g. "
            f"AttributionEngine(model, output={(names[0] if names else 0)!r})."
        )


def _pick(result: Any, output: str | int, names: Sequence[str] = ()) -> Any:
    """Take the chosen one of a model's outputs."""
    if isinstance(result, Mapping):
        names, heads = list(result), list(result.values())
    elif isinstance(result, list | tuple):
        heads = list(result)
    else:
        if isinstance(output, int) and output != 0:
            raise ValueError(f"output={output!r}, but the model has one output. Leave it out.")
        return result
    if len(heads) == 1:
        return heads[0]
    _check_output(output, names, len(heads))
    return heads[output if isinstance(output, int) else list(names).index(output)]


def _rows(result: Any) -> Any:
    """Bring an output to shape (N, classes) and float32."""
    rows = tf.convert_to_tensor(result)
    if rows.shape.rank == 1:
        rows = rows[:, tf.newaxis]
    if rows.shape.rank != 2 or rows.shape[-1] is None:
        raise ValueError(
            f"the model's output has shape {tuple(rows.shape)}; expected (batch, classes), or "
            "(batch,) for a single unit. Wrap the model so that it returns one row of scores per "
            "example."
        )
    return tf.cast(rows, tf.float32)
