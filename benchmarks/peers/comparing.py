"""What is compared: the same method here and there, on one example."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BATCH = 16
"""Points at once, for peers that take such a number: what suits the embedded model best."""

MODEL_BLACK = -127 / 128
"""A black pixel as the embedded model gets it; mid-grey, 127, is 0 there."""


@dataclass(frozen=True)
class Example:
    """A photograph, what the model gets of it, and the class to explain."""

    pixels: NDArray[np.uint8]
    x: NDArray[np.float32]
    target: int


Explain = Callable[[Example], Any]


@dataclass(frozen=True)
class Comparison:
    """One method, as a peer runs it and as the engine does.

    `ours` returns an answer, or a list of them for a batch, and `evaluations` is of them all. Of
    integrated gradients `baseline`, "black" or "grey", says what they start from: `theirs` then
    returns the values of shape (..., H, W, 3), whose accuracy is measured. Without `ours` there is
    nothing to time, the peer being of another framework.
    """

    method: str
    evaluations: int
    theirs: Explain
    ours: Explain | None = None
    goal: float = 0.95
    baseline: str | None = None
    remark: str = ""


def integrated_gradients(
    theirs: Explain, ours: Explain | None, baseline: str = "black", remark: str = ""
) -> Comparison:
    """Integrated gradients, whose goal is higher."""
    return Comparison("Integrated gradients", STEPS, theirs, ours, 1.15, baseline, remark)


STEPS = 64
"""Evaluations of integrated gradients."""
