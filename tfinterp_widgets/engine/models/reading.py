"""How a model's outputs are read: as scores, and as probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray


class Outputs(NamedTuple):
    """What a model says of a batch: both of shape (N, classes), float32."""

    rows: Any
    """What goes into the final softmax or sigmoid or, where none can be seen, the output."""
    activated: Any
    """What comes out of that softmax or sigmoid; None where none can be seen."""


@dataclass
class Reading:
    """The scale on which a model is explained.

    Attributes
    ----------
    wants_probability : bool
        Whether the score is the probability rather than what goes into the last activation.
    already : bool or None
        Whether outputs without an activation to be seen are probabilities as they are; None while
        that is not known.
    """

    wants_probability: bool
    already: bool | None = None

    def scores(self, outputs: Outputs) -> Any:
        """What is explained, (N, classes)."""
        return self.probabilities(outputs) if self.wants_probability else outputs.rows

    def probabilities(self, outputs: Outputs) -> Any:
        """Probabilities, (N, classes): softmax of linear scores, the sigmoid of a single one."""
        if outputs.activated is not None:
            return outputs.activated
        if self.already:
            return outputs.rows
        single = outputs.rows.shape[-1] == 1
        return tf.sigmoid(outputs.rows) if single else tf.nn.softmax(outputs.rows)

    def has_probabilities(self, outputs: Outputs) -> bool:
        """Whether outputs stand for probabilities; one linear unit may be that of a regression."""
        told = self.wants_probability or self.already or outputs.activated is not None
        return told or outputs.rows.shape[-1] > 1

    @property
    def unit(self) -> str:
        """The unit of the scores: "probability" or "logits"."""
        return "probability" if self.wants_probability or self.already else "logits"


def look_like_probabilities(rows: NDArray[np.floating]) -> bool:
    """Whether outputs, at points far apart, all stay where probabilities do.

    They need not sum to 1: the classes of a sigmoid do not exclude one another.
    """
    return bool((rows >= 0).all() and (rows <= 1).all() and rows.any())
