"""A page to draw on, in points: text in the font that Pillow brings, pictures pixel by pixel."""

from __future__ import annotations

import unicodedata
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

INK = "#1f2328"
FAINT = "#59636e"
PAPER = "#ffffff"
FRAME = "#d1d9e0"

_LUMA = np.array([0.299, 0.587, 0.114])  # Rec. 601, as in the view

# The font has few signs beyond ASCII; these have a plain look-alike.
_PLAIN = str.maketrans({"−": "-", "–": "-", "—": "-", "×": "x", "’": "'", "′": "'", "·": "·"})


class Canvas:
    """A white page of `width` x `height` points, `scale` pixels each."""

    def __init__(self, width: int, height: int, scale: int) -> None:
        self._scale = scale
        self.image = Image.new("RGB", (width * scale, height * scale), PAPER)
        self._draw = ImageDraw.Draw(self.image)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: int = 12,
        colour: str = INK,
        align: Literal["left", "centre", "right"] = "left",
        width: float | None = None,
    ) -> None:
        """Write one line with its top at `y`, shortened to `width`."""
        font = ImageFont.load_default(size * self._scale)
        text = plain(text)
        if width is not None:
            text = _shorten(text, font, width * self._scale)
        anchor = {"left": "la", "centre": "ma", "right": "ra"}[align]
        self._draw.text((x * self._scale, y * self._scale), text, colour, font, anchor)

    def picture(
        self, box: tuple[float, float, float, float], *layers: NDArray[np.uint8], opacity: float = 1
    ) -> None:
        """Lay pictures, RGB or RGBA, over one another in a box (left, top, width, height).

        The last one has `opacity`. Magnified pixels stay squares.
        """
        left, top, width, height = (round(edge * self._scale) for edge in box)
        for layer in layers:
            shrinks = layer.shape[1] > width
            resampling = Image.Resampling.BOX if shrinks else Image.Resampling.NEAREST
            picture = Image.fromarray(layer).convert("RGBA").resize((width, height), resampling)
            if layer is layers[-1]:
                alpha = picture.getchannel("A").point(lambda value: round(value * opacity))
                picture.putalpha(alpha)
            self.image.paste(picture, (left, top), picture)

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw a thin line."""
        ends = [x0 * self._scale, y0 * self._scale, x1 * self._scale, y1 * self._scale]
        self._draw.line(ends, FRAME, self._scale)


def in_grey(photograph: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The same photograph (H, W, 3) without its colours, to lay a map over."""
    grey = np.round(photograph @ _LUMA).astype(np.uint8)
    return np.repeat(grey[..., np.newaxis], 3, axis=-1)


def plain(text: str) -> str:
    """Write text with the signs that the font has; others become question marks."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    letters = (sign for sign in decomposed if not unicodedata.combining(sign))
    return "".join(sign if sign.isascii() or sign in "±°·" else "?" for sign in letters)


def _shorten(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: float) -> str:
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(f"{text}...") > width:
        text = text[:-1]
    return f"{text.rstrip()}..."
