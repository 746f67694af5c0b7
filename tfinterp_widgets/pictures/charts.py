"""Static charts of tables: importance, and signed bars; partial dependence has its own file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from tfinterp_widgets.pictures.canvas import FAINT, INK
from tfinterp_widgets.pictures.dependence import draw_dependence
from tfinterp_widgets.pictures.numbers import decimals_for, shortened, written
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

__all__ = ["draw_bars", "draw_dependence", "draw_importance", "holds_zero"]

_ROW = 0.42  # inches a bar takes


def holds_zero(interval: Any) -> NDArray[np.bool_]:
    """Say of each interval whether 0 lies in it, its ends included.

    Parameters
    ----------
    interval : ndarray of float, shape (features, 2)
        Lower and upper ends.

    Returns
    -------
    ndarray of bool, shape (features,)
    """
    low, high = np.asarray(interval, np.float64).T
    inside: NDArray[np.bool_] = (low <= 0) & (high >= 0)
    return inside


def draw_importance(
    names: Sequence[str],
    mean: Any,
    importances: Any,
    interval: Any | None = None,
    *,
    metric_label: str,
    greater_is_better: bool = True,
    baseline_score: float | None = None,
    top: int | None = 20,
) -> Figure:
    """Draw permutation importance: a bar a column, every repeat a dot, the 95 % interval a line.

    Parameters
    ----------
    names : sequence of str, length features
    mean : ndarray of float, shape (features,)
        In units of the metric; positive where the model needs the column.
    importances : ndarray of float, shape (features, repeats)
    interval : ndarray of float, shape (features, 2), optional
        Bars whose interval holds 0 are grey, and said to hold it.
    metric_label : str
        Such as "AUC": the unit of the axis.
    greater_is_better : bool
        Whether shuffling lowers the metric, as of a score, or raises it, as of a loss.
    baseline_score : float, optional
        The metric before anything is shuffled.
    top : int, optional
        How many columns are drawn, those with the largest mean; None draws all.

    Returns
    -------
    matplotlib.figure.Figure
        Not registered with pyplot; a notebook shows it all the same.

    Examples
    --------
    >>> figure = draw_importance(["age"], [0.1], [[0.09, 0.11]], metric_label="AUC")
    >>> figure.axes[0].get_xlabel()
    'Drop of AUC when the column is shuffled'
    """
    means, repeats = np.asarray(mean, np.float64), np.asarray(importances, np.float64)
    order = np.argsort(-means, kind="stable")[:top]
    ends = None if interval is None else np.asarray(interval, np.float64)[order]
    nothing = np.zeros(len(order), bool) if ends is None else holds_zero(ends)
    score = "" if baseline_score is None else f", {metric_label} {written(baseline_score, 3)}"
    note = _importance_note(len(names), order, nothing, ends)
    figure = sheet(0.8 + _ROW * len(order), f"Permutation importance{score}", note)
    axes = figure.add_subplot()
    places = np.arange(len(order))
    axes.barh(places, means[order], 0.72, color=np.where(nothing, GREY, BLUE), alpha=0.55)
    _dots(axes, repeats[order])
    if ends is not None:
        axes.hlines(places, ends[:, 0], ends[:, 1], color=INK, linewidth=2.2)
    name_ticks(axes, "y", [shortened(names[index]) for index in order])
    _numbers(axes, means[order], ends)
    _horizontal(axes, len(order))
    change = "Drop" if greater_is_better else "Rise"
    label_axis(axes, "x", f"{change} of {metric_label} when the column is shuffled")
    return figure


def draw_bars(
    names: Sequence[str],
    values: Any,
    *,
    label: str,
    title: str = "",
    note: str = "",
    top: int | None = 20,
) -> Figure:
    """Draw signed bars, the largest first: positive orange, negative blue.

    Parameters
    ----------
    names : sequence of str, length n
        What stands beside each bar, such as "age = 35".
    values : ndarray of float, shape (n,)
    label : str
        What the axis shows, with its unit.
    title, note : str
        Above the chart, large and small.
    top : int, optional
        How many are drawn, those with the largest magnitude; None draws all.

    Returns
    -------
    matplotlib.figure.Figure
        Not registered with pyplot; a notebook shows it all the same.

    Examples
    --------
    >>> figure = draw_bars(["age = 35"], [-0.4], label="Contribution to the score")
    >>> len(figure.axes[0].patches)
    1
    """
    signed = np.asarray(values, np.float64)
    order = np.argsort(-np.abs(signed), kind="stable")[:top]
    shown = signed[order]
    figure = sheet(0.8 + _ROW * len(order), title, note)
    axes = figure.add_subplot()
    axes.barh(np.arange(len(order)), shown, 0.72, color=np.where(shown < 0, BLUE, ORANGE))
    name_ticks(axes, "y", [shortened(names[index], 36) for index in order])
    _numbers(axes, shown, None)
    _horizontal(axes, len(order))
    label_axis(axes, "x", label)
    return figure


def _dots(axes: Axes, repeats: np.ndarray) -> None:
    """Draw every repeat, each column's spread over its bar's height so that none hides another."""
    columns, count = repeats.shape
    spread = (np.arange(count) % 5 - 2) * 0.11
    places = np.arange(columns)[:, np.newaxis] + spread
    axes.plot(repeats.ravel(), places.ravel(), "o", color=INK, markersize=3.2, alpha=0.45, mew=0)


def _numbers(axes: Axes, values: np.ndarray, ends: np.ndarray | None) -> None:
    """Write each number at the right, outside the axes, so that no bar runs into it."""
    decimals = decimals_for(values if ends is None else np.column_stack([values, ends]))
    for place, value in enumerate(values):
        text = written(value, decimals)
        if ends is not None:
            low, high = (written(end, decimals) for end in ends[place])
            text += f" [{low}, {high}]"
        axes.annotate(
            text, (1.02, place), xycoords=axes.get_yaxis_transform(), va="center", size=SMALL,
            color=INK,
        )  # fmt: skip


def _horizontal(axes: Axes, count: int) -> None:
    plain_axes(axes, grid="x")
    axes.tick_params(axis="y", length=0, labelsize=NORMAL)
    axes.set_ylim(max(count, 1) - 0.4, -0.6)
    axes.axvline(0, color=FAINT, linewidth=1.2)


def _importance_note(
    columns: int, order: np.ndarray, nothing: np.ndarray, ends: np.ndarray | None
) -> str:
    parts = ["every repeat a dot"]
    if ends is not None:
        parts.append("line: 95 % interval")
    if nothing.any():
        parts.append("grey: the interval holds 0")
    if len(order) < columns:
        parts.append(f"top {len(order)} of {columns} columns")
    return ", ".join(parts)
