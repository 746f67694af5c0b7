"""Layers inside a Keras model: what they return, and other values put in its place.

While a graph of the model is traced, ``call`` of each layer in question is replaced, on the
instance, by one that passes its output on to us. That works wherever layers are called: in
functional, Sequential, nested and subclassed models, of Keras 3 and of tf_keras.
"""

from __future__ import annotations

import difflib
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

import tensorflow as tf

_TRACING = threading.RLock()
"""Held while calls are replaced: layers may be shared by the models of several engines."""


class LayerCall(NamedTuple):
    """One call of a layer while a graph was traced."""

    name: str
    """The layer's name; "name:k" for the k-th call, from 1, where there are several of it."""
    output: Any
    """What it returned, symbolic: a tensor, or whatever structure the layer returns."""


def layers_of(model: Any) -> list[Any]:
    """All layers of a Keras model, however deep, without the model itself.

    The operations of functional models (``keras.ops.relu(x)``) are among them.
    """
    # Keras keeps it to itself, yet in Keras 2 as in 3; `model.layers` ends at custom layers.
    layers = list(model._flatten_layers(include_self=False))
    for owner in (model, *layers):
        layers += getattr(owner, "operations", ())
    return list({id(layer): layer for layer in layers}.values())


@contextmanager
def intercepting(layers: Iterable[Any], through: Callable[[Any, Any], Any]) -> Iterator[None]:
    """Pass what these layers return on through a function, while the caller's graph is traced.

    To be used inside a function that ``tf.function`` traces, around the call of the model. Calls
    in other threads, in other graphs and outside of graphs stay what they are.

    Parameters
    ----------
    layers : iterable of layers
    through : callable
        Takes a layer and what it returned, and returns what its caller shall get.

    Examples
    --------
    >>> with intercepting(layers_of(model), lambda layer, output: 2 * output):  # doctest: +SKIP
    ...     model(points)
    """

    def called(layer: Any, call: Any, args: Any, keywords: Any) -> Any:
        return through(layer, call(*args, **keywords))

    with calling_instead(layers, called):
        yield


@contextmanager
def calling_instead(layers: Iterable[Any], instead: Callable[..., Any]) -> Iterator[None]:
    """Call a function instead of these layers; otherwise as `intercepting`.

    Parameters
    ----------
    layers : iterable of layers
    instead : callable
        Takes a layer, its own ``call``, and the positional and keyword arguments of this call, as a
        tuple and a dictionary; returns what the layer's caller shall get.
    """
    graph = tf.compat.v1.get_default_graph()
    with _TRACING, ExitStack() as restored:
        for layer in layers:
            restored.callback(_replace_call(layer, graph, instead))
        yield


def _replace_call(layer: Any, graph: Any, instead: Callable[..., Any]) -> Callable[[], None]:
    """Replace one layer's call; returns what undoes it."""
    call = layer.call
    own = vars(layer).get("call")

    def intercepted(*args: Any, **keywords: Any) -> Any:
        if _is_traced(graph):
            return instead(layer, call, args, keywords)
        return call(*args, **keywords)

    def restore() -> None:
        if own is None:
            object.__delattr__(layer, "call")
        else:
            object.__setattr__(layer, "call", own)

    # Past Keras's own __setattr__, which tracks what it is given.
    object.__setattr__(layer, "call", intercepted)
    return restore


def _is_traced(graph: Any) -> bool:
    """Whether this thread is adding operations to that graph, rather than to another or none."""
    return not tf.executing_eagerly() and tf.compat.v1.get_default_graph() is graph


@contextmanager
def recording(layers: Iterable[Any]) -> Iterator[list[LayerCall]]:
    """Note what each of these layers returns while the caller's graph is traced.

    Yields
    ------
    list of LayerCall
        Filled when the context is left, in the order in which the layers were done.

    Examples
    --------
    >>> with recording(layers_of(model)) as calls:  # doctest: +SKIP
    ...     scores = model(points)
    >>> find_call(calls, "block5_conv").output.shape  # doctest: +SKIP
    TensorShape([4, 14, 14, 512])
    """
    seen: list[tuple[str, Any]] = []
    calls: list[LayerCall] = []

    def note(layer: Any, output: Any) -> Any:
        seen.append((layer.name, output))
        return output

    with intercepting(layers, note):
        yield calls
    often = Counter(name for name, _ in seen)
    done: Counter[str] = Counter()
    for name, output in seen:
        done[name] += 1
        calls.append(LayerCall(name if often[name] == 1 else f"{name}:{done[name]}", output))


@contextmanager
def replacing(layers: Iterable[Any], name: str, value: Any) -> Iterator[None]:
    """Let the layer of this name return `value` while the caller's graph is traced.

    Parameters
    ----------
    layers : iterable of layers
        Those of the model, as `layers_of` gives them.
    name : str
        As in `LayerCall`: "name", or "name:k" for the k-th of several calls.
    value : tensor
        Of the shape and dtype that the layer returns, which is checked.

    Raises
    ------
    ValueError
        As `find_call`, when the context is left; and if the shape or the dtype differs.

    Examples
    --------
    >>> with replacing(layers_of(model), "embedding", vectors):  # doctest: +SKIP
    ...     scores = model(ids)
    >>> gradient = tf.gradients(scores[:, target], vectors)  # doctest: +SKIP
    """
    layers = list(layers)
    done: Counter[str] = Counter()

    def put(layer: Any, output: Any) -> Any:
        done[layer.name] += 1
        if name not in (layer.name, f"{layer.name}:{done[layer.name]}"):
            return output
        _check_alike(name, output, value)
        return value

    with recording(layers) as calls, intercepting(layers, put):
        yield
    find_call(calls, name)


def _check_alike(name: str, output: Any, value: Any) -> None:
    if not tf.is_tensor(output):
        raise ValueError(
            f"layer {name!r} returns a {type(output).__name__}; expected one that returns a single "
            "tensor."
        )
    if output.dtype != value.dtype or not output.shape.is_compatible_with(value.shape):
        raise ValueError(
            f"layer {name!r} returns {output.dtype.name} of shape {output.shape}; what shall take "
            f"its place is {value.dtype.name} of shape {value.shape}."
        )


def find_call(calls: list[LayerCall], name: str) -> LayerCall:
    """The call of exactly this name.

    Raises
    ------
    ValueError
        If there is none, naming the nearest; or if the layer is called more than once, naming its
        calls.
    """
    names = [call.name for call in calls]
    if name in names:
        return calls[names.index(name)]
    several = [each for each in names if each.rpartition(":")[0] == name]
    if several:
        raise ValueError(
            f"layer {name!r} is called {len(several)} times, or several layers have that name; "
            f"expected the name of one call: {several[0]!r} to {several[-1]!r}, in their order."
        )
    if not names:
        raise ValueError(
            f"layer {name!r} is not known: no layer of the model is called where it can be seen. "
            "Layers called inside a tf.function of the model's own cannot."
        )
    (near,) = difflib.get_close_matches(name, names, n=1, cutoff=0)
    raise ValueError(
        f"layer {name!r} is not among those that the model calls to answer (inside a tf.function "
        f"of its own it could not be seen). Did you mean {near!r}?"
    )
