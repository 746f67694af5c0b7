"""Traits that check what they are given, and go on with their last good value."""

from __future__ import annotations

import difflib
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import traitlets

from tfinterp_widgets.widgets.shared.locked import EXCLUSIVE

Check = Callable[[Any, str, Any], Any]
"""``check(widget, name, value)`` returns the value to keep, or raises TypeError or ValueError."""


if TYPE_CHECKING:
    AnyTrait = traitlets.TraitType[Any, Any]
else:
    AnyTrait = traitlets.TraitType  # takes no types at run time before traitlets 5.10


class Checked(AnyTrait):
    """A synced trait of a widget that has ``_refuse(name, error)`` and ``_accept(name)``.

    While the widget is being made a wrong value raises. Later on it is refused: the trait keeps
    its value, and the widget says why.
    """

    def __init__(self, default: Any, check: Check, to_json: Callable[..., Any] | None = None):
        super().__init__(default_value=default)
        self._check = check
        self.tag(sync=True)
        if to_json is not None:
            self.tag(to_json=to_json)

    def validate(self, obj: Any, value: Any) -> Any:
        """Return the value to keep."""
        try:
            checked = self._check(obj, self.name or "", value)
        except (TypeError, ValueError, OverflowError) as error:
            if not obj._ready:
                raise
            obj._refuse(self.name, error)
            return getattr(obj, self.name or "")
        obj._accept(self.name)
        return checked

    def set(self, obj: Any, value: Any) -> None:
        """Keep out other threads between the check and the change."""
        with EXCLUSIVE:
            super().set(obj, value)


def kernel_only(trait: Any) -> Any:
    """Mark a trait that the view reads and never writes."""
    return trait.tag(sync=True, kernel_only=True)


def whole(low: int, high: int | None = None) -> Check:
    """Accept a whole number from `low` to `high`; 64.0, as JavaScript may send it, is one."""

    def check(_: Any, name: str, value: Any) -> int:
        expected = f"expected a whole number from {low}" + ("" if high is None else f" to {high}")
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        try:
            number = operator.index(value)
        except TypeError:
            raise TypeError(_what_came(name, value, expected)) from None
        if isinstance(value, bool):
            raise TypeError(_what_came(name, value, expected))
        if number < low or (high is not None and number > high):
            raise ValueError(f"{name}={_shown(number)}; {expected}.")
        return number

    return check


def real(low: float, high: float, unit: str = "") -> Check:
    """Accept a number from `low` to `high`."""
    expected = f"expected a number from {low:g} to {high:g}{unit}"

    def check(_: Any, name: str, value: Any) -> float:
        if isinstance(value, bool | str | bytes):
            raise TypeError(_what_came(name, value, expected))
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise TypeError(_what_came(name, value, expected)) from None
        except OverflowError:  # a whole number beyond all floats
            raise ValueError(f"{name}={_shown(value)}; {expected}.") from None
        if not low <= number <= high:
            raise ValueError(f"{name}={number:g}; {expected}.")
        return number

    return check


def one_of(*choices: str) -> Check:
    """Accept one of a few names."""
    expected = f"expected one of {', '.join(map(repr, choices))}"

    def check(_: Any, name: str, value: Any) -> str:
        if not isinstance(value, str):
            raise TypeError(_what_came(name, value, expected))
        if value not in choices:
            near = difflib.get_close_matches(value, choices, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"{name}={value!r}; {expected}.{hint}")
        return value

    return check


def _what_came(name: str, value: Any, expected: str) -> str:
    return f"{name}={_shown(value)} is a {type(value).__name__}; {expected}."


def _shown(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
