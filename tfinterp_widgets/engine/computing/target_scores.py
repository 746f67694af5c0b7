"""The scores of targets, traced: taken from the scores of all classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import tensorflow as tf

from tfinterp_widgets.engine.targets import Target, custom_score, target_weights


class TargetScores(NamedTuple):
    """How a compiled function comes by the scores of its targets.

    Classes and contrasts are arguments of the function, which serves any of them; a function that
    is given as target is compiled into it.
    """

    specs: tuple[Any, ...]
    """The `tf.TensorSpec` of each of those arguments."""
    of: Callable[..., list[Any]]
    """``of(rows, *arguments)``: from the scores of all classes (n, classes) those of each target,
    (n,)."""


def target_scores(targets: Sequence[Target]) -> TargetScores:
    """What is compiled for targets, of which a function is the only one; see `sharing_a_pass`."""
    functions = [each for each in targets if callable(each)]
    if functions:
        return TargetScores((), lambda rows: [custom_score(rows, each) for each in functions])
    count = len(targets)

    def of_classes(rows: Any, classes: Any, signs: Any) -> list[Any]:
        return [
            tf.linalg.matvec(tf.gather(rows, classes[k], axis=1), signs[k]) for k in range(count)
        ]

    pairs = tf.TensorSpec((count, 2), tf.int32), tf.TensorSpec((count, 2), tf.float32)
    return TargetScores(pairs, of_classes)


def target_arguments(targets: Sequence[Target]) -> tuple[Any, ...]:
    """The arguments that `TargetScores.of` takes for these targets."""
    weights = [target_weights(target) for target in targets if not callable(target)]
    return tuple(tf.stack(each) for each in zip(*weights, strict=True))


def sharing_a_pass(targets: Sequence[Target]) -> list[Sequence[Target]]:
    """Targets in groups of one forward pass: all of them, or, with a function, each by itself."""
    return [[each] for each in targets] if any(map(callable, targets)) else [targets]
