"""Answers of methods without levels: computed once, and then remembered."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.engine.attribution import Attribution
from tfinterp_widgets.engine.question import Question


def remembered(
    question: Question,
    key: tuple[Hashable, ...],
    run: Callable[[], Iterator[Attribution]],
    baseline: NDArray[np.float32] | None = None,
) -> Iterator[Attribution]:
    """Yield the known answer to a question, or run and remember the final one.

    Parameters
    ----------
    question : Question
    key : tuple
        The method: all that the answer depends on beside the question. Arrays go in by their
        `digest`.
    run : callable
        Makes the iterator of estimates, where there is no answer yet.
    baseline : ndarray of float32, optional
        The answer's baseline in the user's own space, which is not remembered with it.
    """
    answers = question.answers(*key)
    known = answers.get(None)
    if known is not None:
        yield replace(known, baseline=baseline, evaluations=0)
        return
    for estimate in run():
        if estimate.final:
            # An answer computed while the weights changed answers no question.
            question.check_weights()
            answers.put(estimate)
        yield estimate
