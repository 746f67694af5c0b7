"""Forward passes: what a model says of encoded rows, compiled once for any number of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from tfinterp_widgets.engine.digests import checksum
from tfinterp_widgets.engine.models.keras_model import read_activation, takes_training

Rows = NDArray[np.float32] | NDArray[np.float64]

_BUILDING = threading.Lock()


class Forward(Protocol):
    """Maps encoded rows, and how many they are, to predictions (count, outputs)."""

    gives_probabilities: bool | None
    """Whether they are probabilities; None where that cannot be seen."""

    def __call__(self, encoded: Any, count: int) -> Rows:
        """Predict `count` rows."""
        ...

    def fingerprint(self) -> int:
        """A checksum of the weights that it reads; 0 where they cannot be seen."""
        ...


class Compiled:
    """A TensorFlow function, traced once for any number of rows.

    Parameters
    ----------
    function : callable
        Maps tensors, structured as `example`, to one row of outputs each.
    example : array, or dict or list of arrays
        A row or more, encoded; only structure, shapes and dtypes matter.
    name : str
        For messages.

    Raises
    ------
    Exception
        Whatever the function raises while it is traced.
    """

    def __init__(self, function: Callable[[Any], Any], example: Any, name: str) -> None:
        self._name = name
        self._function = function  # keeps the variables alive, which the graph refers to weakly
        self.gives_probabilities: bool | None = None
        self._specs = tf.nest.map_structure(_spec, example)

        def rows(encoded: Any) -> Any:
            result = _single(function(encoded), name)
            activated = read_activation(result, result).activated
            self.gives_probabilities = None if activated is None else True
            # NumPy knows no bfloat16.
            return tf.cast(result, tf.float32) if result.dtype == tf.bfloat16 else result

        self._graph = tf.function(rows, autograph=False).get_concrete_function(self._specs)

    def __call__(self, encoded: Any, count: int) -> Rows:
        """Predict; a structure or dtypes other than the example's are an error."""
        tensors = tf.nest.map_structure(_tensor, self._specs, encoded)
        return as_rows(self._graph(tensors).numpy(), count, self._name)

    def fingerprint(self) -> int:
        """A checksum of all variables that the function reads."""
        return hash(tuple(checksum(variable.value()) for variable in self._graph.variables))


class Called:
    """Anything that is called with rows, and returns one row of numbers for each.

    Parameters
    ----------
    function : callable
    name : str
        For messages.
    gives_probabilities : bool or None
        Whether it does; None where that is not known.
    """

    def __init__(
        self, function: Callable[[Any], Any], name: str, gives_probabilities: bool | None
    ) -> None:
        self._function = function
        self._name = name
        self.gives_probabilities = gives_probabilities

    def __call__(self, encoded: Any, count: int) -> Rows:
        """Predict; what the function raises passes through."""
        return as_rows(np.asarray(self._function(encoded)), count, self._name)

    def fingerprint(self) -> int:
        """0: what the function reads cannot be seen."""
        return 0


def keras_caller(model: Any, structure: Any, example: Any) -> Callable[[Any], Any]:
    """Call a Keras model for inference; one never called before is built with an example.

    Parameters
    ----------
    model : keras.Model or tf_keras.Model
    structure : Any
        The model's `input`, or None where it tells none; an array is packed as that is.
    example : array, or dict or list of arrays
    """
    options = {"training": False} if takes_training(model) else {}

    def call(encoded: Any) -> Any:
        if isinstance(structure, Mapping) and not isinstance(encoded, Mapping):
            encoded = dict.fromkeys(structure, encoded)
        elif isinstance(structure, list | tuple) and not isinstance(encoded, list | tuple):
            encoded = [encoded]
        return model(encoded, **options)

    with _BUILDING:
        if not model.built:
            call(tf.nest.map_structure(tf.constant, example))
    return call


def as_rows(result: NDArray[Any], count: int, name: str) -> Rows:
    """Bring what a model said of `count` rows to shape (count, outputs).

    float32 stays what it is, all else becomes float64: rounded, probabilities close to 1 would tie.

    Raises
    ------
    TypeError
        If it holds something else than real numbers.
    ValueError
        If it has another shape.
    """
    if result.dtype.kind not in "buif":
        raise TypeError(
            f"the model {name} returned {result.dtype}; expected real numbers. A classifier that "
            "predicts names of classes needs predict_proba."
        )
    rows = result[:, np.newaxis] if result.ndim == 1 else result
    if rows.ndim != 2 or len(rows) != count:
        raise ValueError(
            f"the model {name} returned shape {result.shape} for {count} rows; expected one row "
            f"of outputs each, ({count}, outputs). Wrap it so that it does."
        )
    return rows if rows.dtype == np.float32 else rows.astype(np.float64, copy=False)


def _spec(array: NDArray[Any]) -> Any:
    return tf.TensorSpec((None, *array.shape[1:]), tf.convert_to_tensor(array[:1]).dtype)


def _tensor(spec: Any, array: NDArray[Any]) -> Any:
    return tf.convert_to_tensor(array, dtype=spec.dtype)


def _single(result: Any, name: str) -> Any:
    outputs = tf.nest.flatten(result)
    if len(outputs) != 1:
        raise ValueError(
            f"the model {name} has {len(outputs)} outputs; expected one. Give a model "
            "with the one to look at: keras.Model(model.input, model.outputs[0]), or "
            "lambda x: function(x)[0]."
        )
    return tf.convert_to_tensor(outputs[0])
