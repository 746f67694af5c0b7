"""On which scale a model's outputs are averaged: as probabilities, as logits, or as they are."""

from __future__ import annotations

import difflib
import operator
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logsumexp, softmax

from tfinterp_widgets.evaluation.metrics.scores import Predictions

ScaleName = Literal["probability", "logit", "value"]

_BELOW_1 = 2.0**-25
# Half of what a float32 can be below 1: what the probability 1 of a sigmoid may have lost.


@dataclass(frozen=True)
class Scale:
    """Takes one number a row from a model's outputs.

    Attributes
    ----------
    name : {"probability", "logit", "value"}
        "logit" is log p - log(1 - p). From probabilities it is kept between -87 and 17, where
        float32 ends.
    target : int
        Which output.
    outputs : int
        How many there are.
    given : {"probability", "value"}
        What the outputs are. Values are taken for what goes into a sigmoid (one output) or a
        softmax (several) where a probability or a logit is asked for.
    """

    name: ScaleName
    target: int
    outputs: int
    given: Literal["probability", "value"]

    def __call__(self, predictions: Predictions) -> NDArray[np.float64]:
        """Return (n,) of predictions (n, outputs)."""
        rows = predictions.astype(np.float64)
        if self.name == "probability":
            rows = self._probabilities(rows)
        return self._logits(rows) if self.name == "logit" else rows[:, self.target]

    @property
    def label(self) -> str:
        """What a chart calls it, e.g. "probability of class 2"."""
        if self.outputs == 1:
            return "prediction" if self.name == "value" else self.name
        return f"{self.name} of output {self.target}"

    def _probabilities(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        if self.given == "probability":
            return rows
        return np.asarray(expit(rows) if self.outputs == 1 else softmax(rows, axis=1))

    def _logits(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        chosen = rows[:, self.target]
        if self.given == "probability":
            likely = np.maximum(chosen, np.finfo(np.float32).tiny)
            return np.log(likely) - np.log(np.maximum(1 - chosen, _BELOW_1))
        if self.outputs == 1:
            return chosen
        return np.asarray(chosen - logsumexp(np.delete(rows, self.target, axis=1), axis=1))


def scale_for(
    scale: Any, target: Any, outputs: int, given: Literal["probability", "value"]
) -> Scale:
    """Check what a user gave as scale and target.

    Parameters
    ----------
    scale : {"auto", "probability", "logit", "value"}
        "auto" is what the outputs are given as.
    target : int or None
        Which output; None for the only one, or the second of two.
    outputs : int
        How many there are.
    given : {"probability", "value"}
        What they are.

    Raises
    ------
    TypeError
        If the target is no whole number.
    ValueError
        If the scale is unknown, or the target missing or none of the outputs.
    """
    names = ("auto", *get_args(ScaleName))
    if scale not in names:
        near = difflib.get_close_matches(str(scale), names, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"scale={scale!r}; expected one of {', '.join(names)}.{hint}")
    return Scale(given if scale == "auto" else scale, _target(target, outputs), outputs, given)


def _target(target: Any, outputs: int) -> int:
    if target is None:
        if outputs > 2:
            raise ValueError(
                f"the model has {outputs} outputs; say which: target=0 to {outputs - 1}."
            )
        return outputs - 1
    try:
        index = None if isinstance(target, bool | np.bool_) else operator.index(target)
    except TypeError:
        index = None
    if index is None:
        raise TypeError(
            f"target={target!r} is a {type(target).__name__}; expected the index of an output, "
            f"0 to {outputs - 1}, or None."
        )
    if not 0 <= index < outputs:
        raise ValueError(
            f"target={index}; the model has {outputs} output{'s' * (outputs > 1)}, so expected "
            f"0{f' to {outputs - 1}' if outputs > 1 else ' or None'}."
        )
    return index
