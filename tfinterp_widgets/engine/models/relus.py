"""ReLUs of a model while it is traced, with the gradient of guided backpropagation."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import tensorflow as tf

from tfinterp_widgets.engine.models.operations import Operations, behind

_RELUS = {"Relu", "Relu6"}
_GUIDED = "TfinterpGuidedRelu"


def _guided(operation: Any, gradient: Any) -> Any:
    """Let back only what is active and speaks for the score: g [x > 0] [g > 0]."""
    passes = (operation.inputs[0] > 0) & (gradient > 0)
    return tf.where(passes, gradient, tf.zeros_like(gradient))


tf.RegisterGradient(_GUIDED)(_guided)


def guided_relus() -> AbstractContextManager[None]:
    """Give every ReLU and ReLU6 that is added to the traced graph the guided gradient.

    It counts for `tf.gradients`; a tape does not know of it.
    """
    graph = tf.compat.v1.get_default_graph()
    overridden: AbstractContextManager[None] = graph.gradient_override_map(
        dict.fromkeys(_RELUS, _GUIDED)
    )
    return overridden


def check_relus(scores: Any, model: str) -> None:
    """Raise ValueError unless there are ReLUs behind the scores, and all of them are in sight."""
    operations = Operations(scores.graph)
    used = behind(scores)
    types = {
        each.name: (each.type, operations.types(each))
        for each in operations.all
        if each.name in used
    }
    if any((inside - {own}) & _RELUS for own, inside in types.values()):
        raise ValueError(
            f"the model {model!r} has ReLUs inside a function of its own (a SavedModel, "
            "tf.function, a loop), where their gradient cannot be changed. Hand over the Keras "
            "model itself, without tf.function around its layers, or take Saliency()."
        )
    if not any(own in _RELUS for own, _ in types.values()):
        raise ValueError(
            f"the model {model!r} has no ReLU and no ReLU6 between its input and the score, and "
            "guided backpropagation changes nothing else: it would be the plain gradient. Take "
            "Saliency()."
        )
