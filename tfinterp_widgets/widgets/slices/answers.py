"""What the worker's thread does for the slice explorer: tables, examples, differences, findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from tfinterp_widgets.evaluation.slicing.answers.gates import gates_of
from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.keys import SliceKey
from tfinterp_widgets.widgets.slices.checks import AUTO
from tfinterp_widgets.widgets.slices.deciding import check_class
from tfinterp_widgets.widgets.slices.found import Found, Question
from tfinterp_widgets.widgets.slices.known import Known
from tfinterp_widgets.widgets.slices.sources import Source, Tables, of_class


class Answers:
    """Answers questions to one source."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._known = Known(source)
        self._asked: Any = None  # the slices that were asked for last
        self._further: tuple[SliceKey, ...] = ()  # those that were found beside them

    def answer(self, question: Question) -> Iterator[float | Found]:
        """Yield the share of the rows that is predicted; then all that is known, ever more of it.

        Values of all metrics come at once; intervals, differences and the comparison are those of
        the metric on view.
        """
        yield from self._source.prepare()
        question = self._settled(question)
        wanted = question.wanted
        if (wanted.slices, wanted.class_id) != self._asked:
            self._asked, self._further = (wanted.slices, wanted.class_id), ()
        yield from self._all(question)
        if question.find:
            main = list(self._known.tables.values())[-1]
            findings = main.find(of_class(question.find, wanted.class_id))
            new = (finding.key for finding in findings if finding.key not in main)
            self._further = (*self._further, *new)
            for found in self._all(question):
                yield replace(found, findings=findings)

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
        if wanted.threshold is None:
            wanted = replace(wanted, threshold=source.threshold)
        metric, find = (
            source.metrics[0] if name == AUTO else name for name in (question.metric, question.find)
        )
        return replace(question, wanted=wanted, metric=metric, find=find)

    def _all(self, question: Question) -> Iterator[Found]:
        known, baseline = self._known, question.baseline
        known.bring(replace(question.wanted, further=self._further))
        found = self._first(question)
        yield found
        for share in known.refine(found.column, baseline):
            found = replace(
                found,
                tables=_with_gates(known.tables, question.gates),
                differences=dict(known.differences.get((found.column, baseline), {})),
                comparison=known.opposites.get(found.column),
                progress=min(share, 0.99),
            )
            yield found
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
