"""What is being explained: the score of a class, the difference of two, or a score of one's own."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

CustomScore = Callable[[Any], Any]
"""Maps the scores of all classes, a tensor (N, classes), to one score an example, (N,)."""

ClassTarget = int | tuple[int, int]
"""A class, or the pair (a, b) of a contrast F_a - F_b."""

Target = ClassTarget | CustomScore


def resolve_target(target: Any, scores: NDArray[np.floating[Any]]) -> Target:
    """Turn what a user gave as target into a class index or a pair of them.

    Parameters
    ----------
    target : int, pair of int, callable, or None
        A class; ``(a, b)`` for the contrast F_a - F_b; a function of all scores; None for the class
        with the highest score.
    scores : ndarray of shape (classes,)
        The model's scores of the input, which tell how many classes there are and which is highest.

    Raises
    ------
    TypeError
        If the target is of another type.
    ValueError
        If a class does not exist, or a pair names one class twice.

    Examples
    --------
    >>> resolve_target(None, np.array([0.1, 0.7, 0.2]))
    1
    >>> resolve_target((0, 2), np.array([0.1, 0.7, 0.2]))
    (0, 2)
    """
    check_target(target, scores.size)
    return int(np.argmax(scores)) if target is None else plain_target(target)


def plain_target(target: Any) -> Target:
    """Turn a target that was checked, and is not None, into Python integers, or a function."""
    if callable(target):
        return cast("CustomScore", target)
    if _is_pair(target):
        return operator.index(target[0]), operator.index(target[1])
    return operator.index(target)


def check_target(target: Any, classes: int | None) -> None:
    """Raise as `resolve_target` does; with `classes` None (not known yet) the upper end is open."""
    if target is None or callable(target):
        return
    if not _is_pair(target):
        _check_class(target, classes)
        return
    if classes == 1:
        raise ValueError(
            f"target {target!r} contrasts two classes, but the model has one output unit. "
            "Use target=None or 0."
        )
    for index in target:
        _check_class(index, classes)
    if operator.index(target[0]) == operator.index(target[1]):
        raise ValueError(
            f"target {target!r} contrasts a class with itself, which is 0 everywhere. "
            "Use two different classes."
        )


def target_weights(target: ClassTarget) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Class indices and signs, two each, whose signed sum of scores is what `target` asks for.

    Two of each for a single class as well, so that one compiled function serves both.
    """
    if isinstance(target, tuple):
        return np.array(target, np.int32), np.array([1, -1], np.float32)
    return np.array([target, target], np.int32), np.array([1, 0], np.float32)


def target_score(scores: ArrayLike, target: Target) -> Any:
    """F_a, or F_a - F_b for a pair, from scores whose last axis is the classes."""
    scores = np.asarray(scores)
    if callable(target):
        made = np.asarray(custom_score(np.atleast_2d(scores), target))
        return made[0] if scores.ndim == 1 else made
    if isinstance(target, tuple):
        return scores[..., target[0]] - scores[..., target[1]]
    return scores[..., target]


def custom_score(rows: Any, target: CustomScore) -> Any:
    """Apply a score of the user's own to the scores of all classes, (N, classes).

    Returns
    -------
    tensor of float32, shape (N,)

    Raises
    ------
    TypeError, ValueError
        If it makes something else of them.
    """
    import tensorflow as tf  # here, so that to check and to name a target takes none

    name = getattr(target, "__name__", type(target).__name__)
    try:
        given = target(tf.convert_to_tensor(rows))
    except Exception as error:
        error.add_note(
            f"Raised by the target {name!r} for scores of shape {tuple(rows.shape)}. It must be "
            "made of TensorFlow operations, and no NumPy."
        )
        raise
    try:
        made = tf.convert_to_tensor(given)
    except (TypeError, ValueError):
        raise TypeError(
            f"target {name!r} made a {type(given).__name__} of the scores; expected a tensor of "
            "one score an example, such as lambda scores: scores[:, 3] - scores[:, 5]."
        ) from None
    if not made.dtype.is_floating:
        raise TypeError(f"target {name!r} made {made.dtype.name} of the scores; expected floats.")
    if made.shape.rank != 1 or made.shape[0] != rows.shape[0]:
        raise ValueError(
            f"target {name!r} made shape {made.shape} of scores of shape {tuple(rows.shape)}; "
            "expected one score an example, such as lambda scores: scores[:, 3] - scores[:, 5]."
        )
    return tf.cast(made, tf.float32)


def target_label(target: Target, class_names: Sequence[str] | None) -> str:
    """Name a target for people: "Egyptian cat", "Egyptian cat − tabby", or "class 285"."""
    if callable(target):
        return str(getattr(target, "__name__", type(target).__name__))
    if isinstance(target, tuple):
        return " − ".join(target_label(index, class_names) for index in target)
    return f"class {target}" if class_names is None else class_names[target]


def _is_pair(target: Any) -> bool:
    return isinstance(target, tuple | list) and len(target) == 2


def _check_class(index: Any, classes: int | None) -> None:
    try:
        value = operator.index(index)
    except TypeError:
        value = None
    # True is an int to Python, but nobody means class 1 by it.
    if value is None or isinstance(index, bool | np.bool_):
        raise TypeError(
            f"target {index!r} is a {type(index).__name__}; expected a class index (a whole "
            "number), a pair of them for a contrast, or None for the top class. "
            "A name's index is class_names.index(name)."
        )
    if value < 0 or (classes is not None and value >= classes):
        if classes == 1:
            expected = "None or 0, as the model has one output unit"
        elif classes is None:
            expected = "a class index of at least 0"
        else:
            expected = f"a class index from 0 to {classes - 1}"
        raise ValueError(f"target {value} is not a class of this model; expected {expected}.")
