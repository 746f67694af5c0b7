"""What a model of any kind is to the engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from tfinterp_widgets.engine.reading import Outputs

Shape = tuple[int | None, ...]


@dataclass(frozen=True)
class AdaptedModel:
    """A model of any kind, seen as a function of one batch.

    Attributes
    ----------
    outputs : callable
        Maps a batch of points to `Outputs`; called while a graph is traced.
    name : str
        For messages.
    input_shape : tuple or None
        Shape of one example, None for an axis of any size; None if it cannot be known.
    batch : int or None
        The one batch size that the model takes, or None for any.
    dtype : tf.DType
        What the model eats.
    classes : int or None
        Number of output units, where it is known before the first call.
    """

    outputs: Callable[[Any], Outputs]
    name: str
    input_shape: Shape | None
    batch: int | None
    dtype: Any
    classes: int | None


def check_dtype(dtype: Any, who: str) -> None:
    """Raise TypeError for a model whose input has no gradient."""
    if not tf.as_dtype(dtype).is_floating:
        raise TypeError(
            f"{who} takes {tf.as_dtype(dtype).name} input, which has no gradient (token ids for an "
            "embedding, say). Explain the part that follows the embedding, with its vectors as "
            "input."
        )
