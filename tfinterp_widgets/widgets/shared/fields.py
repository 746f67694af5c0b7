"""How the controls of composed widgets are set: ``js/src/stage/stage.css`` styles both."""

from __future__ import annotations

from typing import Any

import ipywidgets


def field(control: Any) -> Any:
    """Mark a control as one that stands beside its description."""
    control.add_class("tfi-field")
    return control


def bar(name: str, *parts: Any) -> ipywidgets.HBox:
    """Put controls into a row that wraps; `name` is its CSS class."""
    row = ipywidgets.HBox(list(parts))
    row.add_class("tfi-bar")
    row.add_class(name)
    return row
