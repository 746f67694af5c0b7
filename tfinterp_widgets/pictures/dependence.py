"""Static charts of partial dependence: curves of one column, or the surface of two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from tfinterp_widgets.pictures.canvas import FAINT, INK, PAPER
from tfinterp_widgets.pictures.moments import in_unit, kind_of, seconds
from tfinterp_widgets.pictures.numbers import shortened
from tfinterp_widgets.pictures.paper import (
    BLUE,
    GREY,
    NORMAL,
    ORANGE,
    SMALL,
    label_axis,
    name_ticks,
    plain_axes,
    sheet,
)

_LIGHT = "#e9edf1"  # behind regions without data


def draw_dependence(
    names: Sequence[str],
    grid: Sequence[Any],
    average: Any,
    individual: Any | None = None,
    *,
    kinds: Sequence[str],
    label: str,
    counts: Any | None = None,
    empty: Any | None = None,
    title: str = "",
    note: str = "",
) -> Figure:
    """Draw what a model says on average as one column changes, or two.

    Parameters
    ----------
    names : sequence of str, length 1 or 2
        The columns.
    grid : sequence of ndarray, length 1 or 2
        The values that each column was set to, ascending where they are numbers.
    average : ndarray of float, shape (n,) or (n, m)
        The average prediction at each point of the grid.
    individual : ndarray of float, shape (rows, n), optional
        One curve a row of the data; of one column only.
    kinds : sequence of {"number", "category"}, length 1 or 2
    label : str
        What is drawn, with its scale, such as "Probability of good".
    counts : ndarray of int, same shape as `average`, optional
        How many rows of the data lie at each point.
    empty : ndarray of bool, same shape as `average`, optional
        Where there are no data: there the model was asked about rows that do not occur.
    title, note : str
        Above the chart, large and small.

    Returns
    -------
    matplotlib.figure.Figure
        Not registered with pyplot; a notebook shows it all the same.

    Examples
    --------
    >>> figure = draw_dependence(
    ...     ["age"], [[20, 40]], [0.6, 0.7], kinds=["number"], label="Probability"
    ... )
    >>> figure.axes[0].get_xlabel()
    'age'
    """
    values = np.asarray(average, np.float64)
    gaps = np.zeros(values.shape, bool) if empty is None else np.asarray(empty, bool)
    rows = None if counts is None else np.asarray(counts)
    heading = title or f"Partial dependence on {' and '.join(shortened(name) for name in names)}"
    figure = sheet(4.4, heading, note or _note(individual, gaps))
    if len(names) == 2:
        _surface(figure, names, grid, values, gaps, kinds, label)
        return figure
    axes, below = _stacked(figure, rows is not None)
    _curves(axes, grid[0], values, individual, gaps, kinds[0])
    label_axis(axes, "y", label)
    if rows is not None:
        _distribution(below, grid[0], rows, kinds[0])
    _name_categories(below, grid[0], kinds[0])
    _label(below, "x", names[0], grid[0])
    return figure


def positions(grid: Any, kind: str) -> NDArray[np.float64]:
    """Place the grid on an axis: numbers where they are, categories side by side."""
    if kind == "category":
        return np.arange(len(grid), dtype=float)
    if kind_of(grid) == "M":
        return seconds(grid) / 86_400  # matplotlib counts days since 1970
    return in_unit(grid)[0] if kind_of(grid) == "m" else np.asarray(grid, float)


def edges(places: NDArray[np.float64], kind: str) -> NDArray[np.float64]:
    """Ends of the cell around each place, halfway to its neighbours; shape (n + 1,).

    A number's outermost cells end where the grid does.
    """
    middles = (places[1:] + places[:-1]) / 2
    beyond = 0.5 if kind == "category" or len(places) == 1 else 0.0
    return np.concatenate([[places[0] - beyond], middles, [places[-1] + beyond]])


def _stacked(figure: Figure, distribution: bool) -> tuple[Axes, Axes]:
    """The axes of the curves, and those below them that carry the column's name."""
    if not distribution:
        axes = figure.add_subplot()
        return axes, axes
    axes, below = figure.subplots(2, 1, sharex=True, height_ratios=(4, 1))
    return axes, below


def _curves(
    axes: Axes, grid: Any, average: np.ndarray, individual: Any, gaps: np.ndarray, kind: str
) -> None:
    places = positions(grid, kind)
    if individual is not None:
        curves = np.asarray(individual, np.float64).T
        axes.plot(places, curves, color=GREY, linewidth=0.8, alpha=0.5)
    bounds = edges(places, kind)
    for left, right, gap in zip(bounds[:-1], bounds[1:], gaps, strict=True):
        if gap:
            axes.axvspan(left, right, color=_LIGHT, linewidth=0, zorder=0)
    if kind == "category":
        axes.plot(places, average, "o", color=ORANGE, markersize=11)
    else:
        axes.plot(places, average, color=ORANGE, linewidth=2.8)
    plain_axes(axes, grid="y")


def _distribution(axes: Axes, grid: Any, rows: np.ndarray, kind: str) -> None:
    """Draw where the data lie: how many rows are nearest to each point of the grid."""
    places = positions(grid, kind)
    if kind == "category":
        axes.bar(places, rows, 0.7, color=BLUE, alpha=0.55)
    else:
        axes.vlines(places, 0, rows, color=BLUE, alpha=0.75, linewidth=4)
    axes.set_ylim(bottom=0)
    plain_axes(axes)
    axes.locator_params(axis="y", nbins=2)
    label_axis(axes, "y", "Rows")


def _label(axes: Axes, which: str, name: str, grid: Any) -> None:
    """Name a column's axis; with dates, where it holds these, or the unit of spans of time."""
    is_span = kind_of(grid) == "m"
    label_axis(axes, which, f"{name} ({in_unit(grid)[1]})" if is_span else name)
    if kind_of(grid) == "M":
        axis = axes.xaxis if which == "x" else axes.yaxis
        make_locator: Any = AutoDateLocator
        make_formatter: Any = ConciseDateFormatter
        locator = make_locator(maxticks=6)
        axis.set_major_locator(locator)
        axis.set_major_formatter(make_formatter(locator))


def _name_categories(axes: Axes, grid: Any, kind: str) -> None:
    if kind != "category":
        return
    names = [shortened(str(value), 18) for value in grid]
    name_ticks(axes, "x", names, SMALL)
    if max(map(len, names), default=0) * len(names) > 70:
        axes.tick_params(axis="x", rotation=35)
        for text in axes.get_xticklabels():
            text.set_horizontalalignment("right")
            text.set_rotation_mode("anchor")


def _surface(
    figure: Figure,
    names: Sequence[str],
    grid: Sequence[Any],
    values: np.ndarray,
    gaps: np.ndarray,
    kinds: Sequence[str],
    label: str,
) -> None:
    axes = figure.add_subplot()
    across, up = (edges(positions(g, kind), kind) for g, kind in zip(grid, kinds, strict=True))
    mesh = axes.pcolormesh(across, up, values.T, cmap="cividis")
    # Without data: hatched rather than hidden, for the model does say something there.
    for i, j in np.argwhere(gaps):
        size = across[i + 1] - across[i], up[j + 1] - up[j]
        cell = Rectangle((across[i], up[j]), *size, fill=False, hatch="///", linewidth=0)
        cell.set_edgecolor(PAPER)
        axes.add_patch(cell)
    bar = figure.colorbar(mesh, ax=axes)
    bar.set_label(label, color=INK, size=NORMAL, parse_math=False)
    bar.ax.tick_params(labelsize=SMALL, colors=FAINT, labelcolor=INK)
    plain_axes(axes)
    for which, name, values_of, kind in zip("xy", names, grid, kinds, strict=True):
        _label(axes, which, name, values_of)
        if kind == "category":
            name_ticks(axes, which, [shortened(str(value), 18) for value in values_of], SMALL)


def _note(individual: Any, gaps: np.ndarray) -> str:
    parts = ["orange: the average"] if gaps.ndim == 1 else []
    if individual is not None:
        parts.append("grey: single rows")
    if gaps.any():
        how = "shaded" if gaps.ndim == 1 else "hatched"
        parts.append(f"{how}: no data there")
    return ", ".join(parts)
