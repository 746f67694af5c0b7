"""The histogram of a metric over slices, in which one can brush."""

from __future__ import annotations

from typing import Any

import bqplot
import numpy as np
from bqplot.interacts import BrushIntervalSelector

from tfinterp_widgets.charts.frame import BLUE, ORANGE, axis, draw, figure, number_axis, span

HEIGHT = 128
_BINS = 40


class SliceHistogram:
    """A figure of how many slices have which value, with a line at the whole's.

    Attributes
    ----------
    brush : BrushIntervalSelector
        Its ``selected`` is the interval that is brushed, or None; a view can be linked to it.
    """

    def __init__(self) -> None:
        self._value = bqplot.LinearScale()
        self._count = bqplot.LinearScale(min=0.0)
        scales = {"x": self._value, "y": self._count}
        self._bins = bqplot.Lines(
            x=[], y=[], scales=scales, colors=[BLUE], opacities=[0.0], fill="bottom",
            fill_colors=[BLUE], fill_opacities=[0.6],
        )  # fmt: skip
        self._whole = bqplot.Lines(x=[], y=[], scales=scales, colors=[ORANGE], stroke_width=3)
        self._bottom = axis(self._value, grid_lines="none")
        self._left = axis(self._count, "slices", side="left")
        self.brush = BrushIntervalSelector(scale=self._value, color=BLUE)
        self.figure = figure(
            [self._bins, self._whole],
            [self._bottom, self._left],
            HEIGHT,
            top=6,
            bottom=44,
            left=58,
            right=12,
        )
        self.figure.interaction = self.brush

    def show(self, values: Any, whole: float, label: str) -> None:
        """Show how many slices have which value.

        Parameters
        ----------
        values : ndarray of float, shape (slices,)
            NaN where a slice has none.
        whole : float
            The value over all rows, where the orange line stands; NaN for no line.
        label : str
            What the axis shows.
        """
        there = np.asarray(values, np.float64)
        there = there[np.isfinite(there)]
        low, high = span(there, whole)
        counts, edges = np.histogram(there, _BINS, (low, high))
        highest = max(float(counts.max()) * 1.08, 1.0)
        self._value.min, self._value.max, self._count.max = low, high, highest
        number_axis(self._bottom, low, high, about=6)
        number_axis(self._left, 0, highest, about=2)
        self._bottom.label = label
        draw(self._bins, edges.repeat(2)[1:-1], counts.repeat(2))
        draw(self._whole, [whole, whole], [0.0, highest if np.isfinite(whole) else np.nan])
