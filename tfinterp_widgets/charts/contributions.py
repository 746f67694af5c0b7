"""Contributions to one prediction as signed bars: for it orange, against it blue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import bqplot
import ipywidgets
import numpy as np

from tfinterp_widgets.charts.frame import BLUE, GREY, ORANGE, axis, draw, figure, number_axis, span

ROW = 24
"""Pixels that a bar takes."""

ABOVE, BELOW = 4, 24
_LETTER, _FEWEST_PIXELS = 7, 60  # of the names left of the bars
_BEYOND = 0.45  # room for a number at the end of a bar, in parts of the bars' span


class ContributionBars:
    """A figure of signed bars that can be told to show other numbers.

    Parameters
    ----------
    choose : callable
        Called with the number of a bar that was clicked, from the top, counted from 0.
    """

    def __init__(self, choose: Callable[[int], None]) -> None:
        self._place, self._value = bqplot.OrdinalScale(), bqplot.LinearScale()
        scales = {"x": self._place, "y": self._value}
        self._bars = bqplot.Bars(
            x=[], y=[], scales=scales, orientation="horizontal", padding=0.28, stroke_width=0
        )
        self._labels = [_numbers(self._value, self._place, side) for side in ("start", "end")]
        self._axis = axis(self._value)
        self._names = axis(self._place, side="left", grid_lines="none", tick_format=None)
        # The axis is named below the figure, where long words wrap.
        self.title = ipywidgets.HTML()
        self.title.add_class("tfi-axis-title")
        self.figure = figure(
            [self._bars, *self._labels],
            [self._axis, self._names],
            ROW + ABOVE + BELOW,
            top=ABOVE,
            bottom=BELOW,
            left=_FEWEST_PIXELS,
            right=8,
        )
        self._bars.on_element_click(lambda _, content: choose(int(content["data"]["index"])))

    def show(
        self, names: Sequence[str], values: Any, numbers: Sequence[str], label: str, rest: bool
    ) -> None:
        """Show bars from the top down.

        Parameters
        ----------
        names : sequence of str
            What stands beside each bar.
        values : ndarray of float, shape (bars,)
        numbers : sequence of str
            What stands at each bar's end.
        label : str
            What the axis shows, with its unit.
        rest : bool
            Whether the last bar is what is left over, and grey.
        """
        lengths = np.asarray(values, np.float64)
        places = np.arange(lengths.size)
        low, high = _span_with_numbers(lengths)
        self._value.min, self._value.max = low, high
        number_axis(self._axis, low, high, about=3)
        self.title.value = escape(label)
        self._leave_room(max(map(len, names), default=0))
        if len(self._bars.x) != lengths.size:
            self._make_room(lengths.size)
        self._names.tick_labels = {str(place): name for place, name in enumerate(names)}
        draw(self._bars, places, lengths)
        colours = [BLUE if value < 0 else ORANGE for value in lengths]
        self._bars.colors = [*colours[:-1], GREY] if rest else colours or [ORANGE]
        for mark, there in zip(self._labels, (lengths >= 0, lengths < 0), strict=True):
            at = np.flatnonzero(there)
            with mark.hold_sync():
                mark.x, mark.y = lengths[at], places[at]
                mark.text = np.array(numbers)[at]

    def _leave_room(self, letters: int) -> None:
        """Leave as much room left of the bars as the longest name takes."""
        left = max(_FEWEST_PIXELS, _LETTER * letters + 12)
        if self.figure.fig_margin["left"] != left:
            self.figure.fig_margin = {**self.figure.fig_margin, "left": left}

    def _make_room(self, count: int) -> None:
        """Make as many places, the first at the top; nothing may lie where there is none."""
        for mark in (self._bars, *self._labels):
            draw(mark, [], [])
        self._place.domain = list(range(count))[::-1]
        self._names.tick_values = np.arange(count)
        self.figure.layout.height = f"{count * ROW + ABOVE + BELOW}px"


def _span_with_numbers(lengths: np.ndarray) -> tuple[float, float]:
    """The bars' span with 0, and room for numbers on those sides to which bars go."""
    low, high = span(lengths, zero=True, room=0.02)
    room = _BEYOND * (high - low)
    return low - room * bool((lengths < 0).any()), high + room * bool((lengths >= 0).any())


def _numbers(value: bqplot.LinearScale, place: bqplot.OrdinalScale, align: str) -> bqplot.Label:
    """Numbers right of bars that go right, and left of those that go left."""
    return bqplot.Label(
        x=[],
        y=[],
        text=[],
        scales={"x": value, "y": place},
        align=align,
        x_offset=5 if align == "start" else -5,
        default_size=11,
        font_weight="normal",
        colors=[GREY],
    )
