"""What widgets composed of ipywidgets and bqplot charts have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Protocol

import ipywidgets
from PIL import Image

from tfinterp_widgets.widgets.shared.asking import Asking
from tfinterp_widgets.widgets.shared.outputs import Bundle, bundle_of


class Showing(Protocol):
    """A module that says what a widget of its kind is where widgets cannot run.

    The arguments are the widget; each kind's module reads what is its own.
    """

    def describe(self, widget: Any, /) -> str:
        """Write the widget in one line."""

    def picture(self, widget: Any, /) -> Image.Image:
        """Draw the last good result; raises RuntimeError when there is none yet."""

    def page_of(self, widget: Any, /) -> str:
        """Write the picture and its numbers as HTML; raises RuntimeError as `picture` does."""

    def preview(self, widget: Any, /) -> Image.Image:
        """Draw the last good result, or say that there is none yet."""


class Composed(Asking, ipywidgets.VBox):  # type: ignore[misc]
    """A widget made of others, whose static figure is drawn by matplotlib."""

    _ipython_display_ = None  # ipywidgets 7 would show the view alone, without the static picture

    _showing: ClassVar[Showing]
    _board: Any
    """What it is composed of; has ``close()``."""

    def _close_parts(self) -> None:
        self._board.close()

    def __repr__(self) -> str:
        return self._showing.describe(self)

    def save_png(self, path: str | Path) -> Path:
        """Save the last good result, of what is on view, as a picture.

        Raises
        ------
        RuntimeError
            When there is no result yet.
        """
        target = Path(path)
        self._showing.picture(self).save(target, format="PNG")
        return target

    def save_html(self, path: str | Path) -> Path:
        """Save that picture, and a table of its numbers, as a page that needs no network.

        Raises
        ------
        RuntimeError
            When there is no result yet.
        """
        target = Path(path)
        target.write_text(self._showing.page_of(self), encoding="utf-8")
        return target

    def _repr_mimebundle_(self, **_: Any) -> Bundle:
        """Show the view, and for pages where it cannot run a picture of the result so far.

        For a picture of the answer itself call ``explain()`` and ``wait()`` before displaying; else
        it says that there is none yet.
        """
        if not self._closed:
            self._show()
        return bundle_of(self, self._showing.preview(self))
