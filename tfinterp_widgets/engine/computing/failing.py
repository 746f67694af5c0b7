"""Errors of a model while it runs, in words: what TensorFlow says of them is a page long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import tensorflow as tf

# What a model's own operations raise, for what they are given; all else is no fault of the model.
_ITS_OWN = (
    tf.errors.InvalidArgumentError,
    tf.errors.OutOfRangeError,
    tf.errors.FailedPreconditionError,
    tf.errors.UnimplementedError,
    tf.errors.UnknownError,
)
_HEADINGS = ("Graph execution error", "Detected at node", " ", "\t")
_TAG = re.compile(r"\{\{.*?\}\}")


class ModelFailedError(ValueError):
    """A model that was compiled cannot answer at some point."""


@contextmanager
def failing_in_words() -> Iterator[None]:
    """Raise `ModelFailedError` for what the model that is run here raises of its own.

    Examples
    --------
    >>> with failing_in_words():  # doctest: +SKIP
    ...     graph(points)
    ModelFailedError: the model stopped where it was asked: indices[0,2] = 30 is not in [0, 9). ...
    """
    try:
        yield
    except _ITS_OWN as error:
        raise ModelFailedError(
            f"the model stopped where it was asked: {_reason(error.message)}. Are there numbers "
            "that it does not take, such as ids beyond its vocabulary, in the input or in the "
            "baseline? Methods also ask at points between the two, or around the input."
        ) from None


def _reason(message: str) -> str:
    """The line that tells the reason; the others tell where in the graph it was."""
    lines = (_TAG.sub("", line) for line in message.splitlines() if not line.startswith(_HEADINGS))
    return next(filter(None, map(str.strip, lines)), message)
