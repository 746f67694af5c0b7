"""How the slice explorer looks: what it is made of, what is where, and when it is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets
import numpy as np

from tfinterp_widgets.charts.slices import SliceHistogram
from tfinterp_widgets.evaluation.slicing.keys import WHOLE
from tfinterp_widgets.widgets.shared.stage import Stage, close_tree
from tfinterp_widgets.widgets.slices.examples import Examples
from tfinterp_widgets.widgets.slices.found import Found
from tfinterp_widgets.widgets.slices.hand_on import HandOn
from tfinterp_widgets.widgets.slices.slice_view import SliceView

if TYPE_CHECKING:
    from tfinterp_widgets.widgets.slice_explorer import SliceExplorer

MANY = 50
"""More slices than these are shown as a histogram, too."""


class Board:
    """The parts of one explorer's view, and the functions that bring them up to date.

    Parameters
    ----------
    explorer : SliceExplorer
    view : SliceView
    shown : callable
        Called when the explorer is displayed.
    """

    def __init__(self, explorer: SliceExplorer, view: SliceView, shown: Callable[[], None]) -> None:
        self._explorer = explorer
        self._view = view
        self._stage = Stage(shown)
        self.histogram = SliceHistogram()
        self._histogram_title = ipywidgets.HTML()
        self._histogram_box = _box(
            "tfi-distribution", [self._histogram_title, self.histogram.figure]
        )
        self._histogram_box.add_class("tfi-board")
        self._link = ipywidgets.jslink((self.histogram.brush, "selected"), (view, "brush"))
        self.examples = Examples(explorer._source, explorer._pick)
        self._said = ipywidgets.HTML()
        self._hand_on_box = _box("tfi-hand-on", [])
        self.hand_on: HandOn | None = None
        self._parts: frozenset[str] = frozenset()

    @property
    def children(self) -> list[Any]:
        """What is on display, from the top down."""
        shown = {
            "histogram": self._histogram_box,
            "examples": self.examples.box,
            "explorer": self._hand_on_box,
        }
        return [
            self._stage,
            self._view,
            *(part for name, part in shown.items() if name in self._parts),
        ]

    def show_histogram(self, found: Found | None) -> None:
        """Show how the metric is distributed, where there are many slices."""
        if found is None:
            return
        least = self._explorer.min_count
        column = found.main.column(found.column)
        is_part = np.array([key != WHOLE for key in found.main.slices])
        shown = is_part & (found.main.counts >= least)
        self._put("histogram", int(np.count_nonzero(shown)) > MANY)
        if "histogram" in self._parts:
            whole = column.value[~is_part]
            name = list(found.tables)[-1]
            label = f"{column.info.label} of {name}" if name else column.info.label
            self.histogram.show(
                column.value[shown], float(whole[0]) if whole.size else np.nan, label
            )
            self._histogram_title.value = (
                f'<div class="tfi-heading"><span class="tfi-title">'
                f"{escape(label)} over {np.count_nonzero(shown):,} slices</span> "
                '<span class="tfi-muted">Drag across to list only these · orange: all rows'
                "</span></div>"
            )

    def show_examples(self, found: Found | None) -> None:
        """List the rows of the chosen slice, or nothing where none is."""
        if found is None or found.examples is None or found.question.selected is None:
            self._put("examples", False)
            return
        self.examples.show(found.question.selected, found.examples, found.main)
        self.examples.mark(self._explorer.example)
        self._put("examples", True)

    def hand(self, hand_on: HandOn) -> None:
        """Take an explorer that examples are handed to."""
        self.hand_on = hand_on
        self.examples.table.tell(_hint="Click a row to explain it below.")
        self._hand_on_box.children = [self._said, hand_on.explorer]
        self.show_example()

    def show_example(self) -> None:
        """Have the chosen example explained."""
        example = self._explorer.example
        self.examples.mark(example)
        if self.hand_on is None:
            return
        if example is not None:
            why_not = self.hand_on.show(example)
            line = why_not or f"Row {example}"
            title = f'<span class="tfi-title">{line}</span>'
            self._said.value = f'<div class="tfi-heading" role="status">{title}</div>'
        self._put("explorer", example is not None)

    def close(self) -> None:
        """Close every part, but the explorer that examples are handed to: it is the user's."""
        self._hand_on_box.children = [self._said]
        self._link.unlink()
        parts = [self._histogram_box, self.examples.box, self._hand_on_box]
        for part in (*self._explorer.children, self._explorer.layout, *parts):
            close_tree(part)

    def _put(self, part: str, there: bool) -> None:
        # Put in and taken out: bqplot fails to draw in what is there and hidden.
        parts = self._parts | {part} if there else self._parts - {part}
        if parts != self._parts:
            self._parts = parts
            self._explorer.children = self.children


def _box(name: str, parts: Sequence[Any]) -> ipywidgets.VBox:
    box = ipywidgets.VBox(list(parts))
    box.add_class(name)
    return box
