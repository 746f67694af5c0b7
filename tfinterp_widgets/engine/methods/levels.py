"""Answers of methods with steps: one for each number of steps, computed once and remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from tfinterp_widgets.engine.asking.answers import Answers
from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.attribution import Attribution


def known_levels(answers: Answers, baseline: Any = None) -> dict[int, Attribution]:
    """Answers that are already computed, by steps, ascending.

    Parameters
    ----------
    answers : Answers
    baseline : optional
        Their baseline in the user's own space, which is not remembered with them.
    """
    found = ((level, answers.get(level)) for level in answers.levels())
    return {
        level: replace(answer, baseline=baseline, evaluations=0, progress=1.0, final=True)
        for level, answer in found
        if answer is not None
    }


def answered(
    question: Question,
    answers: Answers,
    method: Any,
    run: Callable[[], Iterator[list[Attribution]]],
    baseline: Any = None,
) -> Iterator[Attribution]:
    """Yield the known answer for a method's steps, or run and remember what comes of it.

    Parameters
    ----------
    question : Question
    answers : Answers
        Where this method's answers to the question are remembered.
    method : Method
        With its `steps`.
    run : callable
        Makes the iterator of estimates, where there is no answer yet. Each comes in a list of one,
        and the final one after the levels that are exact along with it.
    baseline : optional
        As for `known_levels`.
    """
    known = known_levels(answers, baseline).get(method.steps)
    if known is not None:
        yield replace(known, method=method)
        return
    for *levels, estimate in run():
        if estimate.final:
            # An answer computed while the weights changed answers no question.
            question.check_weights()
            for level in (*levels, estimate):
                answers.put(level)
        yield estimate
