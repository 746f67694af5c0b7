"""Contributions over many rows: mean absolute ones as bars, and each as a dot of a beeswarm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import bqplot
import numpy as np

from tfinterp_widgets.charts.contributions import distinct
from tfinterp_widgets.charts.frame import BLUE, GREY, axis, draw, figure, span
from tfinterp_widgets.evaluation.swarm import swarm_offsets

ROW = 30
"""Pixels that a column takes."""

LOW, MIDDLE, HIGH = "#8250c4", "#8b949e", "#1a8a4c"
"""Dots of low and of high values: purple and green stay apart for every eye, on either ground, and
are not the orange and blue of the signs."""

ABOVE, BELOW = 4, 46
_HALF = 0.4  # of a row, that a crowd of dots may fill on either side


class SwarmCharts:
    """Two figures side by side whose rows are the same columns.

    Parameters
    ----------
    choose : callable
        Called with the number of a dot's row, counted among the rows explained.
    """

    def __init__(self, choose: Callable[[int], None]) -> None:
        self._names, self._mean = bqplot.OrdinalScale(reverse=True), bqplot.LinearScale(min=0)
        self._bars = bqplot.Bars(
            x=[],
            y=[],
            scales={"x": self._names, "y": self._mean},
            orientation="horizontal",
            padding=0.34,
            colors=[BLUE],
            stroke_width=0,
        )
        self._mean_axis = axis(self._mean, num_ticks=3)
        margin = {"top": ABOVE, "bottom": BELOW}
        names = axis(self._names, side="left", grid_lines="none")
        self.bars = figure(
            [self._bars], [self._mean_axis, names], ROW, **margin, left=160, right=10
        )
        self._value, self._place = bqplot.LinearScale(), bqplot.LinearScale(reverse=True)
        scales = {"x": self._value, "y": self._place}
        self._zero = bqplot.Lines(x=[0, 0], y=[0, 1], scales=scales, colors=[GREY], stroke_width=1)
        colour = bqplot.ColorScale(colors=[LOW, MIDDLE, HIGH], min=0, max=1)
        self._dots = bqplot.Scatter(
            x=[], y=[], color=[], scales={**scales, "color": colour}, default_size=16,
            default_opacities=[0.8], stroke_width=0,
        )  # fmt: skip
        self._value_axis = axis(self._value)
        self.swarm = figure(
            [self._zero, self._dots], [self._value_axis], ROW, **margin, left=12, right=14
        )
        self._columns = 1
        self._dots.on_element_click(lambda _, hit: choose(hit["data"]["index"] // self._columns))

    def show(
        self,
        names: Sequence[str],
        mean: Any,
        contributions: Any,
        positions: Any,
        labels: tuple[str, str],
    ) -> None:
        """Show columns from the top down.

        Parameters
        ----------
        names : sequence of str, length columns
        mean : ndarray of float, shape (columns,)
            The mean absolute contributions.
        contributions, positions : ndarray of float, shape (rows, columns)
            How far right each dot lies, and how high its value is: 0 to 1, NaN where missing.
        labels : (str, str)
            What the two axes show, with their units.
        """
        count = self._columns = len(names)
        listed = distinct(names)
        self._names.domain = listed
        self._mean.max = span(mean, zero=True)[1]
        self._mean_axis.label, self._value_axis.label = labels
        draw(self._bars, listed, np.asarray(mean, np.float64))
        self._value.min, self._value.max = low, high = span(contributions, zero=True)
        self._place.min, self._place.max = -0.5, count - 0.5
        self._zero.y = [-0.5, count - 0.5]
        spread = [swarm_offsets(column, low, high) for column in np.transpose(contributions)]
        places = np.arange(count) + _HALF * np.stack(spread, axis=1)
        with self._dots.hold_sync():
            self._dots.x, self._dots.y = np.ravel(contributions), places.ravel()
            self._dots.color = np.nan_to_num(np.ravel(positions), nan=0.5)
        for each in (self.bars, self.swarm):
            each.layout.height = f"{count * ROW + ABOVE + BELOW}px"
