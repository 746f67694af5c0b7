"""Several targets of one input, explained in step: what they ask of the model alike is run once.

Every method asks a `Question` for scores and gradients at points. Asked for several targets, most
methods visit the same points for each; so the questions are answered in step, the first to come to
a point has the model answer for all of them, and the others find their answers there. A method
whose points depend on the target (guided integrated gradients, or a rule chosen by the score) is
answered by itself from where it leaves the others: nothing is assumed of a method.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, cast

import tensorflow as tf

from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.attribution import Attribution
from tfinterp_widgets.engine.computing.gradients import Gradients
from tfinterp_widgets.engine.differentiable import Differentiable
from tfinterp_widgets.engine.methods.method import Method
from tfinterp_widgets.engine.models.reading import Outputs
from tfinterp_widgets.engine.targets import Target

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
    passes = _SharedPasses(questions[0].model, [question.target for question in questions])
    asked = [
        replace(question, model=cast("Differentiable", _Lane(passes, place)))
        for place, question in enumerate(questions)
    ]
    newest: list[Any] = [None] * len(questions)
    for estimates in itertools.zip_longest(*(each.explained_by(method) for each in asked)):
        newest = [new or old for new, old in zip(estimates, newest, strict=True)]
        yield tuple(newest)


class _Pass:
    """What the model said at some points, for those who were expected to ask for them."""

    def __init__(self, points: Any, answers: dict[int, Any]) -> None:
        self.points = points
        self.answers = answers
        self.missing = set(answers)  # who has not come for it yet
        self.group = set(answers)  # who, as far as one can tell, goes the same way

    def serves(self, place: int, points: Any) -> bool:
        """Whether the answer for the question at `place` is here."""
        if place not in self.answers or points.shape != self.points.shape:
            return False
        return bool(tf.reduce_all(points == self.points))


class _SharedPasses:
    """The passes through one model that several questions, answered in step, have in common."""

    def __init__(self, model: Any, targets: Sequence[Target]) -> None:
        self.model = model
        self._targets = targets
        everybody = set(range(len(targets)))
        # Who, as far as one can tell, goes on to ask the same as each; and how often each asked.
        self._companions = [everybody for _ in targets]
        self._asked: list[Counter[str]] = [Counter() for _ in targets]
        self._passes: dict[tuple[str, int], list[_Pass]] = {}
        self._cuts: dict[tuple[str, int, int], _Cut] = {}

    def cut(self, place: int, kind: str, count: int) -> Iterator[tuple[int, int]]:
        """Cut points into chunks: all questions alike, as sizes change while they are found."""
        number = self._count(place, f"cut {kind}")
        key = kind, number, count
        if key not in self._cuts:
            targets = [self._targets[each] for each in sorted(self._companions[place])]
            forward = kind == "evaluate"
            model = self.model
            self._cuts[key] = _Cut(
                model.forward_chunks(count) if forward else model.chunks(count, targets)
            )
        return iter(self._cuts[key])

    def ask(
        self, place: int, kind: str, points: Any, run: Callable[[Sequence[Target]], list[Any]]
    ) -> Any:
        """The model's answer at some points; from a pass of another question, where there is one.

        Parameters
        ----------
        place : int
            Which question asks,
        kind : str
            for what,
        points : tensor
            and where.
        run : callable
            Has the model answer for some targets.
        """
        number = self._count(place, kind)
        passes = self._passes.setdefault((kind, number), [])
        found = next((each for each in passes if each.serves(place, points)), None)
        if found is None:
            found = self._run(place, kind, number, points, run)
            passes.append(found)
        for each in passes:
            each.missing.discard(place)
            if each is not found:
                each.group.discard(place)
        self._companions[place] = found.group
        self._passes[kind, number] = [each for each in passes if each.missing]
        return found.answers[place]

    def _run(
        self,
        place: int,
        kind: str,
        number: int,
        points: Any,
        run: Callable[[Sequence[Target]], list[Any]],
    ) -> _Pass:
        """Run for all who may ask the same, and have not asked yet."""
        places = [
            each
            for each in sorted(self._companions[place])
            if each == place or self._asked[each][kind] <= number
        ]
        answers = run([self._targets[each] for each in places])
        return _Pass(points, dict(zip(places, answers, strict=True)))

    def _count(self, place: int, kind: str) -> int:
        number = self._asked[place][kind]
        self._asked[place][kind] += 1
        return number


class _Cut:
    """A way of cutting points into chunks that is decided once, by who comes first."""

    def __init__(self, parts: Iterator[tuple[int, int]]) -> None:
        self._parts = parts
        self._known: list[tuple[int, int]] = []

    def __iter__(self) -> Iterator[tuple[int, int]]:
        for place in itertools.count():
            if place == len(self._known):
                part = next(self._parts, None)
                if part is None:
                    return
                self._known.append(part)
            yield self._known[place]


class _Lane:
    """The model, as the question at one place sees it."""

    def __init__(self, passes: _SharedPasses, place: int) -> None:
        self._passes = passes
        self._place = place
        self._model = passes.model

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)  # what is not shared

    def chunks(self, count: int, targets: Sequence[Target]) -> Iterator[tuple[int, int]]:
        del targets
        return self._passes.cut(self._place, "gradients", count)

    def forward_chunks(self, count: int) -> Iterator[tuple[int, int]]:
        return self._passes.cut(self._place, "evaluate", count)

    def gradients_of(self, points: Any, targets: Sequence[Target]) -> list[Gradients]:
        del targets
        return self._asked(
            "gradients", points, lambda those: self._model.gradients_of(points, those)
        )

    def gradient_of(
        self, point: Any, targets: Sequence[Target], one_of_many: bool = False
    ) -> list[Gradients]:
        del targets

        def run(those: Sequence[Target]) -> list[Any]:
            found: list[Any] = self._model.gradient_of(point, those, one_of_many)
            return found

        return self._asked("gradient", point, run)

    def evaluate(self, points: Any) -> Outputs:
        def run(targets: Sequence[Target]) -> list[Any]:
            return [self._model.evaluate(points)] * len(targets)  # all classes in any case

        (said,) = self._asked("evaluate", points, run)
        return cast("Outputs", said)

    def _asked(
        self, kind: str, points: Any, run: Callable[[Sequence[Target]], list[Any]]
    ) -> list[Any]:
        return [self._passes.ask(self._place, kind, points, run)]
