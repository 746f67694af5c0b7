"""Passes through a model that several questions about one input have in common."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any

import tensorflow as tf

from tfinterp_widgets.engine.models.layout import Layout
from tfinterp_widgets.engine.targets import Target


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


class SharedPasses:
    """The passes through one model that several questions, answered in step, have in common.

    Parameters
    ----------
    model : Differentiable
    targets : sequence of int, (int, int) or callable
        What each question explains.
    """

    def __init__(self, model: Any, targets: Sequence[Target]) -> None:
        self.model = model
        self._targets = targets
        everybody = set(range(len(targets)))
        # Who, as far as one can tell, goes on to ask the same as each; and how often each asked.
        self._companions = [everybody for _ in targets]
        self._asked: list[Counter[Hashable]] = [Counter() for _ in targets]
        self._passes: dict[tuple[Hashable, int], list[_Pass]] = {}
        self._cuts: dict[tuple[str, int, int], _Cut] = {}
        self._after: dict[tuple[str, Layout], SharedPasses] = {}

    def cut(self, place: int, kind: str, count: int, previews: bool) -> Iterator[tuple[int, int]]:
        """Cut points into chunks: all questions alike, as sizes change while they are found."""
        number = self._count(place, f"cut {kind}")
        key = kind, number, count
        if key not in self._cuts:
            targets = [self._targets[each] for each in sorted(self._companions[place])]
            forward = kind == "evaluate"
            model = self.model
            self._cuts[key] = _Cut(
                model.forward_chunks(count, previews)
                if forward
                else model.chunks(count, targets, previews)
            )
        return iter(self._cuts[key])

    def ask(
        self, place: int, kind: Hashable, points: Any, run: Callable[[Sequence[Target]], list[Any]]
    ) -> Any:
        """The model's answer at some points; from a pass of another question, where there is one.

        Parameters
        ----------
        place : int
            Which question asks,
        kind : hashable
            for what,
        points : tensor
            and where.
        run : callable
            Has the model answer for some targets: one answer for each.
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

    def after(self, layer: str, layout: Layout) -> SharedPasses:
        """The passes through what follows a layer, whose output is laid out like that."""
        if (layer, layout) not in self._after:
            model = self.model.after(layer, layout)
            self._after[layer, layout] = SharedPasses(model, self._targets)
        return self._after[layer, layout]

    def _run(
        self,
        place: int,
        kind: Hashable,
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

    def _count(self, place: int, kind: Hashable) -> int:
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
