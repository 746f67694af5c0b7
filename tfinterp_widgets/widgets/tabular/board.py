"""How the tabular explorer looks: its table, controls and charts, and what is where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets
import numpy as np

from tfinterp_widgets.charts.contributions import ContributionBars
from tfinterp_widgets.charts.swarm import SwarmCharts
from tfinterp_widgets.evaluation.rows.row_attribution import RowAttribution, TableAttribution
from tfinterp_widgets.pictures.numbers import decimals_for, shortened, written
from tfinterp_widgets.widgets.shared.stage import Stage, close_tree
from tfinterp_widgets.widgets.shared.table_view import TableView
from tfinterp_widgets.widgets.tabular import words as tabular_words
from tfinterp_widgets.widgets.tabular.answers import Query
from tfinterp_widgets.widgets.tabular.controls import Controls
from tfinterp_widgets.widgets.tabular.editor import Editor
from tfinterp_widgets.widgets.tabular.words import Words

if TYPE_CHECKING:
    from tfinterp_widgets.widgets.tabular_explorer import TabularExplorer


class Board:
    """The parts of one explorer's view, and the functions that bring them up to date.

    Parameters
    ----------
    explorer : TabularExplorer
        Its traits are what the controls set.
    table : TableView
    shown : callable
        Called when the explorer is displayed.
    """

    def __init__(
        self, explorer: TabularExplorer, table: TableView, shown: Callable[[], None]
    ) -> None:
        self._explorer = explorer
        self.controls = Controls(explorer)
        self.editor = Editor(explorer)
        self._bars = ContributionBars(self._choose_bar)
        self._swarm = SwarmCharts(self._choose_dot)
        self._ordered: list[str] = []  # the columns of the bars, from the top
        self._dots: TableAttribution | None = None
        self._said, self._sums, self._many = (ipywidgets.HTML() for _ in range(3))
        note = ipywidgets.HTML(f'<div class="tfi-muted">{tabular_words.USED}</div>')
        chart = [self._bars.figure, self._bars.title]
        parts = [self._said, self._sums, *chart, self.editor.box, note]
        self._table = _box("tfi-picker", [table])
        self._row = _box("tfi-row-view", parts)
        charts = self._swarm.box
        charts.add_class("tfi-swarm")
        legend = ipywidgets.HTML(tabular_words.legend())
        self._table_view = _box("tfi-many", [self._many, charts, legend])
        self._main = ipywidgets.HBox([self._table, self._row])
        self._main.add_class("tfi-main")
        self.children = [Stage(shown), self.controls.header, self._main, self.controls.footer]

    def show_view(self) -> None:
        """Show one row's contributions with the table, or those of many rows."""
        # Put in and taken out: bqplot fails to draw in what is there and hidden.
        one = self._explorer.view == "row"
        self._main.children = [self._table, self._row] if one else [self._table_view]

    def show_row(self, found: RowAttribution, words: Words, label: Any, query: Query) -> None:
        """Show the largest contributions, and what is left over in one bar."""
        other = query.baseline == "row" and bool(query.baseline_label)
        names, values, rest = largest(found, self._explorer.top, other)
        self._ordered = [found.columns[at] for at in found.order[: self._explorer.top]]
        decimals = decimals_for(values)
        numbers = [("+" if value > 0 else "") + written(value, decimals) for value in values]
        self._bars.show(names, values, numbers, words.axis(found), rest)
        self._said.value = words.headline(found, label, len(query.edits), query.target)
        sums = words.sums(found, query.baseline_label)
        self._sums.value = sums + tabular_words.listed(names, numbers)

    def show_table(self, found: TableAttribution, words: Words, query: Query) -> None:
        """Show the columns with the largest mean absolute contributions."""
        self._dots = found
        order = found.order[: self._explorer.top]
        self._swarm.show(
            [shortened(found.columns[at], 18) for at in order],
            found.mean_absolute[order],
            found.contributions[:, order],
            found.positions[:, order],
            words.table_labels(query.target),
        )
        total = len(self._explorer._rows)
        self._many.value = tabular_words.table_headline(found, total, query.baseline_label)

    def show_status(self, status: dict[str, Any]) -> None:
        """Show how the run goes, and what an answer cost."""
        view = self._explorer.view
        line = tabular_words.footer(status, view)
        self.controls.show_state(status["state"], line)

    def close(self) -> None:
        """Close every part."""
        for part in (*self.children, self._table, self._row, self._table_view):
            close_tree(part)

    def _choose_bar(self, bar: int) -> None:
        if bar < len(self._ordered):
            self.editor.choose(self._ordered[bar])

    def _choose_dot(self, dot: int) -> None:
        if self._dots is not None and dot < len(self._dots.rows):
            with self._explorer.hold_trait_notifications():
                self._explorer.row = int(self._dots.rows[dot])
                self._explorer.view = "row"


def largest(found: RowAttribution, top: int, other: bool) -> tuple[list[str], np.ndarray, bool]:
    """The largest contributions with their names; the last is of all others, if there are any.

    `other`: whether it is another row that is compared with, whose values are named too.
    """
    shown, others = found.order[:top], found.order[top:]
    names = tabular_words.bar_names(found, shown, other)
    values = found.contributions[shown]
    left = float(found.contributions[others].sum()) + found.unassigned
    if not others.size and abs(found.unassigned) <= 1e-6 * (np.abs(values).sum() or 1):
        return names, values, False
    name = f"{others.size} other columns" if others.size else "constant"
    return [*names, name], np.append(values, left), True


def _box(name: str, parts: Sequence[Any]) -> ipywidgets.VBox:
    box = ipywidgets.VBox(list(parts))
    box.add_class(name)
    return box
