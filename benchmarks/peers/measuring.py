"""Time and accuracy of one comparison."""

import statistics
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peers.comparing import Comparison, Example, Explain

ROUNDS = 7
MOST_ROUNDS = 41
ENOUGH = 8.0
"""Seconds after which no more than ROUNDS pairs are run."""


def timed(comparison: Comparison, example: Example) -> dict[str, Any]:
    """Seconds of both, and the median of the ratios of neighbours; who is first alternates."""
    assert comparison.ours is not None
    theirs, ours = comparison.theirs, comparison.ours
    theirs(example)
    evaluations = _evaluations(ours(example))
    pairs: list[tuple[float, float]] = []
    while len(pairs) < ROUNDS or (len(pairs) < MOST_ROUNDS and sum(map(sum, pairs)) < ENOUGH):
        if len(pairs) % 2:
            our_time, their_time = _seconds(ours, example), _seconds(theirs, example)
        else:
            their_time, our_time = _seconds(theirs, example), _seconds(ours, example)
        pairs.append((their_time, our_time))
    their_times, our_times = zip(*pairs, strict=True)
    return {
        "theirs": statistics.median(their_times),
        "ours": statistics.median(our_times),
        "ratio": statistics.median(their_time / our_time for their_time, our_time in pairs),
        "our_evaluations": evaluations,
    }


def _evaluations(answer: Any) -> int:
    answers = answer if isinstance(answer, list) else [answer]
    return sum(each.evaluations for each in answers)


def _seconds(explain: Explain, example: Example) -> float:
    began = time.perf_counter()
    explain(example)
    return time.perf_counter() - began


def errors(
    values: NDArray[np.float32], reference: NDArray[np.float32], difference: float
) -> tuple[float, float]:
    """How far the sum is off F(x) - F(x'), and the map (H, W) off the reference, both relative."""
    found = np.asarray(values, np.float64).reshape(reference.shape)
    off = abs(found.sum() - difference) / abs(difference)
    exact = reference.sum(axis=-1, dtype=np.float64)
    return float(off), float(np.abs(found.sum(axis=-1) - exact).sum() / np.abs(exact).sum())
