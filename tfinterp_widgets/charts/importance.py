"""Importance as horizontal bars: every repeat a dot, the interval a line, a click chooses a row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import bqplot
import numpy as np

from tfinterp_widgets.charts.frame import (
    BLUE,
    GREY,
    axis,
    draw,
    figure,
    number_axis,
    segments,
    span,
)

ROW = 24
"""Pixels that a row takes; what stands beside the bars has to keep to it."""

ABOVE, BELOW = 0, 48
"""Pixels above and below the rows."""

_INK = "#5b6570"  # of dots and intervals, where js/src/stage does not give them the page's ink


class ImportanceBars:
    """A figure of bars that can be told to show other numbers.

    Parameters
    ----------
    choose : callable
        Called with the number of a row that was clicked, from the top, counted from 0.
    """

    def __init__(self, choose: Callable[[int], None]) -> None:
        self._place = bqplot.LinearScale(reverse=True)
        self._value = bqplot.LinearScale()
        # Bars are laid out by bands, dots and lines by numbers; both fill the same height.
        numbers = {"x": self._value, "y": self._place}
        self._bars = self._bands(padding=0.3, opacities=[0.6])
        # Over all of a row, and unseen unless it is chosen: a short bar is hard to hit.
        self._rows = self._bands(padding=0, colors=[BLUE])
        self._dots = bqplot.Scatter(
            x=[], y=[], scales=numbers, colors=[_INK], default_size=7, opacities=[0.7],
            stroke_width=0,
        )  # fmt: skip
        self._intervals = bqplot.Lines(
            x=[], y=[], scales=numbers, colors=[_INK], stroke_width=2.5, opacities=[1.0]
        )
        self._zero = bqplot.Lines(x=[0, 0], y=[0, 1], scales=numbers, colors=[GREY], stroke_width=1)
        self._axis = axis(self._value)
        self.figure = figure(
            [self._zero, self._bars, self._dots, self._intervals, self._rows],
            [self._axis],
            ROW + ABOVE + BELOW,
            top=ABOVE,
            bottom=BELOW,
            left=4,
            right=14,
        )
        self._rows.on_element_click(lambda _, content: choose(int(content["data"]["index"])))

    def show(
        self,
        mean: Any,
        importances: Any,
        interval: Any | None,
        nothing: Any,
        label: str,
    ) -> None:
        """Show rows from the top down.

        Parameters
        ----------
        mean : ndarray of float, shape (rows,)
        importances : ndarray of float, shape (rows, repeats)
        interval : ndarray of float, shape (rows, 2), optional
        nothing : ndarray of bool, shape (rows,)
            Which bars are grey.
        label : str
            What the axis shows, with its unit.
        """
        means, repeats = np.asarray(mean, np.float64), np.asarray(importances, np.float64)
        ends = np.empty((0, 2)) if interval is None else np.asarray(interval, np.float64)
        places = np.arange(len(means))
        low, high = span(means, repeats, ends, zero=True)
        self._value.min, self._value.max = low, high
        self._place.min, self._place.max = -0.5, len(means) - 0.5
        number_axis(self._axis, low, high, about=3)
        self._axis.label = label
        draw(self._bars, places, means)
        self._bars.colors = [GREY if grey else BLUE for grey in nothing] or [BLUE]
        self._rows.base = low
        draw(self._rows, places, np.full(len(means), high))
        spread = (np.arange(repeats.shape[1]) % 5 - 2) * 0.1
        draw(self._dots, repeats.ravel(), (places[:, np.newaxis] + spread).ravel())
        rows = places[: len(ends)]
        draw(self._intervals, *segments(ends[:, 0], ends[:, 1], rows, rows))
        self._zero.y = [-0.5, len(means) - 0.5]
        self.figure.layout.height = f"{max(len(means), 1) * ROW + ABOVE + BELOW}px"

    def mark(self, row: int | None) -> None:
        """Show which row is chosen."""
        count = len(self._rows.x)
        self._rows.opacities = [0.14 if place == row else 0.0 for place in range(count)] or [0.0]

    def _bands(self, **style: Any) -> bqplot.Bars:
        # With a scale of their own: on one that they share, bars are drawn before all bands are
        # known, which is an error in the browser.
        return bqplot.Bars(
            x=[],
            y=[],
            orientation="horizontal",
            scales={"x": bqplot.OrdinalScale(reverse=True), "y": self._value},
            stroke_width=0,
            **style,
        )
