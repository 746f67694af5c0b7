"""The part of a composed widget that runs code of ours in the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
import ipywidgets
import traitlets

from tfinterp_widgets.widgets.shared.static import read_bundle


class Stage(anywidget.AnyWidget):
    """Stands, unseen, in a widget composed of ipywidgets and bqplot charts.

    It brings their style, follows the page's theme, light or dark, and hears when the widget is
    displayed. The widget around it, or a box in that, carries the CSS class ``tfi``.

    Parameters
    ----------
    shown : callable
        Called at each display, with nothing.
    """

    _esm = traitlets.Unicode(read_only=True).tag(sync=True)
    _css = traitlets.Unicode(read_only=True).tag(sync=True)

    def __init__(self, shown: Callable[[], None]) -> None:
        self._shown = shown
        self.set_trait("_esm", read_bundle("stage.js"))
        self.set_trait("_css", read_bundle("stage.css"))
        super().__init__()

    def _handle_custom_msg(self, content: Any, buffers: Any) -> None:
        if isinstance(content, dict) and content.get("kind") == "shown":
            self._shown()
        super()._handle_custom_msg(content, buffers)


def close_tree(root: ipywidgets.Widget) -> None:
    """Close a widget and all that it is composed of, its layout, marks and scales included."""
    if root.comm is None:
        return
    parts = [getattr(root, name) for name in root.keys]
    root.close()
    while parts:
        part = parts.pop()
        if isinstance(part, ipywidgets.Widget):
            close_tree(part)
        elif isinstance(part, list | tuple):
            parts += part
        elif isinstance(part, dict):
            parts += part.values()
