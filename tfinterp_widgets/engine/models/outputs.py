"""Which of a model's outputs is explained, as one row of scores an example."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import tensorflow as tf

SCALES = ("logits", "probability")


def called(model: Callable[[Any], Any], name: str, points: Any) -> Any:
    """Call a model while it is traced; what it raises gets a note on what it is made for."""
    try:
        return model(points)
    except Exception as error:
        shapes = ", ".join(str(tuple(each.shape[1:])) for each in tf.nest.flatten(points))
        error.add_note(
            f"Raised inside the model {name!r} while it was compiled for inputs of shape {shapes}. "
            "It must be made of TensorFlow operations: call the model itself rather than "
            "model.predict, and no NumPy."
        )
        raise


def check_output(output: str | int, names: Sequence[str], count: int) -> None:
    """Raise ValueError unless `output` is one of `count` outputs, or the scale of a single one."""
    known = output in range(count) if isinstance(output, int) else output in names
    if known or (count == 1 and output in SCALES):
        return
    if count == 1:
        near = difflib.get_close_matches(str(output), SCALES, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ValueError(
            f"output={output!r}; the model has one output, so expected 'logits' or 'probability'."
            + hint
        )
    listed = ", ".join(repr(name) for name in names) or f"0 to {count - 1}"
    raise ValueError(
        f"the model has {count} outputs ({listed}), and output={output!r} names none of them. "
        "Choose one by name or index, e.g. "
        f"AttributionEngine(model, output={(names[0] if names else 0)!r})."
    )


def pick(result: Any, output: str | int, names: Sequence[str] = ()) -> Any:
    """Take the chosen one of a model's outputs."""
    if isinstance(result, Mapping):
        names, heads = sorted(result), [result[name] for name in sorted(result)]
    elif isinstance(result, list | tuple):
        heads = list(result)
    else:
        heads = [result]
    check_output(output, names, len(heads))
    if len(heads) == 1:
        return heads[0]
    return heads[output if isinstance(output, int) else list(names).index(output)]


def batch_size(batch: Any) -> int:
    """How many examples a batch of one array, or of several by name, has."""
    arrays = tf.nest.flatten(batch)
    return int(arrays[0].shape[0])


def rows_of(result: Any, count: int) -> Any:
    """Bring the output for `count` points to shape (count, classes) and float32.

    Raises
    ------
    TypeError, ValueError
        If it is no row of real scores for each point.
    """
    try:
        rows = tf.convert_to_tensor(result)
    except (TypeError, ValueError):
        raise TypeError(
            f"the model returned a {type(result).__name__}; expected a tensor, one row of scores "
            "per example."
        ) from None
    if rows.shape.rank == 1:
        rows = rows[:, tf.newaxis]
    if rows.shape.rank != 2 or not rows.shape[-1]:
        raise ValueError(
            f"the model's output has shape {rows.shape}; expected (batch, classes), or "
            "(batch,) for a single unit. Wrap the model so that it returns one row of scores per "
            "example."
        )
    if rows.shape[0] not in (count, None):
        raise ValueError(
            f"the model returned {rows.shape[0]} rows for a batch of {count}; expected one row of "
            "scores per example. A model for this engine must not mix or drop examples."
        )
    if not rows.dtype.is_floating:
        raise TypeError(f"the model's output is {rows.dtype.name}; expected real scores.")
    return tf.cast(rows, tf.float32)
