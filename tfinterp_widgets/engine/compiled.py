"""The one place that calls ``tf.function``: functions compiled by TensorFlow, or by XLA."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import tensorflow as tf


def compiled(function: Callable[..., Any], *specs: Any, jit: bool = False) -> Any:
    """Compile a function for arguments of these `tf.TensorSpec`; returns a concrete function.

    With `jit`, XLA compiles it or, where XLA cannot, TensorFlow alone; that is said once.
    """
    if jit:
        return _JitCompiled(function, specs)
    return tf.function(function, autograph=False).get_concrete_function(*specs)


class _JitCompiled:
    """A concrete function compiled by XLA, with one by TensorFlow alone to fall back on."""

    def __init__(self, function: Callable[..., Any], specs: tuple[Any, ...]) -> None:
        self._plainly = partial(compiled, function, *specs)
        traced = tf.function(function, autograph=False, jit_compile=True)
        self._graph = traced.get_concrete_function(*specs)
        self._runs = False

    @property
    def variables(self) -> Any:
        """The variables that it reads or writes."""
        return self._graph.variables

    @property
    def graph(self) -> Any:
        """The graph that was traced."""
        return self._graph.graph

    def __call__(self, *arguments: Any) -> Any:
        try:
            results = self._graph(*arguments)
        except tf.errors.ResourceExhaustedError:
            raise
        except tf.errors.OpError as error:
            if self._runs:
                raise
            plain = self._plainly()
            # Where the error is the model's own, it is raised again here.
            results = plain(*arguments)
            self._graph = plain
            _tell_fallback(error)
        self._runs = True
        return results


_TOLD = threading.Event()


def _tell_fallback(error: Exception) -> None:
    if not _TOLD.is_set():
        _TOLD.set()
        reason = str(error).strip().partition("\n")[0]
        warnings.warn(
            "XLA cannot compile a model, so it is run without, which may be slower; the answers "
            f"are the same. XLA says: {reason}",
            stacklevel=2,
        )
