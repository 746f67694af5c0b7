"""Dates and spans of time on axes of numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_UNITS = {
    "days": np.timedelta64(1, "D"),
    "hours": np.timedelta64(1, "h"),
    "minutes": np.timedelta64(1, "m"),
    "seconds": np.timedelta64(1, "s"),
}


def kind_of(grid: Any) -> str:
    """What a grid holds: "M" for dates, "m" for spans of time, else another letter of NumPy's."""
    return np.asarray(grid).dtype.kind


def seconds(grid: Any) -> NDArray[np.float64]:
    """Dates as seconds since 1970."""
    since = np.asarray(grid) - np.datetime64(0, "s")
    return np.asarray(since / np.timedelta64(1, "s"))


def in_unit(grid: Any) -> tuple[NDArray[np.float64], str]:
    """Spans of time as numbers, and the unit: the largest of which the longest has two or more."""
    spans = np.asarray(grid)
    longest = np.abs(spans).max()
    fitting = (name for name, unit in _UNITS.items() if longest >= 2 * unit)
    name = next(fitting, "seconds")
    return np.asarray(spans / _UNITS[name]), name


def date_ticks(grid: Any, about: int = 4) -> dict[int, str]:
    """Choose about so many dates evenly, each as whole seconds since 1970, and name them."""
    places = seconds(grid)
    chosen = np.linspace(places[0], places[-1], about).astype(np.int64)
    if places[-1] - places[0] >= about * 86_400:
        chosen = chosen // 86_400 * 86_400
    unit = "D" if (chosen % 86_400 == 0).all() else "s"
    return {int(at): str(np.datetime64(int(at), "s").astype(f"M8[{unit}]")) for at in chosen}
