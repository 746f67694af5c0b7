"""The table that one can sort, search and filter: what it is sent, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import traitlets
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.rows.raw_columns import RawColumn
from tfinterp_widgets.widgets.shared.part_view import Chosen, PartView
from tfinterp_widgets.wire import to_text, to_wire

_BYTES = 3_000_000  # a whole state stays under 4 MB
_ROW_BYTES = 12  # label, class and confidence

PERSONAL = frozenset(
    ("row", "baseline_row", "search", "wrong_only", "sort_by", "descending", "confidence")
)
"""What a person may change in the table."""


class TableView(PartView):
    """A view of rows; it finds and sorts by itself, and says which row was picked.

    Parameters
    ----------
    chosen : callable
        Called with the names and values of what a person changed in the view.
    hint : str
        What a person can do with a row, said below the table.
    compares : bool
        Whether a second row can be picked, to compare with.
    """

    personal = PERSONAL

    row = traitlets.Int(0, allow_none=True).tag(sync=True)
    baseline_row = traitlets.Int(None, allow_none=True).tag(sync=True)
    search = traitlets.Unicode("").tag(sync=True)
    wrong_only = traitlets.Bool(False).tag(sync=True)
    sort_by = traitlets.Unicode("").tag(sync=True)
    descending = traitlets.Bool(False).tag(sync=True)
    confidence = traitlets.List([0.0, 1.0]).tag(sync=True)

    # js/src/wire/table.ts describes each.
    _columns: Any = traitlets.List().tag(sync=True)
    _rows = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    _total = traitlets.Int(0).tag(sync=True)
    _hint = traitlets.Unicode().tag(sync=True)
    _compares = traitlets.Bool(False).tag(sync=True)
    _class_names: Any = traitlets.List(default_value=None, allow_none=True).tag(sync=True)
    _labels = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    _predictions = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)

    def __init__(self, chosen: Chosen, hint: str, *, compares: bool = False) -> None:
        self.sent = 0
        super().__init__("table", chosen, _hint=hint, _compares=compares)

    def show_rows(
        self,
        columns: Sequence[RawColumn],
        labels: NDArray[Any] | None,
        numbers: NDArray[Any] | None = None,
        total: int | None = None,
    ) -> None:
        """Show other rows, as many of the first as can be sent at once.

        Parameters
        ----------
        columns : sequence of RawColumn
        labels : ndarray, shape (rows,), optional
        numbers : ndarray of int, shape (rows,), optional
            What each row is called; 0, 1, ... where it is left out.
        total : int, optional
            How many rows there are, where these are only the first of them.
        """
        given = _count(columns, labels, numbers)
        self.sent = sent = rows_that_fit(columns, given)
        self.tell(
            _columns=[column_message(column, sent) for column in columns],
            _rows=None if numbers is None else to_wire(numbers[:sent]),
            _total=given if total is None else total,
            _labels=None if labels is None else to_wire(labels[:sent]),
            _predictions=None,
        )

    def show_predictions(
        self,
        names: list[str] | None,
        predicted: NDArray[Any],
        confidence: NDArray[np.float32] | None,
    ) -> None:
        """Show what the model says of the rows; `names` of the classes, None of a regression."""
        self.tell(
            _class_names=names,
            _predictions={
                "predicted": to_wire(predicted),
                "confidence": None if confidence is None else to_wire(confidence),
            },
        )


def _count(columns: Sequence[RawColumn], *others: NDArray[Any] | None) -> int:
    sized = [*(column.series for column in columns), *(each for each in others if each is not None)]
    return len(sized[0])


def rows_that_fit(columns: Sequence[RawColumn], total: int) -> int:
    """How many of the first rows can be sent at once."""
    each = _ROW_BYTES + sum(_bytes_a_row(column, total) for column in columns)
    return max(1, min(total, int(_BYTES / each)))


def _bytes_a_row(column: RawColumn, rows: int) -> float:
    """A number, or a code and the row's share of the levels."""
    if column.is_number:
        return 8
    return 4 + sum(len(str(level)) + 3 for level in column.levels) / rows


def column_message(column: RawColumn, count: int) -> dict[str, Any]:
    """Describe the first values of a raw column."""
    if column.is_number:
        values = column.series.iloc[:count].to_numpy(np.float64, na_value=np.nan)
        return {"name": to_text(column.name), "values": to_wire(values), "levels": None}
    # Only those levels that occur: there may be one for each row of a long table.
    used, codes = np.unique(column.codes(slice(count)), return_inverse=True)
    missing = int(used[0] < 0)  # its code comes first
    return {
        "name": to_text(column.name),
        "values": to_wire((codes - missing).astype(np.int32)),
        "levels": [to_text(str(column.levels[code])) for code in used[missing:]],
    }
