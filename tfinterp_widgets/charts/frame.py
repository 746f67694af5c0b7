"""What our bqplot figures have in common: no padding, no toolbar, axes that name their unit.

Their ink follows the page, light or dark, through ``js/src/stage``. The colours of marks are chosen
to have a contrast of 3 or more on both grounds, and to stay apart for every eye.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import bqplot
import numpy as np

BLUE = "#2f7fd1"
"""What is there: a column that matters."""

ORANGE = "#d0700a"
"""What the eye shall follow: the average curve."""

GREY = "#868e96"
"""What may be nothing, and what stands behind."""


def figure(marks: Sequence[Any], axes: Sequence[Any], height: int, **margin: int) -> bqplot.Figure:
    """Put marks and axes into a figure `height` pixels high, as wide as its place.

    Parameters
    ----------
    marks, axes : sequence of bqplot objects
        The last mark lies on top.
    height : int
        In pixels.
    **margin : int
        top, bottom, left, right around the axes, in pixels.
    """
    # bqplot before 0.13, which goes with ipywidgets 7, shows no toolbar unless asked.
    has_toolbar = "display_toolbar" in bqplot.Figure.class_trait_names()
    return bqplot.Figure(
        marks=list(marks),
        axes=list(axes),
        fig_margin=margin,
        padding_x=0,
        padding_y=0,
        min_aspect_ratio=0.01,
        max_aspect_ratio=100,
        **({"display_toolbar": False} if has_toolbar else {}),
        background_style={"fill": "none"},
        layout={"height": f"{height}px", "width": "100%", "min_width": "0"},
    )


def axis(scale: Any, label: str = "", *, side: str = "bottom", **options: Any) -> bqplot.Axis:
    """Make an axis with faint lines; `side` is "bottom" or "left", `number_axis` says the rest."""
    return bqplot.Axis(
        **{
            "scale": scale,
            "label": label,
            "side": side,
            "label_offset": "44px" if side == "left" else "32px",
            "grid_lines": "solid",
            "tick_format": "~g",  # left alone bqplot guesses one, and fails before there are data
            **options,
        }
    )


def draw(mark: Any, x: Any, y: Any) -> None:
    """Give a mark other points, in one message: x and y have to fit one another."""
    if isinstance(mark, bqplot.Lines):
        x, y = _drawable(np.asarray(x, np.float64), np.asarray(y, np.float64))
    with mark.hold_sync():
        mark.x, mark.y = x, y


def _drawable(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Leave out what is an error in the browser: lines without points, a last point that is NaN."""
    there = np.flatnonzero(np.isfinite(y))
    if not there.size:
        return np.zeros(2), np.zeros(2)  # a line of no length
    return (x, y) if y.ndim == 2 else (x[: there[-1] + 1], y[: there[-1] + 1])


def number_axis(axis: Any, low: float, high: float, about: int = 4) -> None:
    """Put round numbers on an axis, all with as many decimals as they need.

    bqplot alone divides the span evenly, which gives odd numbers, and formats it by guessing.
    """
    ticks, decimals = round_numbers(low, high, about)
    with axis.hold_sync():
        axis.tick_format = f",.{decimals}f"
        axis.tick_values = ticks


def round_numbers(low: float, high: float, about: int) -> tuple[np.ndarray, int]:
    """Find about so many multiples of 1, 2 or 5 times a power of ten, and their decimals.

    Examples
    --------
    >>> round_numbers(0.13, 0.79, 4)
    (array([0.2, 0.4, 0.6]), 1)
    """
    rough = (high - low) / about
    power = math.floor(math.log10(rough))
    step = min((1, 2, 5, 10), key=lambda digit: abs(math.log(digit * 10.0**power / rough)))
    exponent = power + (step == 10)
    width = step * 10.0**power
    numbers = np.arange(math.ceil(low / width), math.floor(high / width) + 1) * width
    return np.round(numbers, max(0, -exponent) + 1), max(0, -exponent)


def span(*values: Any, zero: bool = False, room: float = 0.05) -> tuple[float, float]:
    """Smallest and largest of some numbers, with room on both sides; never an empty span.

    `zero` makes sure that 0 lies in it.
    """
    found = np.concatenate([np.asarray(value, np.float64).ravel() for value in values])
    found = found[np.isfinite(found)]
    if zero or not found.size:
        found = np.append(found, 0.0)
    low, high = float(found.min()), float(found.max())
    if low == high:
        low, high = low - 0.5 * (abs(low) or 1), high + 0.5 * (abs(high) or 1)
    return low - room * (high - low), high + room * (high - low)


def segments(x0: Any, x1: Any, y0: Any, y1: Any) -> tuple[np.ndarray, np.ndarray]:
    """Lay line segments out as bqplot's Lines take them, a row each: x and y, shape (n, 2)."""
    return np.stack(np.broadcast_arrays(x0, x1), -1), np.stack(np.broadcast_arrays(y0, y1), -1)
