"""What a model of any kind is to the engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import tensorflow as tf

from tfinterp_widgets.engine.models.reading import Outputs

if TYPE_CHECKING:
    from tfinterp_widgets.engine.models.folding import Folding

Shape = tuple[int | None, ...]


@dataclass(frozen=True)
class InputSpec:
    """One input of a model.

    Attributes
    ----------
    name : str
    shape : tuple or None
        Of one example, None for an axis of any size; None if it cannot be known.
    dtype : str or tf.DType
        What the model eats.
    """

    name: str
    shape: Shape | None
    dtype: Any

    @property
    def floating(self) -> bool:
        """Whether it takes real numbers, to which there is a gradient."""
        return bool(tf.as_dtype(self.dtype).is_floating)

    @property
    def shape_text(self) -> str:
        """The shape, for messages."""
        if self.shape is None:
            return "of any shape"
        sizes = ", ".join("any" if size is None else str(size) for size in self.shape)
        return f"({sizes}{',' if len(self.shape) == 1 else ''})"


@dataclass(frozen=True)
class AdaptedModel:
    """A model of any kind, seen as a function of one batch.

    Attributes
    ----------
    outputs : callable
        Maps a batch to `Outputs`; called while a graph is traced. The batch is a tensor (N, ...)
        or, for a model with several inputs, a dictionary of them by the inputs' names.
    name : str
        For messages.
    inputs : tuple of InputSpec, or None
        In the model's own order; None if it tells none.
    batch : int or None
        The one batch size that the model takes, or None for any.
    classes : int or None
        Number of output units, where it is known before the first call.
    layers : callable or None
        Returns all layers of a Keras model, however deep; None for a model of another kind, whose
        layers cannot be seen.
    folding : Folding or None
        The batch normalisations that `outputs` leaves to the layers before them.
    original : AdaptedModel or None
        The model as it is, if this is a faster one made of it.
    precision : str
        "float32", or "bfloat16" for what is rounded on purpose; a model in half precision by
        itself is "float32" here.
    """

    outputs: Callable[[Any], Outputs]
    name: str
    inputs: tuple[InputSpec, ...] | None
    batch: int | None
    classes: int | None
    layers: Callable[[], list[Any]] | None = None
    folding: Folding | None = None
    original: AdaptedModel | None = None
    precision: str = "float32"

    @property
    def input_shape(self) -> Shape | None:
        """Shape of one example of the only input; None if that cannot be said."""
        return self.inputs[0].shape if self.inputs and len(self.inputs) == 1 else None
