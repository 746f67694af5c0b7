"""What the slice explorer accepts as decisions: of which class, and above which score."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tfinterp_widgets.widgets.shared.traits import real, whole

if TYPE_CHECKING:
    from tfinterp_widgets.widgets.slice_explorer import SliceExplorer

_MOST_LISTED = 20


def class_id(explorer: SliceExplorer, name: str, value: Any) -> int | None:
    """Accept a class by its id or its name, or None for all."""
    source = explorer._source
    if value is None:
        return None
    if not source.allows.slicing:
        raise ValueError(
            f"{name}={value!r}, but these results are finished, and a metric of one class has a "
            "name of its own in them; expected None. Set metric, or make the explorer of labels, "
            "predictions and features."
        )
    names = source.class_names
    if isinstance(value, str) and names:
        if value not in names:
            near = difflib.get_close_matches(value, names, n=1, cutoff=0)
            raise ValueError(f"{name}={value!r} is no class's name. Did you mean {near[0]!r}?")
        return names.index(value)
    number = int(whole(0)(None, name, value))
    if names is not None:  # else the run checks it, once the model has said how many there are
        check_class(number, names)
    return number


def check_class(number: int, names: Sequence[str]) -> None:
    """Raise ValueError where there is no such class.

    Examples
    --------
    >>> check_class(5, ["bad", "good"])
    Traceback (most recent call last):
    ValueError: class_id=5, but there are 2 classes; expected None, or one of 0 (bad), 1 (good).
    """
    if not names:
        raise ValueError(
            f"class_id={number}, but the labels are numbers, not classes; expected None."
        )
    if number >= len(names):
        listed = [str(at) if each == str(at) else f"{at} ({each})" for at, each in enumerate(names)]
        more = ", ..." if len(names) > _MOST_LISTED else ""
        raise ValueError(
            f"class_id={number}, but there are {len(names)} classes; expected None, or one of "
            f"{', '.join(listed[:_MOST_LISTED])}{more}."
        )


def threshold(explorer: SliceExplorer, name: str, value: Any) -> float | str | None:
    """Accept a probability, "argmax", or None for what fits; an imported table keeps its own."""
    own = explorer._source.threshold
    if not explorer._source.allows.threshold and value != own:
        raise ValueError(
            f"{name}={value!r}, but these results hold no scores to set against it. Make the "
            "explorer of labels, predictions and features."
        )
    if value is None or value == "argmax":
        return value  # type: ignore[no-any-return]
    return float(real(0, 1)(None, name, value))
