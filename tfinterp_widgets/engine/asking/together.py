"""Several targets of one input, explained in step: what they ask of the model alike is run once.

Every method asks a `Question` for scores and gradients at points, and for what layers return
there. Asked for several targets, most methods visit the same points for each; so the questions are
answered in step, the first to come to a point has the model answer for all of them, and the others
find their answers there. A method whose points depend on the target (guided integrated gradients,
or a rule chosen by the score) is answered by itself from where it leaves the others: nothing is
assumed of a method.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, cast

from tfinterp_widgets.engine.asking.lanes import Lane
from tfinterp_widgets.engine.asking.method import Method
from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.asking.shared_passes import SharedPasses
from tfinterp_widgets.engine.attribution import Attribution
from tfinterp_widgets.engine.computing.differentiable import Differentiable

TARGETS_TOGETHER = 8
"""Targets that share a pass: each keeps a gradient of the chunk in memory."""


def refine_in_groups(
    questions: list[Question], method: Method
) -> Iterator[tuple[Attribution, ...]]:
    """Answer questions that differ in their targets, as many together as fit."""
    done: tuple[Attribution, ...] = ()
    for begin in range(0, len(questions), TARGETS_TOGETHER):
        newest: tuple[Attribution, ...] = ()
        for newest in refine_together(questions[begin : begin + TARGETS_TOGETHER], method):
            yield done + newest
        done += newest


def refine_together(
    questions: Sequence[Question], method: Method
) -> Iterator[tuple[Attribution, ...]]:
    """Explain one input for several targets, ever better.

    Parameters
    ----------
    questions : sequence of Question
        Alike but for their targets.
    method : Method

    Yields
    ------
    tuple of Attribution
        The newest estimate of each, in their order. Closing the iterator cancels the rest.
    """
    passes = SharedPasses(questions[0].model, [question.target for question in questions])
    asked = [
        replace(question, model=cast("Differentiable", Lane(passes, place)))
        for place, question in enumerate(questions)
    ]
    newest: list[Any] = [None] * len(questions)
    for estimates in itertools.zip_longest(*(each.explained_by(method) for each in asked)):
        newest = [new or old for new, old in zip(estimates, newest, strict=True)]
        yield tuple(newest)
