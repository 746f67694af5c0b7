"""Inputs of a batch, explained one by one, of which a chunk goes through the model together.

What a method asks at an input itself, a gradient or what a layer returns, can be asked for the next
inputs as well, each for its own target. What it asks elsewhere, along a path or around the input,
fills chunks by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import Any, cast

import numpy as np

from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.computing.differentiable import Differentiable
from tfinterp_widgets.engine.computing.layer_graphs import FeatureMaps, LayerGraphs
from tfinterp_widgets.engine.tensors import as_tensor


def in_company(questions: Iterator[Question], count: int, previews: bool) -> Iterator[Question]:
    """Ask questions a chunk ahead of their answers.

    Parameters
    ----------
    questions : iterator of Question
    count : int
        How many there are.
    previews : bool
        Whether anybody looks at the first answers before the last are there.
    """
    first = next(questions)
    left = chain([first], questions)
    for begin, end in first.model.chunks(count, previews=previews):
        chunk = list(islice(left, end - begin))
        company = Company([each for each in chunk if _goes_along(each, first.model)])
        yield from (company.admit(each) for each in chunk)


def _goes_along(question: Question, model: Differentiable) -> bool:
    """Whether it is about inputs of the same layout, and its target is no function of its own."""
    return question.model is model and not callable(question.target)


class Company:
    """Questions about inputs that go through one model together, answered in their order.

    Parameters
    ----------
    questions : sequence of Question
        Each for a class or a contrast.
    """

    def __init__(self, questions: Sequence[Question]) -> None:
        self._questions = questions
        self._found: dict[tuple[Hashable, int], Any] = {}
        self.weights = 0
        """The fingerprint of the model's weights after the last pass."""

    def admit(self, question: Question) -> Question:
        """The same question to a model that has the others in mind, where it is one of several."""
        if len(self._questions) == 1 or question not in self._questions:
            return question
        place = self._questions.index(question)
        model = cast("Differentiable", _Member(self, place, question.model))
        return replace(question, model=model, forward=question.forward.by(model))

    def ask(self, place: int, kind: Hashable, run: Callable[[Any, Any], list[Any]]) -> Any:
        """What the model says of one of the inputs, asked with all that follow it.

        Parameters
        ----------
        place : int
            Which of the questions asks,
        kind : hashable
            and for what.
        run : callable
            From the points (n, ...) and their targets to an answer for each.
        """
        if (kind, place) not in self._found:
            left = self._questions[place:]
            points = as_tensor(np.stack([question.point for question in left]))
            answers = run(points, [question.target for question in left])
            self.weights = left[0].model.fingerprint()
            self._found.update({(kind, place + k): answer for k, answer in enumerate(answers)})
        return self._found.pop((kind, place))


WITHOUT_RUNNING = {
    "chunks",
    "computes_in_half",
    "forward_chunks",
    "has_answered",
    "takes_channels_first",
}
"""What is asked of a `Differentiable` that does not run it."""


class _Member:
    """A `Differentiable` as one question of a company sees it."""

    def __init__(self, company: Company, place: int, model: Differentiable) -> None:
        self.inside = _Inside(self, model.inside)
        self._company = company
        self._place = place
        self._model = model
        self._weights: int | None = None  # as read after the company's last pass
        self._alone = False

    def __getattr__(self, name: str) -> Any:
        if name not in WITHOUT_RUNNING:
            self.runs_alone()
        return getattr(self._model, name)

    def runs_alone(self) -> None:
        """Note that something is run which the company does not have in common."""
        self._alone = True

    def ask(self, kind: Hashable, run: Callable[[Any, Any], list[Any]]) -> list[Any]:
        """What the model says of the own input, in the place of a list for each target."""
        found = self._company.ask(self._place, kind, run)
        self._weights = self._company.weights
        return [found]

    def gradient_of(self, point: Any, targets: Any, one_of_many: bool = False) -> list[Any]:
        """The gradient at the own input: a lone point that is not one of many."""
        if not one_of_many:
            return self.ask("gradient", self._model.gradients_of_each)
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
        self, point: Any, targets: Any, layer: str | None, differentiate: bool
    ) -> list[Any]:
        """What a layer returns for the own input."""
        del point, targets

        def run(points: Any, targets: Any) -> list[FeatureMaps]:
            return self._inside.feature_maps_of_each(points, targets, layer, differentiate)

        return self._member.ask(("feature maps", layer, differentiate), run)

    def guided_gradient(self, point: Any, targets: Any) -> list[Any]:
        """The guided gradient at the own input."""
        del point, targets
        return self._member.ask("guided gradient", self._inside.guided_gradients_of_each)
