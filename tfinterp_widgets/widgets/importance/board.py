"""How the importance widget looks: its controls and charts, and what is where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets
import numpy as np

from tfinterp_widgets.charts.curves import DependenceCurves
from tfinterp_widgets.charts.drops import DropHistogram
from tfinterp_widgets.charts.importance import ImportanceBars
from tfinterp_widgets.evaluation.dependence.dependence import PartialDependence
from tfinterp_widgets.evaluation.importance.importance import ImportanceResult
from tfinterp_widgets.pictures.charts import holds_zero
from tfinterp_widgets.pictures.numbers import shortened
from tfinterp_widgets.widgets.importance import words
from tfinterp_widgets.widgets.importance.controls import Controls
from tfinterp_widgets.widgets.importance.shuffling import Shuffled, draw_shuffle
from tfinterp_widgets.widgets.shared.stage import Stage, close_tree

if TYPE_CHECKING:
    from tfinterp_widgets.widgets.permutation_importance import PermutationImportance


class Board:
    """The parts of one widget's view, and the functions that bring them up to date.

    Parameters
    ----------
    widget : PermutationImportance
        Its traits are what the controls set.
    shown : callable
        Called when the widget is displayed.
    """

    def __init__(self, widget: PermutationImportance, shown: Callable[[], None]) -> None:
        self._widget = widget
        self._rows: list[str] = []
        self._stage = Stage(shown)
        self.controls = Controls(widget)
        self._bars = ImportanceBars(self._choose_row)
        self._curves, self._drops = DependenceCurves(), DropHistogram()
        self._names = ipywidgets.RadioButtons(options=[], layout={"width": "auto"})
        self._names.add_class("tfi-names")
        self._names.observe(self._choose_name, "value")
        self._bars_title, self._numbers = ipywidgets.HTML(), ipywidgets.HTML()
        self._numbers.add_class("tfi-numbers-box")
        self._table = ipywidgets.HBox([self._names, self._bars.figure, self._numbers])
        self._table.add_class("tfi-table").add_class("tfi-empty")
        self._curves_title, self._drops_title = ipywidgets.HTML(), ipywidgets.HTML()
        self._note = ipywidgets.HTML(f'<div class="tfi-muted tfi-note">{words.CORRELATED}</div>')
        self._shuffle = ipywidgets.HTML()
        self._invitation = ipywidgets.HTML(words.invitation())
        self._shuffle_box = _box("tfi-shuffle-box", [self.controls.shuffle, self._shuffle])
        self._side = _box("tfi-side", [self._invitation])
        self._details = _box("tfi-details", self._details_parts())
        self._listening = True

    @property
    def children(self) -> list[Any]:
        """What the widget is composed of, from the top down."""
        wide = _box("tfi-wide", [self._bars_title, self._table, self._note, self._shuffle_box])
        main = ipywidgets.HBox([wide, self._side])
        main.add_class("tfi-main")
        return [self._stage, self.controls.header, main, self.controls.footer]

    def show_result(self, result: ImportanceResult | None) -> None:
        """Show the rows that are asked for: the most important ones, of those searched for."""
        if result is None:
            return
        widget = self._widget
        found = found_rows(result, widget.search)
        rows = found[: widget.top]
        interval = result.interval[rows] if result.has_interval else None
        nothing = np.zeros(len(rows), bool) if interval is None else holds_zero(interval)
        names = [result.feature_names[row] for row in rows]
        mean = result.mean[rows]
        label = words.change_label(result)
        self._bars.show(mean, result.importances[rows], interval, nothing, label)
        self._numbers.value = words.numbers_beside(mean, interval, nothing, names)
        self._bars_title.value = words.bars_title(
            result, len(rows), len(result.feature_names), widget._grouped_from
        )
        (self._table.remove_class if names else self._table.add_class)("tfi-empty")
        self._rows = names
        self.controls.offer(tuple(result.metrics))
        self.mark_feature(result)

    def mark_feature(self, result: ImportanceResult | None) -> None:
        """Mark the row that the chosen column is in, and show its score drops."""
        feature = feature_of(result, self._widget.feature)
        row = self._rows.index(feature) if feature in self._rows else None
        self._listening = False
        try:
            options = [(shortened(name, 30), name) for name in self._rows]
            if list(self._names.options) != options:
                self._names.index = None
                self._names.options = options
            self._names.index = row
        finally:
            self._listening = True
        self._bars.mark(row)
        self.controls.name_shuffle(feature or self._widget.feature)
        if result is None or feature is None:
            return
        drops = result.score_drops(feature)
        mean = float(result.mean[result.feature_names.index(feature)])
        self._drops.show(drops, mean, words.change_label(result))
        self._drops_title.value = words.drops_title(result, drops)

    def show_dependence(
        self, dependence: PartialDependence | None, result: ImportanceResult | None
    ) -> None:
        """Show the curves of the chosen column, or how to choose one."""
        self._shuffle_box.layout.display = None if self._widget.feature else "none"
        self._open(self._details if self._widget.feature else self._invitation)
        if dependence is None:
            self._shuffle.value = ""
            return
        (name,) = dependence.features
        feature = feature_of(result, name)
        group = () if result is None or feature is None else result.columns[feature]
        self._curves_title.value = words.dependence_title(dependence, group)
        self._curves.show(
            dependence.grid[0],
            dependence.average,
            dependence.individual,
            kind=dependence.kinds[0],
            counts=dependence.counts,
            empty=dependence.empty,
            name=name,
            label=words.predicted(dependence.reading, self._widget._class_names),
        )

    def mark_stale(self, stale: bool) -> None:
        """Dim bars that answer another question than the one that is asked."""
        (self._table.add_class if stale else self._table.remove_class)("tfi-stale")

    def show_settings(self, names: frozenset[str]) -> None:
        """Bring controls in line with traits that have changed."""
        for name in names - {"feature", "seed"}:
            self.controls.show(name)

    def show_status(
        self, status: dict[str, Any], doing: str, result: ImportanceResult | None
    ) -> None:
        """Show how the run gets on."""
        self.controls.show_state(status["state"], words.footer(status, doing, result))

    def show_shuffle(self, shuffled: Shuffled) -> None:
        """Show a shuffle; the same HTML twice would not move again, but each take differs."""
        self._shuffle.value = draw_shuffle(
            shuffled, words.predicted(shuffled.reading, self._widget._class_names)
        )

    def close(self) -> None:
        """Close every part: ipywidgets keeps all that are open."""
        widget = self._widget
        for part in (*widget.children, widget.layout, self._invitation, self._details):
            close_tree(part)

    def _open(self, part: Any) -> None:
        # What is hidden is taken out: bqplot cannot draw into a place without a size.
        if self._side.children != (part,):
            self._side.children = [part]

    def _details_parts(self) -> Sequence[Any]:
        return [
            self._curves_title,
            self._curves.figure,
            self._drops_title,
            self._drops.figure,
        ]

    def _choose_row(self, row: int) -> None:
        if row < len(self._rows):
            self._widget.feature = self._rows[row]

    def _choose_name(self, change: Any) -> None:
        # The lock: a click may come while the worker's thread brings the names up to date.
        with self._widget._exclusively():
            if self._listening and change["new"] is not None:
                self._widget.feature = change["new"]


def found_rows(result: ImportanceResult, search: str) -> np.ndarray:
    """The features whose name holds what is searched for, the most important first."""
    order = np.argsort(-result.mean, kind="stable")
    sought = search.strip().casefold()
    return np.array(
        [row for row in order if sought in result.feature_names[row].casefold()], dtype=np.intp
    )


def feature_of(result: ImportanceResult | None, column: str) -> str | None:
    """The feature that a raw column belongs to."""
    if result is None or not column:
        return None
    return next(name for name, columns in result.columns.items() if column in columns)


def _box(name: str, parts: Sequence[Any]) -> ipywidgets.VBox:
    box = ipywidgets.VBox(list(parts))
    box.add_class(name)
    return box
