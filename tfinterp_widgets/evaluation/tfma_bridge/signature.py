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
    """How the model's inputs are made of features.

    Attributes
    ----------
    inputs : callable
        ``inputs(rows) -> what the model takes``, of rows of each feature, (n, size).
    sizes : mapping of str to int
        How many values each feature has.
    dtypes : mapping of str to DType
        What they are cast to.
    """

    inputs: Callable[[Mapping[str, Any]], Any]
    sizes: Mapping[str, int]
    dtypes: Mapping[str, Any]


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
    ragged = {name: tf.io.RaggedFeature(_DTYPES[features[name].kind]) for name in feed.dtypes}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="examples")])  # type: ignore[untyped-decorator, unused-ignore]
    def serve(examples: Any) -> dict[str, Any]:
        parsed = tf.io.parse_example(examples, ragged)
        rows = {
            name: _whole_rows(parsed[name], feed.sizes[name], dtype, name)
            for name, dtype in feed.dtypes.items()
        }
        outputs = model(feed.inputs(rows), **options)
        if isinstance(outputs, Mapping):
            return dict(outputs)
        if isinstance(outputs, list | tuple):
            return dict(zip(model.output_names, outputs, strict=True))
        return {"predictions": outputs}

    return serve


def _whole_rows(values: Any, size: int, dtype: Any, name: str) -> Any:
    """Rows of `size` values, (n, size): missing ones are NaN, as in a table, or empty texts.

    There is no whole number that says that one is missing: the model fails on such a row.
    """
    lengths, said = values.row_lengths(), f"feature {name} holds more than {size} values"
    fits = [tf.debugging.assert_less_equal(lengths, tf.constant(size, lengths.dtype), said)]
    if dtype.is_integer:
        said = f"feature {name} is missing, and the model takes whole numbers"
        fits.append(tf.debugging.assert_equal(lengths, tf.constant(size, lengths.dtype), said))
    missing = float("nan") if dtype.is_floating else "" if dtype == tf.string else 0
    with tf.control_dependencies(fits):
        cast = values if values.dtype == dtype else tf.cast(values, dtype)
        return cast.to_tensor(tf.constant(missing, dtype), shape=[None, size])


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
        return _by_name(getattr(model, "input", None), tensors, model)
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


def _by_name(structure: Any, tensors: list[Any], model: Any) -> _Feed:
    def inputs(rows: Mapping[str, Any]) -> Any:
        shaped = {each.name: tf.reshape(rows[each.name], [-1, *each.shape[1:]]) for each in tensors}
        if isinstance(structure, Mapping):
            return {key: shaped[each.name] for key, each in structure.items()}
        return list(shaped.values()) if isinstance(structure, list | tuple) else shaped.popitem()[1]

    sizes = {each.name: _width(each, model) for each in tensors}
    return _Feed(inputs, sizes, {each.name: tf.as_dtype(each.dtype) for each in tensors})


def _as_matrix(tensor: Any, names: Sequence[str], features: Mapping[str, Feature]) -> _Feed:
    def inputs(rows: Mapping[str, Any]) -> Any:
        matrix = tf.concat([rows[name] for name in names], axis=1)
        return tf.reshape(matrix, [-1, *tensor.shape[1:]])

    sizes = {name: features[name].size for name in names}
    return _Feed(inputs, sizes, dict.fromkeys(names, tf.as_dtype(tensor.dtype)))


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
