"""The scores of targets, traced: taken from the scores of all classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from tfinterp_widgets.engine.targets import Target, custom_score, target_weights


class TargetScores(NamedTuple):
    """How a compiled function comes by the scores of its targets.

    Classes and contrasts are arguments of the function, which serves any of them, and each point
    its own; a function that is given as target is compiled into it.
    """

    specs: tuple[Any, ...]
    """The `tf.TensorSpec` of each of those arguments."""
    of: Callable[..., list[Any]]
    """``of(rows, *arguments)``: from the scores of all classes (n, classes) those of each target,
    (n,)."""


def target_scores(targets: Sequence[Target], size: int) -> TargetScores:
    """What is compiled for targets at `size` points; a function is the only one of them."""
    functions = [each for each in targets if callable(each)]
    if functions:
        return TargetScores((), lambda rows: [custom_score(rows, each) for each in functions])
    count = len(targets)

    def of_classes(rows: Any, classes: Any, signs: Any) -> list[Any]:
        chosen = tf.gather(rows, classes, batch_dims=1)
        scores: list[Any] = tf.unstack(tf.reduce_sum(chosen * signs, axis=2), count, axis=1)
        return scores

    shape = size, count, 2
    return TargetScores((tf.TensorSpec(shape, tf.int32), tf.TensorSpec(shape)), of_classes)


def targets_of_all(targets: Sequence[Target], points: int) -> tuple[Any, ...]:
    """The arguments that `TargetScores.of` takes for the same targets at each of some points."""
    return tuple(np.broadcast_to(each, (points, *each.shape)) for each in _weights(targets))


def targets_of_each(targets: Sequence[Target]) -> tuple[Any, ...]:
    """The arguments that `TargetScores.of` takes for one target at each point, its own."""
    return tuple(each[:, np.newaxis] for each in _weights(targets))


def _weights(targets: Sequence[Target]) -> list[Any]:
    """Classes and signs, (targets, 2) each; nothing of functions."""
    weights = [target_weights(target) for target in targets if not callable(target)]
    return [np.stack(each) for each in zip(*weights, strict=True)]


def sharing_a_pass(targets: Sequence[Target]) -> list[Sequence[Target]]:
    """Targets in groups of one forward pass: all of them, or, with a function, each by itself."""
    return [[each] for each in targets] if any(map(callable, targets)) else [targets]
