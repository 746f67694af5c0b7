"""Static charts of metrics by slice: a dot for each value, a whisker for its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from tfinterp_widgets.pictures.canvas import FAINT, INK
from tfinterp_widgets.pictures.numbers import decimals_for, shortened, written
from tfinterp_widgets.pictures.paper import (
    BLUE,
    GREY,
    ORANGE,
    SMALL,
    label_axis,
    name_ticks,
    plain_axes,
    sheet,
)

_ROW = 0.36  # inches a slice takes
_APART = 0.17  # between two models, in rows


def draw_slices(
    names: Sequence[str],
    counts: Any,
    values: Any,
    intervals: Any,
    *,
    models: Sequence[str] = ("",),
    label: str,
    title: str,
    note: str = "",
    reference: float | None = None,
    few: Any = False,
) -> Figure:
    """Draw a metric slice by slice, from the top down.

    Parameters
    ----------
    names : sequence of str, length n
    counts : ndarray of int, shape (n,)
        Rows of each slice.
    values : ndarray of float, shape (models, n)
        NaN where the metric is undefined.
    intervals : ndarray of float, shape (models, n, 2)
        NaN where there is none.
    models : sequence of str, length models
        One, or two that are compared: blue, then orange.
    label : str
        What the axis shows.
    title, note : str
        Above the chart, large and small.
    reference : float, optional
        Where a line stands, such as the value over all rows.
    few : ndarray of bool, shape (models, n), optional
        Values that rest on few rows are grey; of two models, paler.

    Returns
    -------
    matplotlib.figure.Figure
        Not registered with pyplot; a notebook shows it all the same.

    Examples
    --------
    >>> figure = draw_slices(["all"], [9], [[0.7]], [[[0.6, 0.8]]], label="accuracy", title="")
    >>> figure.axes[0].get_xlabel()
    'accuracy'
    """
    rows, given = np.asarray(counts), np.asarray(values, np.float64)
    ends, is_few = np.asarray(intervals, np.float64), np.broadcast_to(few, given.shape)
    figure = sheet(0.8 + _ROW * len(names), title, note)
    axes = figure.add_subplot()
    if reference is not None:
        axes.axvline(reference, color=FAINT, linewidth=1, linestyle=(0, (4, 3)))
    places = np.arange(len(names))
    apart = _APART * (len(models) - 1)
    for k, colour in zip(range(len(models)), (BLUE, ORANGE), strict=False):
        at = places + apart * (2 * k - 1)
        # Of two models the colour tells which, so that few rows are paler and not grey.
        colours = [
            to_rgba(GREY if pale and len(models) == 1 else colour, 0.45 if pale else 1)
            for pale in is_few[k]
        ]
        axes.hlines(at, ends[k, :, 0], ends[k, :, 1], color=colours, linewidth=2.2)
        axes.scatter(given[k], at, color=colours, s=30, zorder=3)
    name_ticks(
        axes,
        "y",
        [f"{shortened(name, 44)}  ({count:,})" for name, count in zip(names, rows, strict=True)],
        SMALL,
    )
    _numbers(axes, given, ends)
    plain_axes(axes, grid="x")
    axes.tick_params(axis="y", length=0, labelsize=SMALL)
    axes.set_ylim(max(len(names), 1) - 0.4, -0.6)
    if len(models) > 1:
        _legend(axes, models)
    label_axis(axes, "x", label)
    return figure


def _legend(axes: Axes, models: Sequence[str]) -> None:
    for name, colour in zip(models, (BLUE, ORANGE), strict=False):
        axes.plot([], [], "o-", color=colour, label=name)
    axes.legend(
        loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, fontsize=SMALL, frameon=False,
        labelcolor=INK,
    )  # fmt: skip


def _numbers(axes: Axes, values: np.ndarray, ends: np.ndarray) -> None:
    """Write the last model's numbers at the right, outside the axes."""
    decimals = max(2, decimals_for(ends) - 1)
    for place, (value, (low, high)) in enumerate(zip(values[-1], ends[-1], strict=True)):
        text = "undefined" if np.isnan(value) else written(value, decimals)
        if not np.isnan(low):
            text += f" [{written(low, decimals)}, {written(high, decimals)}]"
        axes.annotate(
            text, (1.02, place), xycoords=axes.get_yaxis_transform(), va="center", size=SMALL,
            color=INK,
        )  # fmt: skip
