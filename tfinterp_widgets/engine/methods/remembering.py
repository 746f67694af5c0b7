"""Answers of methods without levels: computed once, and then remembered."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace

from tfinterp_widgets.engine.asking.examples import Example
from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.attribution import Attribution


class WithoutSteps:
    """What methods have in common that take no number of steps."""

    def known(self, question: Question) -> dict[int, Attribution]:
        """Nothing: there are no answers with other numbers of steps."""
        del question
        return {}


def remembered(
    question: Question,
    key: tuple[Hashable, ...],
    run: Callable[[], Iterator[Attribution]],
    baseline: Example | None = None,
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
    baseline : ndarray of float32, or a list or dictionary of them, optional
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
