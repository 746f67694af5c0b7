"""A part of a composed widget that runs a view of ours, and says what a person did in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import anywidget
import traitlets

from tfinterp_widgets.widgets.shared.locked import Locked
from tfinterp_widgets.widgets.shared.static import read_bundle

Chosen = Callable[[dict[str, Any]], None]
"""Called with the names and values of what a person changed in the view."""


class PartView(Locked, anywidget.AnyWidget):
    """A view whose personal traits follow those of the widget around it, and set them.

    Parameters
    ----------
    bundle : str
        The name of the built JavaScript and CSS.
    chosen : callable
        Called with the names and values of what a person changed in the view.
    **state
        Traits to begin with.
    """

    _esm = traitlets.Unicode(read_only=True).tag(sync=True)
    _css = traitlets.Unicode(read_only=True).tag(sync=True)

    personal: ClassVar[frozenset[str]]
    """What a person may change in the view."""

    _told = False  # whether it is the widget itself that changes a trait

    def __init__(self, bundle: str, chosen: Chosen, **state: Any) -> None:
        self._chosen = chosen
        self.set_trait("_esm", read_bundle(f"{bundle}.js"))
        self.set_trait("_css", read_bundle(f"{bundle}.css"))
        super().__init__(**state)

    def tell(self, **values: Any) -> None:
        """Show other values of the traits, which nobody picked in the view."""
        with self._exclusively():
            self._told = True
            try:
                with self.hold_sync():
                    for name, value in values.items():
                        setattr(self, name, value)
                self._take_touched()
            finally:
                self._told = False

    def _adapt(self, names: frozenset[str]) -> None:
        """Nothing: no trait follows another."""

    def _settle(self, names: frozenset[str]) -> None:
        if not self._told and names & self.personal:
            self._chosen({name: getattr(self, name) for name in names & self.personal})
