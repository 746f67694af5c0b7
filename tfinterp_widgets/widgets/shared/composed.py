"""What widgets composed of ipywidgets and bqplot charts have in common."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import ipywidgets
from PIL import Image

from tfinterp_widgets.pictures.pages import draw_notice, stack
from tfinterp_widgets.widgets.shared.asking import Asking
from tfinterp_widgets.widgets.shared.outputs import Bundle, bundle_of, line_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Showing(Protocol):
    """A module that says what a widget of its kind is where widgets cannot run.

    The arguments are the widget; each kind's module reads what is its own.
    """

    TITLE: str
    """What its pictures are of, as long as there is no result."""
    WHY: str
    """What one sees once there is: "which columns matter"."""

    def about(self, widget: Any, /) -> str:
        """Say in a line what the widget is of."""

    def figures(self, widget: Any, /) -> Sequence[Figure]:
        """Draw the last good result; nothing where there is none yet."""

    def page_of(self, widget: Any, picture: Image.Image, /) -> str:
        """Write the picture of the last good result, and its numbers, as HTML."""


class Composed(Asking, ipywidgets.VBox):  # type: ignore[misc]
    """A widget made of others, whose static figure is drawn by matplotlib."""

    _ipython_display_ = None  # ipywidgets 7 would show the view alone, without the static picture

    _showing: ClassVar[Showing]
    _board: Any
    """What it is composed of; has ``close()``."""

    def _close_parts(self) -> None:
        self._board.close()

    def __repr__(self) -> str:
        return line_of(self, self._showing.about)

    def save_png(self, path: str | Path) -> Path:
        """Save the last good result, of what is on view, as a picture.

        Raises
        ------
        RuntimeError
            When there is no result yet.
        """
        target = Path(path)
        self._picture().save(target, format="PNG")
        return target

    def save_html(self, path: str | Path) -> Path:
        """Save that picture, and a table of its numbers, as a page that needs no network.

        Raises
        ------
        RuntimeError
            When there is no result yet.
        """
        target = Path(path)
        target.write_text(self._showing.page_of(self, self._picture()), encoding="utf-8")
        return target

    @property
    def _draws_at_once(self) -> bool:
        """Whether the picture waits for no computation."""
        return True

    def _picture(self) -> Image.Image:
        """Draw the last good result."""
        figures = self._showing.figures(self)
        if not figures:
            raise RuntimeError("There is no result to save yet: call explain(), then wait().")
        return stack(figures)

    def _preview(self) -> Image.Image:
        """Draw the last good result, or say that there is none yet."""
        if self._draws_at_once and (figures := self._showing.figures(self)):
            return stack(figures)
        line = f"Not computed yet. Run this cell in a live notebook to see {self._showing.WHY}."
        return draw_notice(self._showing.TITLE, line)

    def _repr_mimebundle_(self, **_: Any) -> Bundle:
        """Show the view, and for pages where it cannot run a picture of the result so far.

        For a picture of the answer itself call ``explain()`` and ``wait()`` before displaying; else
        it says that there is none yet.
        """
        if not self._closed:
            self._show()
        return bundle_of(self, self._preview())
