"""A Keras model exported with a signature that parses tf.Examples, as TFMA calls it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from tfinterp_widgets.engine.models.keras_model import (
    check_backend,
    is_keras,
    known_inputs,
    takes_training,
)
from tfinterp_widgets.evaluation.tfma_bridge.records import Feature, require

SIGNATURE = "serving_default"

_DTYPES = {"int64": tf.int64, "float32": tf.float32, "string": tf.string}


@dataclass(frozen=True)
class _Feed:
    """How the model's inputs are made of features: which are parsed, and what is done then."""

    names: tuple[str, ...]
    inputs: Callable[[Mapping[str, Any]], Any]
    shapes: Mapping[str, tuple[int, ...]]


def export_model(
    model: Any,
    folder: str,
    features: Mapping[str, Feature],
    keys: frozenset[str] = frozenset(),
    inputs: str | Sequence[str] | None = None,
    order: Sequence[str] | None = None,
) -> None:
    """Save a Keras model with a signature that takes serialised tf.Examples.

    Parameters
    ----------
    model : keras.Model or tf_keras.Model
        With inputs of known shapes.
    folder : str
        Where the SavedModel goes.
    features : mapping of str to Feature
        Those of the examples.
    keys : frozenset of str, optional
        Features that are not for the model: labels and weights.
    inputs : str or sequence of str, optional
        The feature that holds the model's input, or those that make up its columns. Left out, they
        are those named as the model's inputs; else the one that is as long as its input; else all
        numbers but the keys, if they are as many as it has columns.
    order : sequence of str, optional
        That of the columns of the table that the examples come from; examples do not keep any.

    Raises
    ------
    TypeError, ValueError
        If the model is no Keras model, does not tell its inputs, or they are not among the
        features.
    """
    if not is_keras(model):
        raise TypeError(
            f"model is a {type(model).__name__}; expected a Keras model, or the folder of a "
            "SavedModel whose signature takes serialised tf.Examples."
        )
    check_backend(model)
    tensors = known_inputs(model)
    if not tensors:
        raise ValueError(
            f"model {model.name!r} does not tell its inputs; call it once on a row, or build it "
            "with keras.Input."
        )
    feed = _feed(model, tensors, features, keys, inputs, order)
    tf.saved_model.save(model, folder, signatures={SIGNATURE: _signature(model, feed, features)})


def _signature(model: Any, feed: _Feed, features: Mapping[str, Feature]) -> Any:
    options = {"training": False} if takes_training(model) else {}
    parsed = {
        name: tf.io.FixedLenFeature(
            feed.shapes.get(name, ()),
            _DTYPES[features[name].kind],
            # A missing number is NaN, as in a table; of whole numbers there is none, and it fails.
            default_value=_missing(feed.shapes.get(name, ()), features[name]),
        )
        for name in feed.names
    }

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="examples")])  # type: ignore[untyped-decorator, unused-ignore]
    def serve(examples: Any) -> dict[str, Any]:
        outputs = model(feed.inputs(tf.io.parse_example(examples, parsed)), **options)
        if isinstance(outputs, Mapping):
            return dict(outputs)
        if isinstance(outputs, list | tuple):
            return dict(zip(model.output_names, outputs, strict=True))
        return {"predictions": outputs}

    return serve


def _missing(shape: tuple[int, ...], feature: Feature) -> Any:
    if feature.kind == "int64" or shape not in ((), (1,)):
        return None
    return float("nan") if feature.kind == "float32" else ""


def _feed(
    model: Any,
    tensors: list[Any],
    features: Mapping[str, Feature],
    keys: frozenset[str],
    inputs: str | Sequence[str] | None,
    order: Sequence[str] | None,
) -> _Feed:
    names = [tensor.name for tensor in tensors]
    if inputs is None and all(name in features for name in names):
        return _by_name(getattr(model, "input", None), tensors)
    if len(tensors) > 1:
        require([(name, f"an input of model {model.name!r}") for name in names], features, "data")
        raise ValueError(
            f"inputs={inputs!r}, but model {model.name!r} has {len(tensors)} inputs, which are "
            f"found by their names, {', '.join(names)}; leave inputs= out."
        )
    width = _width(tensors[0], model)
    chosen = _chosen(inputs, width, features, keys, order, model)
    require([(name, "one of inputs=") for name in chosen], features, "data")
    texts = [name for name in chosen if features[name].kind == "string"]
    found = sum(features[name].size for name in chosen)
    if texts or found != width:
        came = f"{texts[0]!r} holds texts" if texts else f"{', '.join(chosen)} hold {found} numbers"
        raise ValueError(f"model {model.name!r} takes {width} numbers a row, but {came}. {_ADVICE}")
    return _as_matrix(tensors[0], chosen, features)


_ADVICE = (
    "Name in inputs= the features that make up its columns; give preprocess= with rows of a table; "
    "or put the preprocessing into the model."
)


def _by_name(structure: Any, tensors: list[Any]) -> _Feed:
    shapes = {tensor.name: tuple(int(size) for size in tensor.shape[1:]) for tensor in tensors}

    def inputs(parsed: Mapping[str, Any]) -> Any:
        cast = {tensor.name: _cast(parsed[tensor.name], tensor.dtype) for tensor in tensors}
        if isinstance(structure, Mapping):
            return {key: cast[tensor.name] for key, tensor in structure.items()}
        return list(cast.values()) if isinstance(structure, list | tuple) else cast.popitem()[1]

    return _Feed(tuple(shapes), inputs, shapes)


def _as_matrix(tensor: Any, names: Sequence[str], features: Mapping[str, Feature]) -> _Feed:
    def inputs(parsed: Mapping[str, Any]) -> Any:
        columns = [_cast(parsed[name], tensor.dtype) for name in names]
        wide = [
            tf.reshape(each, [tf.shape(each)[0], features[name].size])
            for each, name in zip(columns, names, strict=True)
        ]
        return tf.reshape(tf.concat(wide, axis=1), [-1, *tensor.shape[1:]])

    shapes = {name: (features[name].size,) for name in names}
    return _Feed(tuple(names), inputs, shapes)


def _chosen(
    inputs: str | Sequence[str] | None,
    width: int,
    features: Mapping[str, Feature],
    keys: frozenset[str],
    order: Sequence[str] | None,
    model: Any,
) -> list[str]:
    if inputs is not None:
        return [inputs] if isinstance(inputs, str) else list(inputs)
    vectors = [name for name, each in features.items() if each.size == width > 1]
    if len(vectors) == 1:
        return vectors
    there = features if order is None else [name for name in order if name in features]
    free = [name for name in there if features[name].kind != "string" and name not in keys]
    found = sum(features[name].size for name in free)
    if found != width or (len(free) > 1 and order is None):
        listed = ", ".join(free) or "none"
        raise ValueError(
            f"which features model {model.name!r} takes is not clear: it takes {width} numbers a "
            f"row, and the features with numbers are {listed}. {_ADVICE}"
        )
    return free


def _width(tensor: Any, model: Any) -> int:
    sizes = list(tensor.shape[1:])
    if any(size is None for size in sizes):
        raise ValueError(
            f"model {model.name!r} takes inputs of any size, {tuple(tensor.shape)}; expected a "
            "fixed size, by which its features are parsed."
        )
    width = 1
    for size in sizes:
        width *= int(size)
    return width


def _cast(values: Any, dtype: Any) -> Any:
    wanted = tf.as_dtype(dtype)
    return values if values.dtype == wanted else tf.cast(values, wanted)
