"""What the worker's thread does for the slice explorer: tables, examples, differences, findings."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from tfinterp_widgets.evaluation.slicing.answers.gates import gates_of
from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.comparison.comparison import Comparison, refine_comparison
from tfinterp_widgets.evaluation.slicing.keys import SliceKey
from tfinterp_widgets.widgets.slices.found import AUTO, Estimates, Found, Question
from tfinterp_widgets.widgets.slices.sources import Source, Tables, Wanted, all_slices, of_class

PAUSE_SECONDS = 0.2
"""Between two previews of differences: each is sent whole."""


class Answers:
    """Answers questions to one source, and knows the last tables and differences."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._asked: Wanted | None = None
        self._further: tuple[SliceKey, ...] = ()  # slices that were found
        self._wanted: Wanted | None = None  # what the stream is of
        self._stream: Iterator[Tables] = iter(())
        self._tables: Tables = {}
        self._known: dict[Any, dict[str, Estimates]] = {}
        self._opposites: dict[str, Estimates] = {}

    def answer(self, question: Question) -> Iterator[Found]:
        """Yield all that is known, ever more of it."""
        if question.wanted != self._asked:
            self._asked, self._further = question.wanted, ()
        yield from self._all(question)
        if question.find:
            looked_for = of_class(question.find, question.wanted.class_id)
            main = list(self._tables.values())[-1]
            findings = main.find(looked_for)
            self._further = tuple(each.key for each in findings if each.key not in main)
            for found in self._all(question):
                yield replace(found, findings=findings)

    def _all(self, question: Question) -> Iterator[Found]:
        """Yield tables with examples, then with differences; the last is final."""
        found = None
        wanted = replace(question.wanted, further=self._further, first=question.metric)
        for tables in self._refined(wanted):
            found = self._found(question, tables)
            yield found
            # Of the metric on view all is told before the intervals of others are drawn.
            if all(_is_drawn(table, found.column) for table in tables.values()):
                found = yield from self._compared(found)
                found = yield from self._opposed(found)
        assert found is not None  # a source has at least one table to give
        yield replace(found, progress=1.0)

    def _refined(self, wanted: Wanted) -> Iterator[Tables]:
        """Go on with the refinement of the same tables, or begin another.

        Its iterator outlives a question: who picks a slice while intervals are still being found
        gets its examples at once, and loses no interval.
        """
        if wanted != self._wanted:
            self._wanted, self._tables, self._known, self._opposites = wanted, {}, {}, {}
            self._stream = self._source.refine(wanted)
        if self._tables:
            yield self._tables
        try:
            for tables in self._stream:
                self._tables = tables
                yield tables
        except Exception:
            self._wanted = None  # what has failed does not go on, and is begun anew
            raise

    def _found(self, question: Question, tables: Tables) -> Found:
        gated = {name: _with_gates(table, question.gates) for name, table in tables.items()}
        metric = self._metric(question)
        main = list(tables.values())[-1]
        main.column(of_class(metric, question.wanted.class_id))  # says which metrics there are
        examples = None
        if question.selected is not None and main.data is not None:
            examples = main.examples(question.selected)
        progress = sum(table.progress for table in tables.values()) / len(tables)
        known = self._known.get((metric, question.baseline), {})
        return Found(
            question,
            gated,
            metric,
            known,
            self._opposites.get(metric),
            examples,
            progress=min(progress, 0.99),
        )

    def _metric(self, question: Question) -> str:
        return self._source.metrics[0] if question.metric == AUTO else question.metric

    def _compared(self, found: Found) -> Generator[Found, None, Found]:
        """Find each slice's difference from the baseline, model by model."""
        question = found.question
        about = (found.metric, question.baseline)
        if about not in self._known and self._source.allows.rest:
            known: dict[str, Estimates] = {}
            for name, table in found.tables.items():
                if found.column not in table.columns:
                    continue
                for known[name] in _differences(table, found.column, question.baseline):
                    found = replace(found, differences=dict(known))
                    yield found
            self._known[about] = known
        return found

    def _opposed(self, found: Found) -> Generator[Found, None, Found]:
        """Find by how much the second model differs from the first."""
        if found.metric in self._opposites or len(found.tables) < 2:
            return found
        first, second = found.tables.values()
        if found.column in first.columns and found.column in second.columns:
            slices = all_slices(found.tables)
            for compared in refine_comparison(first, second, found.column):
                found = replace(found, comparison=_over(slices, compared))
                yield found
            if found.comparison is not None:
                self._opposites[found.metric] = found.comparison
        return found


def _is_drawn(table: SliceTable, metric: str) -> bool:
    """Whether a metric has all the intervals that it will have."""
    column = table.columns.get(metric)
    if column is None or table.data is None or not table.data.method(metric):
        return True
    without = np.isnan(column.value)
    without[list(column.no_interval)] = True
    return bool((without | ~np.isnan(column.low)).all())


def _over(slices: tuple[SliceKey, ...], found: Comparison) -> Estimates:
    """Lay a comparison out over all slices; those of one table only have none."""
    laid = Estimates.empty(len(slices))
    places = {key: at for at, key in enumerate(slices)}
    at = [places[key] for key in found.slices]
    laid.value[at], laid.low[at], laid.high[at] = found.value, found.low, found.high
    return laid


def _with_gates(table: SliceTable, gates: Mapping[str, Any]) -> SliceTable:
    """Hold a table to the bounds that a person gives, or else to its own."""
    if not gates:
        return table
    infos = [column.info for column in table.columns.values()]
    return replace(table, gates=gates_of(gates, infos))


def _differences(table: SliceTable, metric: str, baseline: SliceKey | None) -> Iterator[Estimates]:
    found, told = Estimates.empty(len(table)), time.monotonic()
    if table.column(metric).info.family == "size":
        yield found
        return
    for at, key in enumerate(table.slices):
        if key and key != baseline:
            one = table.difference(key, [metric], baseline)[metric]
            for part in ("value", "low", "high"):
                number = getattr(one, part)
                getattr(found, part)[at] = np.nan if number is None else number
        if time.monotonic() - told > PAUSE_SECONDS:
            told = time.monotonic()
            yield found
    yield found
