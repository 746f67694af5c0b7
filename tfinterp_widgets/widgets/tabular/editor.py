"""The line in which a row's values are edited: a column, and a control for its value."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import ipywidgets

from tfinterp_widgets.evaluation.raw_columns import RawColumn
from tfinterp_widgets.widgets.tabular.controls import show_if
from tfinterp_widgets.widgets.tabular.words import edits_text

if TYPE_CHECKING:
    from tfinterp_widgets.widgets.tabular_explorer import TabularExplorer

_FEWEST_STOPS = 100  # of a slider over a number with decimals; its steps are a power of ten
_LEVELS_LISTED = 100  # in a menu; where there are more, one is typed


class Editor:
    """Edits one column at a time, however many there are."""

    def __init__(self, explorer: TabularExplorer) -> None:
        self._explorer = explorer
        self._listening = True
        self._shown: Any = None  # the value that the chosen column's control was given
        names = list(explorer._rows.names)
        self.column = ipywidgets.Dropdown(description="Edit", options=names)
        self.whole = ipywidgets.IntSlider(description="Value")
        self.number = ipywidgets.FloatSlider(description="Value")
        self.level = ipywidgets.Dropdown(description="Value")
        self.text = ipywidgets.Text(description="Value", continuous_update=False)
        self.reset = ipywidgets.Button(description="Reset", tooltip="Take back all edits")
        self.edits = ipywidgets.HTML()
        self._values = (self.whole, self.number, self.level, self.text)
        line = ipywidgets.HBox([self.column, *self._values, self.reset])
        line.add_class("tfi-editor")
        for part in (self.column, *self._values):
            part.add_class("tfi-field")
        self.box = ipywidgets.VBox([line, self.edits])
        self.column.observe(lambda _: self.show(), "value")
        for control in self._values:
            control.observe(self._edit, "value")
        self.reset.on_click(lambda _: self._reset())

    def choose(self, name: str) -> None:
        """Make a column the one to edit."""
        self.column.value = name

    def show(self) -> None:
        """Show the value that the chosen column has now, and all edits."""
        explorer = self._explorer
        with explorer._exclusively():
            column = explorer._rows.columns[self.column.index]
            values = explorer._rows.row(explorer.row).values
            own = dict(zip(explorer._rows.names, values, strict=True))
            value = {**own, **explorer.edits}[column.name]
            self._listening, self._shown = False, value
            try:
                self._show_value(column, value)
            finally:
                self._listening = True
            self.edits.value = edits_text(explorer.edits, own)
            show_if(self.reset, bool(explorer.edits))

    def _show_value(self, column: RawColumn, value: Any) -> None:
        control = self._control_of(column)
        for each in self._values:
            show_if(each, each is control)
        if control is self.text:
            control.value = "" if value is None else str(value)
        elif control is self.level:
            options = [(str(level), level) for level in column.levels]
            if list(control.options) != options:
                control.options = options
            control.value = value
        else:
            _show_number(control, column, value)

    def _control_of(self, column: RawColumn) -> Any:
        if not column.is_number:
            return self.level if len(column.levels) <= _LEVELS_LISTED else self.text
        value = self._explorer.edits.get(column.name, 0)
        return self.whole if column.is_whole and float(value).is_integer() else self.number

    def _edit(self, change: Any) -> None:
        explorer = self._explorer
        with explorer._exclusively():
            name = self.column.value
            control = change["owner"]
            shown = control.layout.display != "none" and change["new"] is not None
            if self._listening and shown and not self._is_snapped(control, change["new"]):
                explorer.edits = {**explorer.edits, name: change["new"]}
                self.show()  # where the trait did not take it

    def _is_snapped(self, control: Any, value: Any) -> bool:
        """Whether the page only moved a slider to the stop that is next to what it was given."""
        if control is not self.number or not isinstance(self._shown, int | float):
            return False
        return bool(abs(value - self._shown) < control.step / 2)

    def _reset(self) -> None:
        self._explorer.edits = {}


def _show_number(slider: Any, column: RawColumn, value: Any) -> None:
    """Show a number between the smallest and the largest of its column; it may lie beyond them."""
    low, high = column.range
    at = low if value is None else value
    low, high = min(low, at), max(high, at)
    if isinstance(slider, ipywidgets.IntSlider):
        low, high, at = int(low), int(high), int(at)
    else:
        decimals = round(math.log10(_FEWEST_STOPS / ((high - low) or 1)) + 0.5)
        slider.step = step = 10.0**-decimals
        slider.readout_format = f".{max(0, decimals)}f"
        low, high = math.floor(low / step) * step, math.ceil(high / step) * step
    with slider.hold_trait_notifications():
        slider.min, slider.max, slider.value = low, high, at
