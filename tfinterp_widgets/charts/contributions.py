"""Contributions to one prediction as signed bars: for it orange, against it blue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import bqplot
import numpy as np

from tfinterp_widgets.charts.frame import BLUE, GREY, ORANGE, axis, draw, figure, span

ROW = 24
"""Pixels that a bar takes."""

NAMES = 190
"""Pixels left of the bars, for names and values."""

ABOVE, BELOW = 4, 46
_BEYOND = 0.24  # room for a number at the end of a bar, in parts of the axis


class ContributionBars:
    """A figure of signed bars that can be told to show other numbers.

    Parameters
    ----------
    choose : callable
        Called with the number of a bar that was clicked, from the top, counted from 0.
    """

    def __init__(self, choose: Callable[[int], None]) -> None:
        self._names = bqplot.OrdinalScale(reverse=True)
        self._value = bqplot.LinearScale()
        scales = {"x": self._names, "y": self._value}
        self._bars = bqplot.Bars(
            x=[], y=[], scales=scales, orientation="horizontal", padding=0.28, stroke_width=0
        )
        self._labels = [_numbers(self._value, self._names, side) for side in ("start", "end")]
        self._axis = axis(self._value)
        names = axis(self._names, side="left", grid_lines="none")
        self.figure = figure(
            [self._bars, *self._labels],
            [self._axis, names],
            ROW + ABOVE + BELOW,
            top=ABOVE,
            bottom=BELOW,
            left=NAMES,
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
        listed = distinct(names)
        low, high = span(lengths, zero=True, room=_BEYOND)
        self._value.min, self._value.max = low, high
        self._names.domain = listed
        self._axis.label = label
        draw(self._bars, listed, lengths)
        colours = [BLUE if value < 0 else ORANGE for value in lengths]
        self._bars.colors = [*colours[:-1], GREY] if rest else colours or [ORANGE]
        for mark, there in zip(self._labels, (lengths >= 0, lengths < 0), strict=True):
            at = np.flatnonzero(there)
            with mark.hold_sync():
                mark.x, mark.y = lengths[at], np.array(listed)[at]
                mark.text = np.array(numbers)[at]
        self.figure.layout.height = f"{max(len(listed), 1) * ROW + ABOVE + BELOW}px"


def _numbers(value: bqplot.LinearScale, names: bqplot.OrdinalScale, align: str) -> bqplot.Label:
    """Numbers right of bars that go right, and left of those that go left."""
    return bqplot.Label(
        x=[],
        y=[],
        text=[],
        scales={"x": value, "y": names},
        align=align,
        x_offset=5 if align == "start" else -5,
        default_size=12,
        font_weight="normal",
        colors=[GREY],
    )


def distinct(names: Sequence[str]) -> list[str]:
    """Tell apart, unseen, names that read the same: an ordinal scale knows a name once."""
    seen: dict[str, int] = {}
    told = []
    for name in names:
        told.append(name + "\u200b" * seen.get(name, 0))
        seen[name] = seen.get(name, 0) + 1
    return told
