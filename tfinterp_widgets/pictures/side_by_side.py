"""Attributions of one photograph side by side: what methods, targets or baselines change."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tfinterp_widgets.engine import Attribution
from tfinterp_widgets.pictures.canvas import FAINT, Canvas, in_grey
from tfinterp_widgets.pictures.render import Rendered, ViewSettings, has_sign, render

Box = tuple[float, float, float, float]

_MARGIN, _GAP, _WIDTH = 16, 10, 900
_ABOVE, _BELOW = 18, 36  # of a pane: its name, and its colourbar with numbers


def draw_side_by_side(
    photograph: NDArray[np.uint8],
    results: Mapping[str, Attribution],
    settings: ViewSettings | None = None,
    *,
    columns: int = 5,
    one_scale: bool = False,
    scale: int = 2,
) -> Image.Image:
    """Draw a photograph, and attributions of it as overlays in the order given.

    Parameters
    ----------
    photograph : ndarray of uint8, shape (H, W, 3)
    results : mapping of str to Attribution
        By the name to write above each; with values of shape (h, w, C).
    settings : ViewSettings, optional
    columns : int
        Panes in a row, >= 1; the photograph is the first of them.
    one_scale : bool
        Whether all get the same scale of colours, that of the largest: for maps in the same unit.
        Otherwise each has its own, and only their shapes can be compared.
    scale : int
        Pixels per point; the page is 900 points wide.

    Returns
    -------
    PIL.Image.Image

    Raises
    ------
    ValueError
        If there are no attributions, or no column.

    Examples
    --------
    >>> maps = {"IG": engine.attribute(photo), "saliency": saliency}  # doctest: +SKIP
    >>> draw_side_by_side(photo, maps, columns=3).save("maps.png")  # doctest: +SKIP
    """
    if not results or columns < 1:
        raise ValueError(
            f"{len(results)} attributions in {columns} columns; expected at least one of each."
        )
    settings = settings or ViewSettings()
    rendered = _rendered(results, settings, photograph, one_scale)
    places = _places(1 + len(results), columns, photograph.shape[0] / photograph.shape[1])
    _, top, _, height = places[-1]
    canvas = Canvas(_WIDTH, round(top + height + _BELOW), scale)
    _pane(canvas, places[0], "Input", photograph)
    for box, (name, drawn) in zip(places[1:], rendered.items(), strict=True):
        layers = in_grey(photograph), drawn.pixels
        _pane(canvas, box, name, *layers, opacity=settings.opacity)
        _colourbar(canvas, box, drawn)
    return canvas.image


def _places(count: int, columns: int, slope: float) -> list[Box]:
    """Boxes (left, top, width, height) for panes whose height is `slope` times their width."""
    width = (_WIDTH - 2 * _MARGIN - (columns - 1) * _GAP) / columns
    height = width * slope
    return [
        (
            _MARGIN + column * (width + _GAP),
            _MARGIN + _ABOVE + row * (_ABOVE + height + _BELOW),
            width,
            height,
        )
        for row, column in (divmod(number, columns) for number in range(count))
    ]


def _rendered(
    results: Mapping[str, Attribution],
    settings: ViewSettings,
    photograph: NDArray[np.uint8],
    one_scale: bool,
) -> dict[str, Rendered]:
    """The maps in colour, each by its own scale or all by that of the one that needs most."""
    over = photograph.shape[0], photograph.shape[1]
    signed = {name: has_sign(found) for name, found in results.items()}
    if one_scale:
        signed = dict.fromkeys(results, any(signed.values()))

    def draw(limit: float | None) -> dict[str, Rendered]:
        return {
            name: render(found.heatmap(), settings, signed=signed[name], over=over, limit=limit)
            for name, found in results.items()
        }

    rendered = draw(None)
    if not one_scale:
        return rendered
    return draw(max(drawn.limit for drawn in rendered.values()))


def _pane(
    canvas: Canvas,
    box: Box,
    name: str,
    *layers: NDArray[np.uint8],
    opacity: float = 1.0,
) -> None:
    left, top, width, _ = box
    canvas.text(left, top - 16, name, size=11, width=width)
    canvas.picture(box, *layers, opacity=opacity)


def _colourbar(canvas: Canvas, box: Box, rendered: Rendered) -> None:
    left, top, width, height = box
    canvas.picture((left, top + height + 4, width, 5), rendered.table[np.newaxis])
    low, limit = f"{rendered.floor:.2g}", f"{rendered.limit:.2g}"
    if rendered.signed:
        low, limit = f"-{limit}", f"+{limit}"
    canvas.text(left, top + height + 11, low, size=10, colour=FAINT)
    canvas.text(left + width, top + height + 11, limit, size=10, colour=FAINT, align="right")
