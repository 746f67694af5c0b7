"""Colour maps, from the table that the view reads as well."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Ground = Literal["light", "dark"]

_DEFAULTS = {"diverging": "orange-blue", "sequential": "cividis"}


def resolve(name: str, *, signed: bool) -> str:
    """Return the colour map asked for if it can show such values, else the default that can."""
    kind = "diverging" if signed else "sequential"
    known = _tables().get(name)
    return name if known is not None and known["kind"] == kind else _DEFAULTS[kind]


@cache
def lookup_table(name: str, ground: Ground = "light") -> NDArray[np.uint8]:
    """Return 256 colours, uint8 (256, 3), on straight lines in sRGB between the anchors."""
    anchors = np.array(
        [[int(stop[k : k + 2], 16) for k in (1, 3, 5)] for stop in _tables()[name][ground]], float
    )
    positions = np.linspace(0, len(anchors) - 1, 256)
    channels = [np.interp(positions, np.arange(len(anchors)), channel) for channel in anchors.T]
    return np.floor(np.stack(channels, -1) + 0.5).astype(np.uint8)


@cache
def _tables() -> dict[str, Any]:
    text = (files("tfinterp_widgets.pictures") / "colormaps.json").read_text(encoding="utf-8")
    tables: dict[str, Any] = json.loads(text)
    return tables
