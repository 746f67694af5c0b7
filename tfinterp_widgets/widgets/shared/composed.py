"""What widgets composed of ipywidgets and bqplot charts have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ipywidgets
from PIL import Image

from tfinterp_widgets.widgets.shared.asking import Asking
from tfinterp_widgets.widgets.shared.outputs import Bundle, bundle_of


class Composed(Asking, ipywidgets.VBox):  # type: ignore[misc]
    """A widget made of others, whose static figure is drawn by matplotlib."""

    _ipython_display_ = None  # ipywidgets 7 would show the view alone, without the static picture

    def _picture(self) -> Image.Image:
        """Draw the last good result; raises RuntimeError when there is none yet."""
        raise NotImplementedError

    def _page(self) -> str:
        """Write the picture and its numbers as HTML; raises RuntimeError as `_picture` does."""
        raise NotImplementedError

    def _preview(self) -> Image.Image:
        """Draw the last good result, or say that there is none yet."""
        raise NotImplementedError

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
        target.write_text(self._page(), encoding="utf-8")
        return target

    def _repr_mimebundle_(self, **_: Any) -> Bundle:
        """Show the view, and for pages where it cannot run a picture of the result so far.

        For a picture of the answer itself call ``explain()`` and ``wait()`` before displaying; else
        it says that there is none yet.
        """
        if not self._closed:
            self._show()
        return bundle_of(self, self._preview())
