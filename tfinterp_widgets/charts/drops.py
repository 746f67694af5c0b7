"""The histogram of how far the score drops when one column is shuffled."""

from __future__ import annotations

from typing import Any

import bqplot
import numpy as np

from tfinterp_widgets.charts.frame import BLUE, GREY, ORANGE, axis, draw, figure, number_axis, span

HEIGHT = 132
_BINS = 24


class DropHistogram:
    """A figure of one column's score drops, with lines at 0 and at their mean."""

    def __init__(self) -> None:
        self._drop = bqplot.LinearScale()
        self._count = bqplot.LinearScale(min=0.0)
        scales = {"x": self._drop, "y": self._count}
        self._bins = bqplot.Lines(
            x=[], y=[], scales=scales, colors=[BLUE], opacities=[0.0], fill="bottom",
            fill_colors=[BLUE], fill_opacities=[0.6],
        )  # fmt: skip
        self._zero = bqplot.Lines(x=[], y=[], scales=scales, colors=[GREY], stroke_width=1.5)
        self._mean = bqplot.Lines(x=[], y=[], scales=scales, colors=[ORANGE], stroke_width=3)
        self._bottom = axis(self._drop, grid_lines="none")
        self._left = axis(self._count, "count", side="left")
        self.figure = figure(
            [self._bins, self._zero, self._mean],
            [self._bottom, self._left],
            HEIGHT,
            top=6,
            bottom=46,
            left=58,
            right=12,
        )

    def show(self, drops: Any, mean: float, label: str) -> None:
        """Show how often which drop occurred.

        Parameters
        ----------
        drops : ndarray of float, shape (n,)
        mean : float
            Where the orange line stands.
        label : str
            What the axis shows, with its unit.
        """
        values = np.asarray(drops, np.float64)
        values = values[np.isfinite(values)]
        low, high = span(values, mean, zero=True)
        counts, edges = np.histogram(values, _BINS, (low, high))
        highest = max(float(counts.max()) * 1.08, 1.0)
        self._drop.min, self._drop.max, self._count.max = low, high, highest
        number_axis(self._bottom, low, high)
        number_axis(self._left, 0, highest, about=2)
        self._bottom.label = label
        draw(self._bins, edges.repeat(2)[1:-1], counts.repeat(2))
        draw(self._zero, [0.0, 0.0], [0.0, highest])
        draw(self._mean, [mean, mean], [0.0, highest])
