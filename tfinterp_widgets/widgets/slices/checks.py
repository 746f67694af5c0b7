"""What the slice explorer accepts as values of its traits."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from numbers import Real
from typing import TYPE_CHECKING, Any

from tfinterp_widgets.evaluation.slicing.keys import SliceKey, nearest_slice, slice_key, slice_name
from tfinterp_widgets.widgets.shared.traits import real, whole

if TYPE_CHECKING:
    from tfinterp_widgets.widgets.slice_explorer import SliceExplorer

SORTS = ("slice", "n", "value", "difference", "gate", "other", "comparison")
"""Columns of the table of slices, by which it can be sorted."""

Combination = tuple[str, ...] | SliceKey
"""Features that are crossed, or the key of a single slice."""

Combinations = tuple[Combination, ...]

AUTO = "auto"
"""The metric that is offered first."""


def metric(explorer: SliceExplorer, name: str, value: Any) -> str:
    """Accept the name of a metric that can be asked of the rows."""
    if not isinstance(value, str):
        raise TypeError(
            f"{name}={value!r} is a {type(value).__name__}; expected a metric's name. A "
            "function of your own goes into metrics=, and is called by its name here."
        )
    if value != AUTO:
        explorer._source.check_metric(value)
    return value


def slices(explorer: SliceExplorer, name: str, value: Any) -> Combinations:
    """Accept features, combinations of them and single slices; each once, its features sorted."""
    known = [feature.name for feature in explorer._source.features]
    if isinstance(value, str) and value == "auto":
        value = [*known, *combinations(sorted(known), 2)]
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
        raise TypeError(
            f"{name}={value!r} is a {type(value).__name__}; expected a list such as "
            '["housing", ("age", "housing")], or "auto".'
        )
    read = [_combination(each, known) for each in value]
    wanted = tuple(dict.fromkeys(each for each in read if each))
    if not explorer._source.allows.slicing and wanted != explorer._source.slices:
        raise ValueError(
            f"{name}={value!r}, but these results hold no rows to slice in another way. Make the "
            "explorer of labels, predictions and features."
        )
    return wanted


def _combination(given: Any, known: Sequence[str]) -> Combination:
    """Read a feature, several, or a single slice."""
    parts = [given] if isinstance(given, str) or not isinstance(given, Iterable) else [*given]
    if isinstance(given, Mapping) or any(isinstance(part, tuple | list) for part in parts):
        single = slice_key(given)
        _check_known([feature for feature, _ in single], known)
        return single
    names = [str(part) for part in parts]
    _check_known(names, known)
    return tuple(sorted(set(names)))


def _check_known(names: Iterable[str], known: Sequence[str]) -> None:
    for each in names:
        if each not in known:
            near = difflib.get_close_matches(each, known, n=1, cutoff=0)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"there is no feature {each!r} to slice by.{hint}")


def slices_to_json(value: Combinations, _: Any) -> list[list[Any]]:
    """Send combinations, and the pairs of single slices, as lists."""
    return [
        [each if isinstance(each, str) else [each[0], plain(each[1])] for each in combination]
        for combination in value
    ]


def key(explorer: SliceExplorer, name: str, value: Any) -> SliceKey | None:
    """Accept the key of a slice on view, whatever the order of its pairs, or None."""
    if value is None:
        return None
    wanted = slice_key(value)
    known = explorer._on_view
    if known and wanted not in known:
        raise ValueError(
            f"{name}: slice {slice_name(wanted)!r} is not among those on view."
            + nearest_slice(wanted, known)
        )
    return wanted


def key_to_json(value: SliceKey | None, _: Any) -> list[list[Any]] | None:
    """Send a key as lists of texts."""
    return None if value is None else [[name, plain(each)] for name, each in value]


def plain(value: Any) -> Any:
    """A value of a feature, as JSON has it."""
    return value if value is None or isinstance(value, str | bool | int) else str(value)


def brush(_: Any, name: str, value: Any) -> tuple[float, float] | None:
    """Accept the two ends of an interval, the smaller one first, or None."""
    if value is None:
        return None
    if not isinstance(value, Iterable) or isinstance(value, str) or len(list(value)) != 2:
        raise TypeError(f"{name}={value!r}; expected a pair of numbers, such as (0.5, 0.7).")
    low, high = (float(real(-math.inf, math.inf)(None, name, each)) for each in value)
    if low > high:
        raise ValueError(f"{name}={value!r}; expected the smaller limit first.")
    return low, high


def example(explorer: SliceExplorer, name: str, value: Any) -> int | None:
    """Accept the position of a row, or None."""
    if value is None:
        return None
    rows = explorer._source.rows
    if rows == 0:
        raise ValueError(f"{name}={value!r}, but these results hold no rows.")
    return int(whole(0, rows - 1)(None, name, value))


def gates(explorer: SliceExplorer, name: str, value: Any) -> dict[str, Any]:
    """Accept bounds of metrics that can be asked of the rows."""
    if not isinstance(value, Mapping):
        raise TypeError(
            f"{name}={value!r} is a {type(value).__name__}; expected a dict such as "
            "{'accuracy': 0.7} or {'calibration': (0.9, 1.1)}."
        )
    for each, bound in value.items():
        sides = bound if isinstance(bound, tuple | list) else (bound, None)
        is_pair = len(sides) == 2 and all(
            side is None or (isinstance(side, Real) and not isinstance(side, bool))
            for side in sides
        )
        if not isinstance(each, str) or not is_pair or sides[0] is sides[1] is None:
            raise TypeError(
                f"{name}[{each!r}]={bound!r}; expected of a metric's name a number or a pair "
                "(low, high), with None for a side without a bound."
            )
        explorer._source.check_metric(each)
    return dict(value)


def gates_to_json(value: dict[str, Any], _: Any) -> dict[str, Any]:
    """Send numbers as Python's own."""
    return {
        name: [None if side is None else float(side) for side in bound]
        if isinstance(bound, tuple | list)
        else float(bound)
        for name, bound in value.items()
    }
