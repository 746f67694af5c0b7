"""What the worker's thread does for the importance widget: only what is not known yet."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tfinterp_widgets.evaluation.dependence.dependence import PartialDependence
from tfinterp_widgets.evaluation.importance.importance import ImportanceResult
from tfinterp_widgets.evaluation.partial_dependence import refine_partial_dependence
from tfinterp_widgets.evaluation.permutation import refine_importance
from tfinterp_widgets.widgets.importance import checks
from tfinterp_widgets.widgets.importance.parts import Part
from tfinterp_widgets.widgets.importance.shuffling import Shuffled, shuffle_some
from tfinterp_widgets.widgets.importance.state import metric_title, target_among

CURVES = 40
"""How many single rows have a curve of their own: more would hide one another."""


KEPT = 4
"""How many ways of shuffling stay known, each with up to 256 MiB of predictions."""


@dataclass(frozen=True, eq=False)
class Question:
    """Everything that an answer depends on, as it was when it was asked."""

    metric: Any
    repeats: int
    data: str
    groups: str | None
    correlation: float
    seed: int
    feature: str
    target: int | None
    take: int  # which repeat's shuffle is shown, from 1; 0 for none

    @property
    def shuffles(self) -> tuple[Any, ...]:
        """What decides which predictions are needed."""
        return self.data, self.groups, self.correlation if self.groups else None, self.seed

    @property
    def scores(self) -> tuple[Any, ...]:
        """What decides, with the number of repeats, the importances."""
        metric = self.metric
        key = metric if isinstance(metric, str) else (metric_title(metric), id(metric))
        return *self.shuffles, key

    @property
    def curves(self) -> tuple[Any, ...]:
        """What decides the partial dependence."""
        return self.data, self.feature, self.target, self.seed


@dataclass(frozen=True, eq=False)
class Item:
    """A part of the answer: what is going on, how far that is, and what was found."""

    doing: str
    done: int
    total: int
    found: ImportanceResult | PartialDependence | Shuffled | None = None


class Answers:
    """Answers questions about one model, and remembers what it found; the worker's alone.

    Parameters
    ----------
    model, preprocess, greater_is_better
        As for `permutation_importance`; the last one is for metrics that are objects.
    parts : mapping of str to Part
    class_names : sequence of str, optional
        Compared with the model's outputs.
    """

    def __init__(
        self,
        model: Any,
        parts: Mapping[str, Part],
        preprocess: Any,
        greater_is_better: bool | None,
        class_names: Sequence[str] | None,
    ) -> None:
        self._model = model
        self._parts = parts
        self._preprocess = preprocess
        self._greater_is_better = greater_is_better
        self._class_names = class_names
        self._weights: int | None = None  # those that what is remembered is of
        self._forget()

    def _forget(self) -> None:
        self._latest: dict[tuple[Any, ...], ImportanceResult] = {}  # by what was shuffled
        self._scored: dict[tuple[Any, ...], ImportanceResult] = {}  # and by metric
        self._curves: dict[tuple[Any, ...], PartialDependence] = {}

    def answer(self, question: Question) -> Iterator[Item]:
        """Answer ever better: curves, which are quick, before repeats, these before intervals."""
        weights = self._parts[question.data].predictor.fingerprint()
        if weights != self._weights:  # what is known is of another model
            self._forget()
            self._weights = weights
        if question.feature:
            yield from self._dependence(question)
        result = yield from self._importance(question)
        checks.outputs(result.outputs, self._class_names, question.target)
        if question.take:
            yield self._shuffled(question, result)
        for share in result.bootstrap():
            yield Item("95 % interval", round(100 * share), 100)
        yield Item("95 % interval", 100, 100, result)

    def _dependence(self, question: Question) -> Iterator[Item]:
        doing, known = f"Curves of {question.feature}", self._curves.get(question.curves)
        if known is not None:
            yield Item(doing, 100, 100, known)
            return
        part = self._parts[question.data]
        for estimate in refine_partial_dependence(
            part.predictor,
            part.X,
            question.feature,
            ice=CURVES,
            target=self._target(question, part),
            seed=question.seed,
        ):
            yield Item(doing, round(100 * estimate.progress), 100, estimate)
        self._curves[question.curves] = estimate

    def _importance(self, question: Question) -> Generator[Item, None, ImportanceResult]:
        """The result for as many repeats as asked; only those not known are computed."""
        result = self._known(question)
        if result is None:
            estimates = self._begin(question)
        else:
            yield self._item(question, result)
            missing = question.repeats - result.importances.shape[1]
            estimates = result.refine(missing) if missing > 0 else iter(())
        for result in estimates:
            self._keep(question, result)
            yield self._item(question, result)
        assert result is not None  # a run has a repeat or more
        return first(result, question.repeats)

    def _keep(self, question: Question, result: ImportanceResult) -> None:
        self._latest.pop(question.shuffles, None)
        self._latest[question.shuffles] = self._scored[question.scores] = result
        if len(self._latest) > KEPT:
            forgotten = next(iter(self._latest))
            del self._latest[forgotten]
            for scores in [key for key in self._scored if key[:-1] == forgotten]:
                del self._scored[scores]

    def _known(self, question: Question) -> ImportanceResult | None:
        known = self._scored.get(question.scores)
        if known is not None:
            return replace(known, evaluations=0)
        latest = self._latest.get(question.shuffles)
        if latest is None:
            return None
        rescored = latest.rescored(question.metric, self._direction(question))
        self._scored[question.scores] = rescored
        return rescored

    def _begin(self, question: Question) -> Iterator[ImportanceResult]:
        part = self._parts[question.data]
        return refine_importance(
            self._model,
            part.X,
            part.y,
            question.metric,
            question.repeats,
            question.groups,
            question.seed,
            correlation=question.correlation,
            greater_is_better=self._direction(question),
            preprocess=self._preprocess,
        )

    def _direction(self, question: Question) -> bool | None:
        return None if isinstance(question.metric, str) else self._greater_is_better

    def _shuffled(self, question: Question, result: ImportanceResult) -> Item:
        part = self._parts[question.data]
        target = self._target(question, part)
        found = shuffle_some(part.predictor, result, question.feature, question.take, target)
        return Item("Shuffling", 1, 1, found)

    def _target(self, question: Question, part: Part) -> int:
        outputs = part.predictor(part.predictor.table.slice(0, 1)).shape[1]
        checks.outputs(outputs, self._class_names, question.target)
        return target_among(question.target, outputs)

    @staticmethod
    def _item(question: Question, result: ImportanceResult) -> Item:
        shown = first(result, question.repeats)
        return Item("Repeats", shown.importances.shape[1], question.repeats, shown)


def first(result: ImportanceResult, repeats: int) -> ImportanceResult:
    """The result of the first repeats alone, and which share of them is there."""
    importances = result.importances[:, :repeats]
    return replace(result, importances=importances, progress=importances.shape[1] / repeats)
