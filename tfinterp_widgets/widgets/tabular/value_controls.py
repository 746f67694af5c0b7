"""Controls for one value of a row: a slider and a field, or a menu.

Each is made for one column, and nothing but its value changes later. A page moves a slider by
itself where its value is not one of its stops, or its ends change; here neither can happen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import ipywidgets
import numpy as np

from tfinterp_widgets.evaluation.rows.raw_columns import RawColumn
from tfinterp_widgets.widgets.tabular.controls import show_if

MISSING = "missing"

_FEWEST_STOPS = 100  # of a slider over a number with decimals; its steps are a power of ten
_MOST_STOPS = 100_000  # of one over a whole number
_LEVELS_LISTED = 100  # in a menu; where there are more, one is typed

Take = Callable[[Any], None]


class ValueControl:
    """What shows a column's value, and calls `take` when a person chooses another.

    Parameters
    ----------
    take : callable
    *parts : ipywidgets
    """

    def __init__(self, take: Take, *parts: Any) -> None:
        self._take = take
        self._listening = True
        self.parts = parts
        for part in parts:
            part.add_class("tfi-field")
            part.observe(self._hear, "value")

    def show(self, value: Any) -> None:
        """Show a value; None where it is missing."""
        with self._silently():
            self._write(value)

    def close(self) -> None:
        """Close its parts."""
        for part in self.parts:
            part.close()

    def _write(self, value: Any) -> None:
        raise NotImplementedError

    def _read(self, part: Any) -> Any:
        """The value that a part says."""
        raise NotImplementedError

    def _hear(self, change: Any) -> None:
        if self._listening:
            self._take(self._read(change["owner"]))

    @contextmanager
    def _silently(self) -> Iterator[None]:
        self._listening = False
        try:
            yield
        finally:
            self._listening = True


class NumberControl(ValueControl):
    """A slider between the smallest and the largest value, and a field for any number.

    The slider counts steps, so that what it is given is always one of its stops.
    """

    def __init__(self, column: RawColumn, take: Take) -> None:
        low, high = column.range
        self._column = column
        self._decimals = step_decimals(low, high, column.is_whole)
        first, last = math.floor(self._steps(low)), math.ceil(self._steps(high))
        # From 0 where the counts are not the numbers themselves, which might be beyond exactness.
        self._first = 0 if self._decimals == 0 else first
        ends = {"min": first - self._first, "max": max(last, first + 1) - self._first}
        self.slider = ipywidgets.IntSlider(description="Value", readout=False, **ends)
        hint = f"a number, or {MISSING}" if column.missing else "a number"
        self.field = ipywidgets.Text(
            description="Exact value", placeholder=hint, continuous_update=False
        )
        super().__init__(take, self.slider, self.field)

    def _steps(self, value: float) -> float:
        return value * 10.0**self._decimals

    def _write(self, value: Any) -> None:
        show_if(self.slider, value is not None)
        if value is not None:
            stop = round(self._steps(value)) - self._first
            self.slider.value = min(max(stop, self.slider.min), self.slider.max)
        self.field.value = MISSING if value is None else number_text(value, self._column)

    def _read(self, part: Any) -> Any:
        if part is self.field:
            text = self.field.value.strip().replace("−", "-")
            return None if text in ("", MISSING) else text
        # Divided rather than multiplied by 0.1, which would give 30.000000000000004.
        return (self.slider.value + self._first) / 10.0**self._decimals


class LevelControl(ValueControl):
    """A menu of a category's levels."""

    def __init__(self, column: RawColumn, take: Take) -> None:
        options: list[tuple[str, Any]] = [(str(level), level) for level in column.levels]
        if column.missing:
            options.append((f"({MISSING})", None))
        self.menu = ipywidgets.Dropdown(description="Value", options=options)
        super().__init__(take, self.menu)

    def _write(self, value: Any) -> None:
        self.menu.value = value

    def _read(self, _: Any) -> Any:
        return self.menu.value


class TextControl(ValueControl):
    """A field for a level of very many."""

    def __init__(self, column: RawColumn, take: Take) -> None:
        self._has_missing = bool(column.missing)
        self.field = ipywidgets.Text(
            description="Value",
            placeholder=MISSING if column.missing else "",
            continuous_update=False,
        )
        super().__init__(take, self.field)

    def _write(self, value: Any) -> None:
        self.field.value = "" if value is None else str(value)

    def _read(self, _: Any) -> Any:
        return None if self._has_missing and not self.field.value else self.field.value


def control_for(column: RawColumn, take: Take) -> ValueControl:
    """Make the control that fits a column."""
    if column.is_number:
        return NumberControl(column, take)
    return (LevelControl if len(column.levels) <= _LEVELS_LISTED else TextControl)(column, take)


def step_decimals(low: float, high: float, is_whole: bool) -> int:
    """Choose the power of ten that a slider's step is, as its decimals; negative for 10 and more.

    Examples
    --------
    >>> step_decimals(4, 60, True), step_decimals(0, 19.5, False), step_decimals(0, 1e9, True)
    (0, 1, -7)
    """
    if is_whole and high - low <= _MOST_STOPS and max(abs(low), abs(high)) < 2**31:
        return 0
    decimals = math.ceil(math.log10(_FEWEST_STOPS / ((high - low) or 1)))
    return min(decimals, 0) if is_whole else decimals


def number_text(value: float, column: RawColumn) -> str:
    """Write a number with all digits that its type tells apart.

    Examples
    --------
    >>> import pandas as pd
    >>> number_text(float(np.float32(0.1)), RawColumn("x", pd.Series([0.1], dtype="float32")))
    '0.1'
    """
    if isinstance(value, int):
        return str(value)
    short = np.dtype(getattr(column.series.dtype, "numpy_dtype", column.series.dtype)).itemsize < 8
    return f"{value:.{7 if short else 15}g}"
