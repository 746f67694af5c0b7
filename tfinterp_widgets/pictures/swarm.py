"""Static charts of contributions over many rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from tfinterp_widgets.pictures.canvas import FAINT
from tfinterp_widgets.pictures.numbers import shortened
from tfinterp_widgets.pictures.paper import label_axis, name_ticks, plain_axes, sheet

_ROW = 0.42  # inches a column takes
_VALUES = LinearSegmentedColormap.from_list("values", ["#8250c4", "#8b949e", "#1a8a4c"])
_COLOURS = _VALUES.with_extremes(bad=FAINT)


def draw_swarm(
    names: Sequence[str],
    mean: Any,
    contributions: Any,
    positions: Any,
    offsets: Any,
    *,
    labels: tuple[str, str],
    title: str = "",
    note: str = "",
) -> Figure:
    """Draw mean absolute contributions as bars, and beside them each contribution as a dot.

    Parameters
    ----------
    names : sequence of str, length columns
        From the top down.
    mean : ndarray of float, shape (columns,)
    contributions, positions, offsets : ndarray of float, shape (rows, columns)
        How far right each dot lies; how high its value is, 0 to 1, NaN where it has no order; how
        far it moves aside, -1 to 1.
    labels : (str, str)
        What the two axes show, with their units.
    title, note : str
        Above the chart, large and small.

    Returns
    -------
    matplotlib.figure.Figure
        Not registered with pyplot; a notebook shows it all the same.
    """
    count = len(names)
    page = sheet(0.9 + _ROW * count, title, note)
    bars, dots = page.subplots(1, 2, sharey=True, width_ratios=(2, 3))
    bars.barh(np.arange(count), mean, 0.66, color=FAINT)
    name_ticks(bars, "y", [shortened(name) for name in names])
    places = np.arange(count) + 0.4 * np.asarray(offsets)
    shown = dots.scatter(
        np.ravel(contributions), places.ravel(), 7, np.ravel(positions), cmap=_COLOURS, vmin=0,
        vmax=1, linewidths=0, plotnonfinite=True,
    )  # fmt: skip
    dots.axvline(0, color=FAINT, linewidth=1.0, zorder=0)
    for axes, label in zip((bars, dots), labels, strict=True):
        plain_axes(axes, grid="x")
        axes.tick_params(axis="y", length=0)
        label_axis(axes, "x", label)
    bars.set_ylim(count - 0.4, -0.6)
    scale = page.colorbar(shown, ax=dots, ticks=[0, 1], fraction=0.04, pad=0.02)
    scale.ax.set_yticklabels(["low", "high"])
    scale.set_label("value of the column (pale: no order, or missing)")
    return page
