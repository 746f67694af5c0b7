"""Matplotlib figures as we draw them: no pyplot, large type, colours that everyone can tell apart.

pyplot would keep every figure alive, and switch the user's backend behind their back.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FixedLocator, NullLocator

from tfinterp_widgets.pictures.canvas import FAINT, FRAME, INK, PAPER

BLUE = "#0b5fad"
"""What is there: a column that matters. Blue, orange and grey stay apart for every eye."""

ORANGE = "#c25e00"
"""What the eye shall follow: the average curve."""

GREY = "#9aa4af"
"""What may be nothing: a column whose interval holds 0."""

SMALL, NORMAL, LARGE = 11.0, 13.0, 15.0
"""Type, in points of a figure nine inches wide: readable from the last row."""

WIDTH = 9.0
"""Inches."""


class ChartFigure(Figure):
    """A matplotlib figure that a notebook shows though pyplot knows nothing of it."""

    def _repr_png_(self) -> bytes:
        content = io.BytesIO()
        self.savefig(content, format="png")
        return content.getvalue()


def sheet(height: float, title: str, note: str = "") -> ChartFigure:
    """Take a white sheet nine inches wide, with a title and below it in small what belongs to it.

    `height`, in inches, is that of what will be drawn below the title.
    """
    above = 0.72 if note else 0.46
    figure = ChartFigure(figsize=(WIDTH, height + above), dpi=120, facecolor=PAPER)
    share = above / (height + above)
    engine = ConstrainedLayoutEngine(rect=(0, 0, 0.995, 1 - share), h_pad=0.08, w_pad=0.1)
    figure.set_layout_engine(engine)
    _line(figure, 1 - 0.12 / (height + above), title, INK, LARGE)
    _line(figure, 1 - 0.44 / (height + above), note, FAINT, SMALL)
    return figure


def _line(figure: Figure, top: float, text: str, colour: str, size: float) -> None:
    written = figure.text(0.012, top, text, va="top", color=colour, size=size, parse_math=False)
    written.set_in_layout(False)


def plain_axes(axes: Axes, *, grid: Literal["x", "y"] | None = None) -> None:
    """Leave of the frame what carries numbers; `grid` ("x" or "y") draws faint lines across."""
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(side in ("left", "bottom"))
        axes.spines[side].set_color(FRAME)
    axes.tick_params(colors=FAINT, labelcolor=INK, labelsize=SMALL)
    if grid is not None:
        axes.grid(axis=grid, color=FRAME, linewidth=0.8)
        axes.set_axisbelow(True)


def label_axis(axes: Axes, which: str, text: str) -> None:
    """Say what an axis ("x" or "y") shows, in which unit."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_label_text(text, color=INK, size=NORMAL, parse_math=False)


def name_ticks(axes: Axes, which: str, names: Sequence[str], size: float = NORMAL) -> None:
    """Put a name at each whole position of an axis; a dollar sign in it is only that."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(FixedLocator(range(len(names))))
    axis.set_minor_locator(NullLocator())
    axis.set_ticklabels([name.replace("$", r"\$") for name in names], size=size)
    axis.set_tick_params(length=0)
