"""Gradients of models that compute in float16, whose small numbers would get lost."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any, Protocol, TypeVar

import tensorflow as tf

SCALES = (2.0**14, 2.0**7, 1.0)
"""What a score is multiplied by before it is differentiated, tried in turn until none overflows."""


class _Answer(Protocol):
    @property
    def finite(self) -> bool: ...


Answer = TypeVar("Answer", bound=_Answer)


class LossScaling:
    """Multiplies a score before it is differentiated, and divides its gradient, in float32, after.

    float16 has no numbers between 0 and 6e-8, which is where gradients get to. Only for functions
    that compute in float16; to all others nothing is done.

    Source: Micikevicius et al. (2018), "Mixed Precision Training", section 3.2.
    """

    def __init__(self) -> None:
        self.needed = False
        """Whether something that was traced computes in float16."""

    def first_finite(self, run: Callable[[Any], list[Answer]]) -> list[Answer]:
        """Run with one scale after the other, until all answers are finite, or with the last.

        What is finite stays: at a smaller scale, which another answer needs, it might vanish.
        """
        first, *smaller = SCALES
        found = run(tf.constant(first))
        for scale in smaller:
            if not self.needed or all(each.finite for each in found):
                break
            again = run(tf.constant(scale))
            found = [old if old.finite else new for old, new in zip(found, again, strict=True)]
        return found

    def gradients(
        self, differentiate: Callable[[Any], Any | None], scores: Any, scale: Any
    ) -> Any | None:
        """The gradient of scores, traced.

        Parameters
        ----------
        differentiate : callable
            Makes the gradient of the scores, each weighted by the tensor that it is given; None
            for the plain one. Returns None where there is none.
        scores : tensor, shape (n,)
        scale : tensor of float32, shape ()
        """
        if not computes_in_half(scores.graph):
            return differentiate(None)
        self.needed = True
        gradients = differentiate(tf.cast(tf.fill(tf.shape(scores), scale), scores.dtype))
        return None if gradients is None else tf.cast(gradients, tf.float32) / scale


def computes_in_half(graph: Any) -> bool:
    """Whether something in a graph, or in a function that it calls, is of float16."""
    definition = graph.as_graph_def()
    bodies = (function.node_def for function in definition.library.function)
    return any(
        value.type == tf.float16.as_datatype_enum
        for node in chain(definition.node, *bodies)
        for value in node.attr.values()
    )
