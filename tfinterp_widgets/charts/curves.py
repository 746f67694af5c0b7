"""Partial dependence: the average over the curves of single rows, and where the data lie."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import bqplot
import numpy as np

from tfinterp_widgets.charts.frame import (
    BLUE,
    GREY,
    ORANGE,
    axis,
    draw,
    figure,
    number_axis,
    segments,
    span,
)
from tfinterp_widgets.pictures.moments import date_ticks, in_unit, kind_of, seconds
from tfinterp_widgets.pictures.numbers import shortened

HEIGHT = 216
_BELOW = 46  # pixels for numbers and the column's name
_LETTERS = 14  # of such a name
_DATA = 0.16  # share of the height that is the data's


class DependenceCurves:
    """A figure of curves that can be told to show other ones.

    A number's axis is linear. Categories stand side by side at 0, 1, ..., named by the axis.
    """

    def __init__(self) -> None:
        self._across = bqplot.LinearScale()
        self._up = bqplot.LinearScale()
        self._rows = bqplot.LinearScale(min=0.0, max=1.0)
        curves, counts = self._scales(self._up), self._scales(self._rows)
        self._single = bqplot.Lines(
            x=[], y=[], scales=curves, colors=[GREY], stroke_width=1, opacities=[0.45]
        )
        self._average = bqplot.Lines(
            x=[], y=[], scales=curves, colors=[ORANGE], stroke_width=3, opacities=[1.0]
        )
        self._guess = bqplot.Lines(
            x=[], y=[], scales=curves, colors=[ORANGE], stroke_width=3, opacities=[1.0],
            line_style="dotted",
        )  # fmt: skip
        self._points = bqplot.Scatter(
            x=[], y=[], scales=curves, colors=[ORANGE], default_size=80, stroke_width=0
        )
        self._data = bqplot.Lines(
            x=[], y=[], scales=counts, colors=[BLUE], stroke_width=4, opacities=[0.55]
        )
        self._bottom = axis(self._across, grid_lines="none")
        self._left = axis(self._up, side="left")
        self._margin = {"top": 8, "left": 58, "right": 12}
        marks = [self._data, self._single, self._guess, self._average, self._points]
        self.figure = figure(
            marks, [self._bottom, self._left], HEIGHT, bottom=_BELOW, **self._margin
        )

    def show(
        self,
        grid: Any,
        average: Any,
        individual: Any | None,
        *,
        kind: str,
        counts: Any,
        empty: Any,
        name: str,
        label: str,
    ) -> None:
        """Show the curves of one column.

        Parameters
        ----------
        grid : sequence, length n
            Numbers, dates or spans of time, ascending, or the names of categories.
        average : ndarray of float, shape (n,)
            NaN where it is not known yet.
        individual : ndarray of float, shape (rows, n), optional
        kind : {"number", "category"}
        counts : ndarray of int, shape (n,)
            How many rows of the data lie at each point.
        empty : ndarray of bool, shape (n,)
            Where there are no data: the average is dotted.
        name, label : str
            What the axes show, with their units.
        """
        numbers = kind == "number"
        dates: dict[int, str] = {}
        if not numbers:
            places = np.arange(len(grid), dtype=float)
        elif kind_of(grid) == "M":
            places, dates = seconds(grid), date_ticks(grid)
        elif kind_of(grid) == "m":
            places, unit = in_unit(grid)
            name = f"{name} ({unit})"
        else:
            places = np.asarray(grid, np.float64)
        values = np.asarray(average, np.float64)
        curves = np.empty((0, len(places))) if individual is None else np.asarray(individual, float)
        self._frame(places, values, curves, numbers)
        self._name(grid, places, numbers, name, label)
        if dates:
            with self._bottom.hold_sync():
                self._bottom.tick_labels = {str(at): text for at, text in dates.items()}
                self._bottom.tick_values = list(dates)
        draw(self._single, places, curves)
        draw(self._average, places, np.where(empty, np.nan, values) if numbers else [])
        draw(self._guess, places, np.where(_beside(empty), values, np.nan) if numbers else [])
        draw(self._points, [] if numbers else places, [] if numbers else values)
        shares = np.asarray(counts, np.float64)
        tall = _DATA * shares / max(float(shares.max(initial=0)), 1.0)
        draw(self._data, *segments(places, places, 0.0, tall))

    def _frame(
        self, places: np.ndarray, values: np.ndarray, curves: np.ndarray, numbers: bool
    ) -> None:
        low, high = span(values, curves)
        # The data have the bottom of the figure for themselves.
        self._up.min, self._up.max = low - (high - low) * _DATA / (1 - _DATA), high
        number_axis(self._left, low, high)
        if numbers:
            ends = span(places, room=0.02)
            self._across.min, self._across.max = ends
            number_axis(self._bottom, *ends, about=5)
        else:
            self._across.min, self._across.max = -0.5, len(places) - 0.5

    def _name(
        self, grid: Sequence[Any], places: np.ndarray, numbers: bool, name: str, label: str
    ) -> None:
        labels = {} if numbers else _labels(grid)
        with self._bottom.hold_sync():
            self._bottom.label = name if numbers else ""
            self._bottom.tick_rotate = 0 if numbers else -38
            self._bottom.tick_style = {"text-anchor": "middle" if numbers else "end"}
            self._bottom.tick_labels = labels
            if not numbers:
                self._bottom.tick_values = places
        self._left.label = label
        below = _BELOW if numbers else _room_for(labels.values())
        self.figure.fig_margin = {**self._margin, "bottom": below}
        self.figure.layout.height = f"{HEIGHT - _BELOW + below}px"

    def _scales(self, up: Any) -> dict[str, Any]:
        return {"x": self._across, "y": up}


def _labels(categories: Sequence[Any]) -> dict[str, str]:
    """What stands at 0, 1, ...; text without a letter to see would look like no label."""
    return {
        str(place): shortened(str(name), _LETTERS) if str(name).strip() else "(empty)"
        for place, name in enumerate(categories)
    }


def _room_for(names: Iterable[str]) -> int:
    """Pixels that slanted names take below the axis."""
    return 30 + round(4.4 * max(map(len, names), default=0))


def _beside(empty: Any) -> np.ndarray:
    """Points without data and their neighbours, so that the dotted part meets the line."""
    gaps = np.asarray(empty, bool)
    beside = gaps.copy()
    beside[1:] |= gaps[:-1]
    beside[:-1] |= gaps[1:]
    return beside
