"""What can be read of a slice explorer: its results, what was found, the rows of a slice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.keys import SliceKey
from tfinterp_widgets.widgets.slices.conversation import Conversation, OnSelect
from tfinterp_widgets.widgets.slices.sources import Source, all_slices
from tfinterp_widgets.widgets.slices.state import SliceState


class Reading(SliceState):
    """The part of the slice explorer that says what is known."""

    _source: Source
    _conversation: Conversation

    @property
    def result(self) -> SliceTable | None:
        """The last good table, None before the first; of two the second.

        It has the values of all metrics. Intervals without a formula are there for metrics that
        were on view; of very many slices they come one after the other.
        """
        found = self._conversation.result
        return None if found is None else found.main

    @property
    def results(self) -> dict[str, SliceTable]:
        """The same by name, where two are compared."""
        found = self._conversation.result
        return {} if found is None else dict(found.tables)

    @property
    def findings(self) -> Any:
        """What `find` found, of two models in the second.

        None before, and when metric, class, threshold or slices change.
        """
        return self._conversation.findings

    @property
    def class_name(self) -> str | None:
        """The name of the class that is set against the rest; None where none is."""
        names = self._source.class_names
        known = dict(enumerate(names or ()))
        return None if self.class_id is None else known.get(self.class_id)

    @property
    def selected_examples(self) -> NDArray[np.int64]:
        """Positions of the chosen slice's rows, the wrong ones first; empty where none is."""
        found = self._conversation.found
        if found is None or found.examples is None or found.question.selected != self.selected:
            return np.empty(0, np.int64)
        return found.examples

    def on_select(self, callback: OnSelect) -> None:
        """Call a function with the key and the rows of each slice that is chosen.

        Parameters
        ----------
        callback : callable
            ``callback(key, positions)``, on the worker's thread: it should return soon.
        """
        if not callable(callback):
            raise TypeError(f"on_select got a {type(callback).__name__}; expected a function.")
        self._conversation.callbacks.append(callback)

    def save_csv(self, path: str | Path) -> Path:
        """Save the last good table, of two the second, as comma-separated values.

        Raises
        ------
        RuntimeError
            When there is no result yet.
        """
        if self.result is None:
            raise RuntimeError("There is no result to save yet: call explain(), then wait().")
        self.result.to_csv(path)
        return Path(path)

    @property
    def _on_view(self) -> tuple[SliceKey, ...]:
        found = self._conversation.found
        return () if found is None else all_slices(found.tables)
