"""Contributions over many rows: mean absolute ones as bars, and each as a dot of a beeswarm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import bqplot
import ipywidgets
import numpy as np

from tfinterp_widgets.charts.frame import GREY, axis, draw, figure, number_axis, span
from tfinterp_widgets.evaluation.rows.swarm import swarm_offsets

ROW = 30
"""Pixels that a column takes."""

LOW, HIGH = "#8250c4", "#1a8a4c"
"""Dots of low and of high values: purple and green stay apart for every eye, on either ground, and
are not the orange and blue of the signs."""

UNORDERED = "#8b949e"
"""Dots of values that are neither, which middle ones come close to."""

NEUTRAL = "#76818d"
"""Bars of absolute values, which are neither for nor against."""

ABOVE, BELOW = 4, 24
_LETTER, _FEWEST_PIXELS = 7, 60  # of the names left of the dots
_HALF = 0.4  # of a row, that a crowd of dots may fill on either side


class SwarmCharts:
    """Two figures side by side whose rows are the same columns.

    Parameters
    ----------
    choose : callable
        Called with the number of a dot's row, counted among the rows explained.
    """

    def __init__(self, choose: Callable[[int], None]) -> None:
        # Bars are laid out by bands, names and dots by numbers; both fill the same height.
        self._band = bqplot.OrdinalScale(reverse=True)
        self._place = bqplot.LinearScale(reverse=True)
        self._mean, self._value = bqplot.LinearScale(min=0), bqplot.LinearScale()
        self._bars = bqplot.Bars(
            x=[],
            y=[],
            scales={"x": self._band, "y": self._mean},
            orientation="horizontal",
            padding=0.34,
            colors=[NEUTRAL],
            stroke_width=0,
        )
        self._mean_axis = axis(self._mean)
        scales = {"x": self._value, "y": self._place}
        self._zero = bqplot.Lines(x=[0, 0], y=[0, 1], scales=scales, colors=[GREY], stroke_width=1)
        colour = bqplot.ColorScale(colors=[LOW, UNORDERED, HIGH], min=0, max=1)
        self._dots = bqplot.Scatter(
            x=[], y=[], color=[], scales={**scales, "color": colour}, default_size=16,
            opacities=[0.8], stroke_width=0,
        )  # fmt: skip
        self._value_axis = axis(self._value)
        self._names = axis(self._place, side="left", grid_lines="none", tick_format=None)
        height, margin = ROW + ABOVE + BELOW, {"top": ABOVE, "bottom": BELOW}
        dots, axes = [self._zero, self._dots], [self._value_axis, self._names]
        self.swarm = figure(dots, axes, height, **margin, left=_FEWEST_PIXELS, right=14)
        self.bars = figure([self._bars], [self._mean_axis], height, **margin, left=8, right=18)
        # The axes are named below the figures, where long words wrap.
        self.titles = [ipywidgets.HTML(), ipywidgets.HTML()]
        charts = []
        for title, chart in zip(self.titles, (self.swarm, self.bars), strict=True):
            title.add_class("tfi-axis-title")
            charts.append(ipywidgets.VBox([chart, title]))
        self.box = ipywidgets.HBox(charts)
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
            How far right each dot lies, and how high its value is: 0 to 1, NaN where it is
            missing or has no order.
        labels : (str, str)
            What the two axes show, with their units.
        """
        count = self._columns = len(names)
        self._mean.max = most = span(mean, zero=True)[1]
        number_axis(self._mean_axis, 0, most, about=2)
        with self._names.hold_sync():
            self._names.tick_values = np.arange(count)
            self._names.tick_labels = {str(place): name for place, name in enumerate(names)}
        mean_title, value_title = labels
        self.titles[0].value, self.titles[1].value = escape(value_title), escape(mean_title)
        left = max(_FEWEST_PIXELS, _LETTER * max(map(len, names), default=0) + 12)
        self.swarm.fig_margin = {**self.swarm.fig_margin, "left": left}
        draw(self._bars, np.arange(count), np.asarray(mean, np.float64))
        self._value.min, self._value.max = low, high = span(contributions, zero=True)
        number_axis(self._value_axis, low, high, about=3)
        self._place.min, self._place.max = -0.5, count - 0.5
        self._zero.y = [-0.5, count - 0.5]
        spread = [swarm_offsets(column, low, high) for column in np.transpose(contributions)]
        places = np.arange(count) + _HALF * np.stack(spread, axis=1)
        with self._dots.hold_sync():
            self._dots.x, self._dots.y = np.ravel(contributions), places.ravel()
            self._dots.color = np.nan_to_num(np.ravel(positions), nan=0.5)
        for each in (self.bars, self.swarm):
            each.layout.height = f"{count * ROW + ABOVE + BELOW}px"
