"""The line in which a row's values are edited: a column, and a control for its value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets

from tfinterp_widgets.widgets.tabular.controls import show_if
from tfinterp_widgets.widgets.tabular.value_controls import control_for
from tfinterp_widgets.widgets.tabular.words import edits_text

if TYPE_CHECKING:
    from tfinterp_widgets.widgets.tabular_explorer import TabularExplorer


class Editor:
    """Edits one column at a time, however many there are."""

    def __init__(self, explorer: TabularExplorer) -> None:
        self._explorer = explorer
        names = list(explorer._rows.names)
        self.column = ipywidgets.Dropdown(description="Edit", options=names)
        self.column.add_class("tfi-field")
        self.reset = ipywidgets.Button(description="Reset", tooltip="Take back all edits")
        self.edits = ipywidgets.HTML()
        self._line = ipywidgets.HBox()
        self._line.add_class("tfi-editor")
        self.box = ipywidgets.VBox([self._line, self.edits])
        self.value = control_for(explorer._rows.columns[0], self._edit)
        self._lay_out()
        self.column.observe(lambda _: self._change_column(), "value")
        self.reset.on_click(lambda _: self._reset())

    def choose(self, name: str) -> None:
        """Make a column the one to edit."""
        self.column.value = name

    def show(self) -> None:
        """Show the value that the chosen column has now, and all edits."""
        explorer = self._explorer
        with explorer._exclusively():
            values = explorer._rows.row(explorer.row).values
            own = dict(zip(explorer._rows.names, values, strict=True))
            self.value.show({**own, **explorer.edits}[self.column.value])
            self.edits.value = edits_text(explorer.edits, own)
            show_if(self.reset, bool(explorer.edits))

    def _change_column(self) -> None:
        """Make a new control: one that is told other limits would move by itself."""
        with self._explorer._exclusively():
            before = self.value
            column = self._explorer._rows.columns[self.column.index]
            self.value = control_for(column, self._edit)
            self.show()
            self._lay_out()
            before.close()

    def _lay_out(self) -> None:
        self._line.children = (self.column, *self.value.parts, self.reset)

    def _edit(self, value: Any) -> None:
        explorer = self._explorer
        with explorer._exclusively():
            explorer.edits = {**explorer.edits, self.column.value: value}
            self.show()  # where the trait did not take it

    def _reset(self) -> None:
        self._explorer.edits = {}
