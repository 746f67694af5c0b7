"""The explorer as one picture, for pages on which widgets cannot run."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tfinterp_widgets.engine import Attribution
from tfinterp_widgets.pictures.canvas import FAINT, Canvas, in_grey
from tfinterp_widgets.pictures.render import Rendered, ViewSettings, has_sign, render

Picture = NDArray[np.uint8]

_MARGIN, _GAP, _PANE = 20, 10, 280
_ROW = 3 * _PANE + 2 * _GAP
_WIDTH = 2 * _MARGIN + _ROW
_TOP = 92  # where the panes begin

_REDUCTIONS = {
    "sum": "sum of channels",
    "abs_sum": "sum of absolute values over channels",
    "max_abs": "largest absolute value over channels",
    "mean": "mean over channels",
}


def draw_result(
    photograph: Picture,
    result: Attribution,
    settings: ViewSettings,
    *,
    title: str,
    baseline: str | None = None,
    scale: int = 2,
) -> Image.Image:
    """Draw input, attribution and overlay side by side, with what is known about the numbers.

    Parameters
    ----------
    photograph : ndarray of uint8, shape (H, W, 3)
    result : Attribution
        Of an image, with values of shape (H, W, C).
    settings : ViewSettings
    title : str
        What was explained.
    baseline : str, optional
        The baseline's name.
    scale : int
        Pixels per point; the page is 900 points wide.

    Returns
    -------
    PIL.Image.Image
    """
    heatmap = result.heatmap()
    shape = photograph.shape[0], photograph.shape[1]
    rendered = render(heatmap, settings, signed=has_sign(result), over=shape)
    width, height = _fit(photograph)
    canvas = Canvas(_WIDTH, _TOP + height + 86, scale)
    _head(canvas, title, result, baseline)
    _pane(canvas, 0, (width, height), "Input", _size(photograph), photograph)
    _pane(canvas, 1, (width, height), "Attribution", _of_what(result, shape), rendered.pixels)
    _pane(
        canvas,
        2,
        (width, height),
        "Overlay",
        f"{settings.opacity:.0%}",
        in_grey(photograph),
        rendered.pixels,
        opacity=settings.opacity,
    )
    below = _TOP + height + 12
    _colourbar(canvas, below, rendered)
    _settings_line(canvas, below, settings)
    canvas.text(_MARGIN, below + 40, result.warning or result.method.note, colour=FAINT, width=_ROW)
    return canvas.image


def draw_waiting(photograph: Picture, name: str, *, scale: int = 2) -> Image.Image:
    """Draw the photograph, and say that its attribution is not computed yet."""
    width, height = _fit(photograph)
    canvas = Canvas(_WIDTH, _TOP + height + _MARGIN, scale)
    canvas.text(_MARGIN, 18, name, size=18, width=_WIDTH - 2 * _MARGIN)
    canvas.text(_MARGIN, 46, "Attribution explorer", colour=FAINT)
    _pane(canvas, 0, (width, height), "Input", _size(photograph), photograph)
    left = _MARGIN + _PANE + _GAP
    middle = _TOP + height / 2 - 20
    canvas.text(left, middle, "Not computed yet.", size=16)
    canvas.text(
        left,
        middle + 26,
        "Run this cell in a live notebook to see what the model uses.",
        colour=FAINT,
    )
    return canvas.image


def _head(canvas: Canvas, title: str, result: Attribution, baseline: str | None) -> None:
    right = _WIDTH - _MARGIN
    canvas.text(_MARGIN, 18, title, size=18, width=_WIDTH - 2 * _MARGIN - 150)
    canvas.text(right, 22, f"score {result.score:.3f}", size=14, align="right")
    canvas.text(_MARGIN, 46, _how(result, baseline), colour=FAINT, width=_ROW / 2)
    canvas.text(right, 46, _how_sure(result), colour=FAINT, align="right", width=_ROW / 2)


def _how(result: Attribution, baseline: str | None) -> str:
    method = result.method
    steps, rule = getattr(method, "steps", None), getattr(method, "rule", None)
    parts = [method.label]
    if steps is not None:
        parts.append(f"{steps} steps" + ("" if rule is None else f" ({rule})"))
    if baseline is not None:
        parts.append(f"baseline {baseline.lower()}")
    return ", ".join([*parts, *_further(method)])


def _further(method: Any) -> Iterator[str]:
    """The parameters beside steps, rule and baseline that can be written in a word."""
    for field in dataclasses.fields(method):
        value = getattr(method, field.name)
        if field.name not in ("steps", "rule") and isinstance(value, int | float | str):
            yield f"{field.name.replace('_', ' ')} {value}"


def _of_what(result: Attribution, shape: tuple[int, int]) -> str:
    """What one number of the map is."""
    height, width, channels = result.values.shape
    cells = "" if (height, width) == shape else f"{width} × {height} cells"
    reduction = _REDUCTIONS[result.method.reduction] if channels > 1 else ""
    return ", ".join(filter(None, (cells, reduction)))


def _how_sure(result: Attribution) -> str:
    """What there is to judge the numbers by: their sum, their standard error, R²."""
    return ", ".join(filter(None, (_completeness(result), _uncertainty(result))))


def _uncertainty(result: Attribution) -> str:
    parts = []
    if result.r_squared is not None:
        parts.append(f"R² {result.r_squared:.2f}")
    if result.standard_error is not None:
        typical = np.sqrt(np.square(result.standard_error, dtype=np.float64).mean())
        parts.append(f"standard error {typical:.2g}")
    return ", ".join(parts)


def _completeness(result: Attribution) -> str:
    if result.baseline_score is None:
        return ""
    total = float(result.values.sum(dtype=np.float64))
    difference = result.score - result.baseline_score
    if result.relative_error is None:
        return f"sum {total:.3f} of a score difference of {difference:.3f}"
    return f"sum {total:.3f} reaches {total / difference:.1%} of F(x) - F(x') = {difference:.3f}"


def _pane(
    canvas: Canvas,
    column: int,
    size: tuple[float, float],
    label: str,
    note: str,
    *layers: Picture,
    opacity: float = 1.0,
) -> None:
    left = _MARGIN + column * (_PANE + _GAP)
    canvas.text(left, _TOP - 20, label)
    canvas.text(left + _PANE, _TOP - 20, note, colour=FAINT, align="right")
    width, height = size
    box = (left + (_PANE - width) / 2, _TOP, width, height)
    canvas.picture(box, *layers, opacity=opacity)


def _colourbar(canvas: Canvas, top: float, rendered: Rendered) -> None:
    left = _MARGIN + _PANE + _GAP
    canvas.picture((left, top, _PANE, 10), rendered.table[np.newaxis])
    limit, y = f"{rendered.limit:.2g}", top + 16
    if rendered.signed:
        canvas.text(left, y, f"-{limit} against", colour=FAINT)
        canvas.text(left + _PANE / 2, y, "0", colour=FAINT, align="centre")
        canvas.text(left + _PANE, y, f"for +{limit}", colour=FAINT, align="right")
    else:
        canvas.text(left, y, f"{rendered.floor:.2g}", colour=FAINT)
        canvas.text(left + _PANE, y, limit, colour=FAINT, align="right")


def _settings_line(canvas: Canvas, top: float, settings: ViewSettings) -> None:
    parts = [f"colours up to p{settings.clip_percentile:g}"]
    if settings.smooth > 0:
        parts.append(f"smoothed {settings.smooth:g} px")
    if settings.top_percent < 100:
        parts.append(f"top {settings.top_percent:g} %")
    left = _MARGIN + 2 * (_PANE + _GAP)
    canvas.text(left, top - 2, ", ".join(parts), colour=FAINT, width=_PANE)


def _fit(photograph: Picture) -> tuple[int, int]:
    """Width and height in points with which a photograph fits into a pane."""
    height, width = photograph.shape[:2]
    scale = _PANE / max(height, width)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _size(photograph: Picture) -> str:
    return f"{photograph.shape[1]} × {photograph.shape[0]}"
