"""What the worker's thread does for the slice explorer: tables, examples, differences, findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from tfinterp_widgets.evaluation.slicing.answers.gates import gates_of
from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.keys import SliceKey
from tfinterp_widgets.widgets.slices.arranging import Sight, arranged
from tfinterp_widgets.widgets.slices.checks import AUTO
from tfinterp_widgets.widgets.slices.deciding import check_class
from tfinterp_widgets.widgets.slices.found import Found, Question
from tfinterp_widgets.widgets.slices.known import Known
from tfinterp_widgets.widgets.slices.sources import Source, Tables, of_class

MANY = 60
"""Of more combinations of features the metric on view is measured before the others."""

# Which share of an answer is done, by the eye, when predictions, values and findings are there.
_PREDICTED, _MEASURED, _FOUND = 0.2, 0.4, 0.6


class Answers:
    """Answers questions to one source.

    Attributes
    ----------
    sight : Sight
        What a person looks at: it may change while an answer is under way.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._known = Known(source)
        self.sight = Sight()
        self._asked: Any = None  # the slices that were asked for last
        self._further: tuple[SliceKey, ...] = ()  # those that were found beside them

    def answer(self, question: Question) -> Iterator[float | Found]:
        """Yield the share that is done; then all that is known, ever more of it.

        Values come first: of many combinations of features those of the metric on view, then those
        of the others. Intervals, differences and the comparison are those of the metric on view,
        and come for the slices on view first.
        """
        for share in self._source.prepare():
            yield _PREDICTED * share
        question = self._settled(question)
        wanted = question.wanted
        if (wanted.slices, wanted.class_id) != self._asked:
            self._asked, self._further = (wanted.slices, wanted.class_id), ()
        yield from self._values(question)
        if question.find:
            yield from self._find(question)
        yield from self._estimates(question)

    def _settled(self, question: Question) -> Question:
        """The question with what only the model could say: which metric fits, and what decides.

        Raises
        ------
        ValueError
            If there is no such class.
        """
        source, wanted = self._source, question.wanted
        if wanted.class_id is not None:
            check_class(wanted.class_id, source.class_names or ())
        threshold = source.threshold if wanted.threshold is None else wanted.threshold
        wanted = replace(wanted, threshold=threshold, metrics=wanted.metrics or source.metrics)
        metric, find = (
            source.metrics[0] if name == AUTO else name for name in (question.metric, question.find)
        )
        return replace(question, wanted=wanted, metric=metric, find=find)

    def _values(self, question: Question) -> Iterator[float | Found]:
        wanted = replace(question.wanted, further=self._further)
        if len(wanted.slices) <= MANY:
            steps = [wanted.metrics]
        else:
            on_view = (question.metric, *question.gates)
            steps = [on_view, *((name,) for name in wanted.metrics if name not in on_view)]
        for number, metrics in enumerate(steps):
            for share in self._known.bring(replace(wanted, metrics=metrics)):
                done = (number + share) / len(steps)
                yield _PREDICTED + (_MEASURED - _PREDICTED) * done
            yield self._first(question)
            if number == 0 < len(steps) - 1:
                yield from self._estimates(question, on_view=True)

    def _find(self, question: Question) -> Iterator[float | Found]:
        main = list(self._known.tables.values())[-1]
        for item in main.refine_find(of_class(question.find, question.wanted.class_id)):
            if isinstance(item, float):
                yield _MEASURED + (_FOUND - _MEASURED) * item
                continue
            new = (finding.key for finding in item if finding.key not in main)
            self._further = (*self._further, *new)
            for _ in self._known.bring(replace(question.wanted, further=self._further)):
                pass
            yield replace(self._first(question), findings=item)

    def _estimates(self, question: Question, *, on_view: bool = False) -> Iterator[Found]:
        """Find intervals and differences: of all slices, or of those on view."""
        found, known = self._first(question), self._known
        begin = _FOUND if question.find else _MEASURED

        def order() -> list[SliceKey]:
            return arranged(self.sight, found)

        for share in known.refine(found.column, question.baseline, order, on_view=on_view):
            found = replace(
                found,
                tables=_with_gates(known.tables, question.gates),
                differences=dict(known.differences.get((found.column, question.baseline), {})),
                comparison=known.opposites.get(found.column),
                progress=min(begin + (1 - begin) * share, 0.99),
            )
            yield found
        if not on_view:
            yield replace(found, progress=1.0)

    def _first(self, question: Question) -> Found:
        """What needs no draws, with what is known from before."""
        known = self._known
        column = of_class(question.metric, question.wanted.class_id)
        main = list(known.tables.values())[-1]
        main.column(column)  # says which metrics there are
        examples = None
        if question.selected is not None and main.data is not None:
            examples = main.examples(question.selected)
        return Found(
            question,
            _with_gates(known.tables, question.gates),
            dict(known.differences.get((column, question.baseline), {})),
            known.opposites.get(column),
            examples,
        )


def _with_gates(tables: Tables, gates: Mapping[str, Any]) -> dict[str, SliceTable]:
    """Hold tables to the bounds that a person gives, or else to their own."""
    if not gates:
        return dict(tables)
    return {
        name: replace(
            table, gates=gates_of(gates, [column.info for column in table.columns.values()])
        )
        for name, table in tables.items()
    }
