"""Wrong values are refused: the trait keeps its last good one, and the status says why."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tfinterp_widgets.widgets.shared import settings
from tfinterp_widgets.widgets.shared.locked import Locked
from tfinterp_widgets.widgets.shared.traits import Checked
from tfinterp_widgets.wire import to_text


class Refusing(Locked):
    """Mixin for widgets with `Checked` traits, to stand before the widget class.

    A refusal stays in sight until the same trait gets a good value, or something else is asked; not
    by what came together with it, in one message or one batch.
    """

    _ready = False  # whether the widget is made: until then wrong values raise
    _refusals: Mapping[str, tuple[int, str]] = MappingProxyType({})  # trait: (batch, why)

    def __setattr__(self, name: str, value: Any) -> None:
        # Python would take any name, and a misspelt trait would pass for one that was set.
        if self._ready and not name.startswith("_") and not hasattr(type(self), name):
            raise AttributeError(
                f"{type(self).__name__} has no {name!r} to set. "
                + settings.nearest(type(self), name)
            )
        super().__setattr__(name, value)

    @property
    def _refused(self) -> str:
        """Why the last values were refused; empty when they were not."""
        return " ".join(why for _, why in self._refusals.values())

    def _show_refusals(self) -> None:
        """Bring the status in line with what is refused."""
        raise NotImplementedError

    def set_state(self, sync_data: Any) -> None:
        """Take a change of the view's, of the traits that are the view's to change."""
        if not isinstance(sync_data, dict):
            self._refuse_message(sync_data)
            return
        settable = self.trait_names(sync=True, kernel_only=None)  # type: ignore[attr-defined]
        with self._exclusively():
            known = {name: sync_data[name] for name in sync_data if name in settable}
            super().set_state(
                {name: known[name] for name in known if self._takes(name, known[name])}
            )

    def _takes(self, name: str, value: Any) -> bool:
        """Whether a trait takes what the view says; where it is not `Checked`, refuse what is not.

        ipywidgets would raise, and take back all that came in the same message.
        """
        trait = self.traits()[name]  # type: ignore[attr-defined]
        if isinstance(trait, Checked):
            return True
        from_json = trait.metadata.get("from_json", self._trait_from_json)  # type: ignore[attr-defined]
        try:
            trait._validate(self, from_json(value, self))
        except Exception as error:
            self._refuse(name, error)
            return False
        self._accept(name)
        return True

    def _refuse(self, name: str, error: Exception) -> None:
        """Tell the person what was wrong with a value, and the view what it is now."""
        self._add_refusal(name, f"{error} {name.strip('_')} stays as it was.")
        self.send_state(name)  # type: ignore[attr-defined]

    def _refuse_message(self, content: Any) -> None:
        """Tell the person that the view sent something that nobody understands."""
        what = f"The view sent {reprlib.repr(content)}, which is no message of this widget's."
        self._add_refusal("message", f"{what} Reload the page.")

    def _accept(self, name: str) -> None:
        """Take back what was said against a trait's last value."""
        if name in self._refusals:
            self._drop_refusals({name})
            self._show_refusals()

    def _accept_all(self) -> None:
        self._drop_refusals(set(self._refusals))

    def _add_refusal(self, name: str, why: str) -> None:
        with self._exclusively():
            self._refusals = {**self._refusals, name: (self._batch, to_text(why))}
            self._show_refusals()

    def _drop_refusals(self, names: set[str]) -> None:
        with self._exclusively():
            self._refusals = {
                name: (batch, why)
                for name, (batch, why) in self._refusals.items()
                if name not in names or batch == self._batch
            }
