"""Inputs of a batch, explained one by one, of which a chunk goes through the model together.

What a method asks at an input itself, a gradient or what a layer returns, can be asked for the next
inputs as well, each for its own target. What it asks elsewhere, along a path or around the input,
fills chunks by itself; for that no input is read before its turn.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple, cast

import numpy as np
import tensorflow as tf

from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.computing.differentiable import Differentiable
from tfinterp_widgets.engine.computing.failing import ModelFailedError
from tfinterp_widgets.engine.computing.layer_graphs import LayerGraphs
from tfinterp_widgets.engine.computing.own_targets import OwnTargets
from tfinterp_widgets.engine.targets import Target
from tfinterp_widgets.engine.tensors import as_tensor


class _Found(NamedTuple):
    """What a pass found at one input, and the weights as they were read after it."""

    answer: Any
    weights: int


class Company:
    """Questions of a batch, in their order; each to a model that has the next ones in mind.

    Parameters
    ----------
    questions : iterator of Question
    count : int
        How many there are.
    previews : bool
        Whether anybody looks at the first answers before the last are there.
    """

    def __init__(self, questions: Iterator[Question], count: int, previews: bool) -> None:
        self._questions = questions
        self._left = count
        self._previews = previews
        self._read: deque[Question] = deque()  # of those that are left
        self._failure: Exception | None = None  # of reading the one after them
        self._found: dict[Question, dict[Hashable, _Found]] = {}

    def __iter__(self) -> Iterator[Question]:
        alone = self._left == 1
        while self._left:
            self._read_ahead(1)
            if not self._read:
                assert self._failure is not None
                raise self._failure
            question = self._read[0]
            yield question if alone or callable(question.target) else self._admitted(question)
            self._read.popleft()
            self._left -= 1
            self._found.pop(question, None)

    def ask(self, question: Question, kind: Hashable, passes: OwnTargets) -> _Found:
        """What the model says of an input; those that follow go through with it.

        Parameters
        ----------
        question : Question
            Whose turn it is.
        kind : hashable
            What is asked.
        passes : OwnTargets
            Finds it.
        """
        if kind not in self._found.get(question, ()):
            self._run(question, kind, passes)
        return self._found[question][kind]

    def _run(self, question: Question, kind: Hashable, passes: OwnTargets) -> None:
        together = self._with_next(question, passes)
        try:
            answers = _answers(together, passes)
        except ModelFailedError:
            # At which input it failed is not known: each is to find out by itself.
            together = [question]
            answers = _answers(together, passes)
        weights = question.model.fingerprint()
        for each, answer in zip(together, answers, strict=True):
            self._found.setdefault(each, {})[kind] = _Found(answer, weights)

    def _with_next(self, question: Question, passes: OwnTargets) -> list[Question]:
        """A question and those of the next ones that can go through with it; in its turn."""
        if not self._read or self._read[0] is not question:
            return [question]
        (_, size), *_ = passes.cut(self._left, self._previews)
        self._previews = False
        self._read_ahead(size)
        return [each for each in islice(self._read, size) if _go_together(each, question)]

    def _read_ahead(self, count: int) -> None:
        """Read questions until there are that many; what is wrong with one is said in its turn."""
        missing = max(0, count - len(self._read))
        try:
            self._read.extend(islice(self._questions, missing))
        except Exception as error:
            self._failure = error

    def _admitted(self, question: Question) -> Question:
        model = cast("Differentiable", _Member(self, question))
        return replace(question, model=model, forward=question.forward.by(model))


def _go_together(one: Question, other: Question) -> bool:
    """Whether both are about inputs of one layout, and no function as target."""
    return one.model is other.model and not callable(one.target)


def _answers(questions: Sequence[Question], passes: OwnTargets) -> list[Any]:
    points = as_tensor(np.stack([question.point for question in questions]))
    return passes.run(points, [cast("Any", question.target) for question in questions])


WITHOUT_RUNNING = {
    "chunks",
    "computes_in_half",
    "forward_chunks",
    "has_answered",
    "takes_channels_first",
}
"""What is asked of a `Differentiable` that does not run it; of anything else that is assumed."""


class _Member:
    """A `Differentiable` as one question of a company sees it."""

    def __init__(self, company: Company, question: Question) -> None:
        self.inside = _Inside(self, question.model.inside)
        self._company = company
        self._question = question
        self._model = question.model
        self._weights: int | None = None  # as read after a pass of the company
        self._alone = False

    def __getattr__(self, name: str) -> Any:
        if name not in WITHOUT_RUNNING:
            self.runs_alone()
        return getattr(self._model, name)

    def runs_alone(self) -> None:
        """Note that something is run which the company does not have in common."""
        self._alone = True

    def is_own(self, point: Any, targets: Sequence[Target]) -> bool:
        """Whether that is about the question's own input and target."""
        if list(targets) != [self._question.target]:
            return False
        return bool(tf.reduce_all(point[0] == self._question.point))

    def ask(self, kind: Hashable, passes: OwnTargets) -> list[Any]:
        """What is found for the one target that is asked for, the own."""
        found = self._company.ask(self._question, kind, passes)
        self._weights = found.weights
        return [found.answer]

    def gradient_of(
        self, point: Any, targets: Sequence[Target], one_of_many: bool = False
    ) -> list[Any]:
        """As `Differentiable.gradient_of`."""
        if not one_of_many and self.is_own(point, targets):
            return self.ask("gradient", self._model.gradients_of_each())
        self.runs_alone()
        return self._model.gradient_of(point, targets, one_of_many)

    def fingerprint(self) -> int:
        """A checksum of all weights; one reading serves all who are answered by a pass alone."""
        if self._alone or self._weights is None:
            return self._model.fingerprint()
        return self._weights


class _Inside:
    """The `LayerGraphs` of a model as one question of a company sees them."""

    def __init__(self, member: _Member, inside: LayerGraphs) -> None:
        self._member = member
        self._inside = inside

    def __getattr__(self, name: str) -> Any:
        self._member.runs_alone()
        return getattr(self._inside, name)

    def feature_maps(
        self, point: Any, targets: Sequence[Target], layer: str | None, differentiate: bool
    ) -> list[Any]:
        """As `LayerGraphs.feature_maps`."""
        if self._member.is_own(point, targets):
            passes = self._inside.feature_maps_of_each(layer, differentiate)
            return self._member.ask(("feature maps", layer, differentiate), passes)
        self._member.runs_alone()
        return self._inside.feature_maps(point, targets, layer, differentiate)

    def guided_gradient(self, point: Any, targets: Sequence[Target]) -> list[Any]:
        """As `LayerGraphs.guided_gradient`."""
        if self._member.is_own(point, targets):
            return self._member.ask("guided gradient", self._inside.guided_gradients_of_each())
        self._member.runs_alone()
        return self._inside.guided_gradient(point, targets)
