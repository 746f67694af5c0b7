"""The rows of the chosen slice, the wrong ones first, and the explorer that they are handed to."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.rows.raw_columns import RawColumn
from tfinterp_widgets.evaluation.slicing.keys import SliceKey, slice_name
from tfinterp_widgets.evaluation.slicing.problem import Problem, floor_to
from tfinterp_widgets.widgets.shared.table_view import TableView

if TYPE_CHECKING:
    from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
    from tfinterp_widgets.widgets.slices.sources import Source

MOST = 1_000
"""So many examples of a slice are listed; all of them are in `selected_examples`."""

HINT = "Click a row to pick it; what explain_with() was given then says why."


ERROR = "prediction − label"
"""The column that is listed beside the features of a regression."""


class Examples:
    """A heading and a table of rows; and below it, whatever explains one of them.

    Parameters
    ----------
    source : Source
    picked : callable
        Called with the position of a row that was picked.
    """

    def __init__(self, source: Source, picked: Callable[[int], None]) -> None:
        self._source = source
        self._picked = picked
        self._title = ipywidgets.HTML()
        self.table = TableView(self._choose, HINT)
        self.box = ipywidgets.VBox([self._title, self.table])
        self.box.add_class("tfi-examples")

    def show(self, key: SliceKey, positions: NDArray[np.int64], table: SliceTable) -> None:
        """List a slice's rows."""
        assert table.data is not None  # there are examples
        problem = table.data.problem
        listed = positions[:MOST]
        columns = [*self._source.columns(listed), *_errors(problem, listed)]
        self.table.show_rows(columns, problem.labels[listed], listed, total=len(positions))
        names, predicted, confidence = said(problem, listed, table.threshold)
        self.table.show_predictions(names, predicted, confidence)
        whose = f" of {names_of[-1]}" if len(names_of := self._source.names) > 1 else ""
        first = "largest errors" if names is None else "wrong ones"
        self._title.value = (
            f'<div class="tfi-heading"><span class="tfi-title">Examples of '
            f'{escape(slice_name(key))}</span> <span class="tfi-muted">{len(positions):,} '
            f"rows, the {first}{escape(whose)} first</span></div>"
        )

    def mark(self, example: int | None) -> None:
        """Show which row is chosen."""
        self.table.tell(row=example)

    def _choose(self, values: dict[str, Any]) -> None:
        if values.get("row") is not None:
            self._picked(values["row"])


def _errors(problem: Problem, rows: NDArray[np.int64]) -> list[RawColumn]:
    """How far numbers are off; of classes the label beside the prediction says it."""
    if problem.task != "regression":
        return []
    return [RawColumn(ERROR, pd.Series(problem.predictions[rows, 0] - problem.labels[rows]))]


def said(
    problem: Problem, rows: NDArray[np.int64], threshold: Any
) -> tuple[list[str] | None, NDArray[Any], NDArray[np.float32] | None]:
    """Say what the model predicts of some rows.

    Returns
    -------
    list of str or None
        Names of the classes; None of a regression.
    ndarray, shape (rows,)
        Ids of the classes that are decided for, or numbers.
    ndarray of float32, shape (rows,), or None
        The probability of the class; None of a regression.
    """
    scores = problem.predictions[rows]
    if problem.task == "regression":
        return None, scores[:, 0], None
    names = list(problem.class_names)
    if problem.task == "binary":
        positive = scores[:, 0]
        above = positive > floor_to(np.float64(threshold), positive.dtype)
        decided = above.astype(np.int32)
        return names, decided, np.where(decided == 1, positive, 1 - positive).astype(np.float32)
    best = np.argmax(scores, axis=1).astype(np.int32)
    return names, best, scores[np.arange(len(best)), best].astype(np.float32)
