"""How the inputs of a model are made of the features of tf.Examples."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from tfinterp_widgets.evaluation.tfma_bridge.records import Feature, require


@dataclass(frozen=True)
class Feed:
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


def feed_for(
    model: Any,
    tensors: list[Any],
    features: Mapping[str, Feature],
    keys: frozenset[str],
    inputs: str | Sequence[str] | None,
    order: Sequence[str] | None,
) -> Feed:
    """Find the features that a model takes.

    Parameters
    ----------
    model : keras.Model
    tensors : list
        Its inputs.
    features, keys, inputs, order
        As those of `export_model`, which raises the same.
    """
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


def _by_name(structure: Any, tensors: list[Any], model: Any) -> Feed:
    def inputs(rows: Mapping[str, Any]) -> Any:
        shaped = {each.name: tf.reshape(rows[each.name], [-1, *each.shape[1:]]) for each in tensors}
        if isinstance(structure, Mapping):
            return {key: shaped[each.name] for key, each in structure.items()}
        return list(shaped.values()) if isinstance(structure, list | tuple) else shaped.popitem()[1]

    sizes = {each.name: _width(each, model) for each in tensors}
    return Feed(inputs, sizes, {each.name: tf.as_dtype(each.dtype) for each in tensors})


def _as_matrix(tensor: Any, names: Sequence[str], features: Mapping[str, Feature]) -> Feed:
    def inputs(rows: Mapping[str, Any]) -> Any:
        matrix = tf.concat([rows[name] for name in names], axis=1)
        return tf.reshape(matrix, [-1, *tensor.shape[1:]])

    sizes = {name: features[name].size for name in names}
    return Feed(inputs, sizes, dict.fromkeys(names, tf.as_dtype(tensor.dtype)))


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
