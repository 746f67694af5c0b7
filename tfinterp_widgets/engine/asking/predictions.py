"""What a model says of an input: its classes, best first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.parameters import whole_number


@dataclass(frozen=True)
class Prediction:
    """One class of one input.

    Attributes
    ----------
    index : int
        The class.
    name : str or None
        Its name, where the engine was given class names.
    score : float
        F(x), on the scale of the engine's output.
    probability : float
        In [0, 1]: the model's own softmax or sigmoid, or, for a model that ends in linear units,
        the softmax of its scores (sigmoid for one unit).
    """

    index: int
    name: str | None
    score: float
    probability: float


def predictions(
    question: Question, class_names: Sequence[str] | None, top: int | None
) -> list[Prediction]:
    """List the `top` classes of a question's input (None: all) with the highest scores."""
    if top is not None:
        whole_number("top", top, at_least=1)
    scores, probabilities = question.outputs()
    best = np.argsort(-scores, kind="stable")[:top]
    return [
        Prediction(
            int(index),
            None if class_names is None else class_names[index],
            float(scores[index]),
            float(probabilities[index]),
        )
        for index in best
    ]
