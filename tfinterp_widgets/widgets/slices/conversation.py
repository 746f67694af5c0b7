"""One slice explorer's talk with the worker: questions there, answers back to the view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.slicing.keys import SliceKey
from tfinterp_widgets.widgets.shared.runner import Runner, owner_of
from tfinterp_widgets.widgets.slices.answers import Answers
from tfinterp_widgets.widgets.slices.arranging import Sight
from tfinterp_widgets.widgets.slices.checks import AUTO
from tfinterp_widgets.widgets.slices.found import Found, Question
from tfinterp_widgets.widgets.slices.sources import Wanted

if TYPE_CHECKING:
    from tfinterp_widgets.widgets.slice_explorer import SliceExplorer

OnSelect = Callable[[SliceKey, NDArray[np.int64]], Any]


VERY_MANY = 500
"""Of more slices it is said that they take time."""


class Conversation:
    """Asks, hears the answers on the worker's thread, and has them shown.

    Parameters
    ----------
    explorer : SliceExplorer
    model : Any
        Whose worker answers; None where there is no model.

    Attributes
    ----------
    runner : Runner
    found : Found or None
        What is on display, final or not.
    result : Found or None
        The last that has the values of all metrics.
    findings : Findings or None
        What was found last, as long as the question is the same but for slices that are chosen.
    callbacks : list of callable
        Told of each slice that is chosen, and its rows.
    """

    def __init__(self, explorer: SliceExplorer, model: Any) -> None:
        self._explorer = explorer
        self._answers = Answers(explorer._source)
        self._told_of: tuple[Any, ...] = ()  # the selection that was handed on last
        self.runner = Runner(explorer, owner_of(model, explorer), self._take)
        self.found: Found | None = None
        self.result: Found | None = None
        self.findings: Any = None
        self._findings_of: Any = None  # what was asked when they were found
        self.callbacks: list[OnSelect] = []

    def ask(self, find: str = "") -> None:
        """Ask what the traits say and return at once; `find` is a metric to look for bad slices."""
        explorer = self._explorer
        self.look()
        question = Question(
            wanted=Wanted(explorer.slices, self._metrics(), explorer.class_id, explorer.threshold),
            metric=explorer.metric,
            gates=dict(explorer.gates),
            baseline=explorer.baseline,
            selected=explorer.selected,
            find=find,
        )
        self.runner.start(partial(self._answers.answer, question), 100)

    def look(self) -> None:
        """Tell the worker what is on view, for it to go on with that."""
        self._answers.sight = Sight.of(self._explorer)

    def forget(self) -> None:
        """Compute the next answer afresh."""
        self._answers = Answers(self._explorer._source)

    def _metrics(self) -> tuple[str, ...]:
        """Those on offer, with what else is on view or has a gate; empty for what fits."""
        explorer = self._explorer
        offered = explorer._source.metrics
        further = [name for name in (explorer.metric, *explorer.gates) if name != AUTO]
        return tuple(dict.fromkeys((*offered, *further))) if offered else ()

    def _take(self, item: float | Found) -> None:
        if isinstance(item, Found):
            self._take_found(item)
            note = "" if item.final else _note(item)
            self.runner.progress(round(100 * item.progress), 100, final=item.final, message=note)
        else:
            self.runner.progress(round(100 * item), 100, final=False)

    def _take_found(self, found: Found) -> None:
        board = self._explorer._board
        self.found = found
        if found.measured:
            self.result = found
        if self._explorer.threshold is None is not found.main.threshold:
            self._explorer._learn(threshold=found.main.threshold)
        self._keep_findings(found)
        if self._explorer._telling.show(found):
            board.show_histogram(found)
        selected = found.question.selected
        selection = (selected, id(found.main.data), found.main.threshold)
        if selection == self._told_of:
            return
        self._told_of = selection
        board.show_examples(found)
        if found.examples is not None and selected is not None:
            for callback in self.callbacks:
                callback(selected, found.examples)

    def _keep_findings(self, found: Found) -> None:
        """Drop what was found of another metric, class or threshold, or slicing otherwise."""
        asked = (found.metric, replace(found.question.wanted, metrics=()))
        if found.findings is not None:
            self.findings, self._findings_of = found.findings, asked
        elif asked != self._findings_of:
            self.findings = None


def _note(found: Found) -> str:
    """Say what takes so long, where there are very many slices."""
    count = len(found.main)
    if count <= VERY_MANY:
        return ""
    return (
        f"There are {count:,} slices. Their values come first, then intervals and differences, of "
        "the slices on view before others: sort or search for those you want, or cancel."
    )
