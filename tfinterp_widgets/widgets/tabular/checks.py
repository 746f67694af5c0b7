"""What the tabular explorer accepts: its arguments, and the values of its traits."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.engine import AttributionEngine
from tfinterp_widgets.engine.methods import Method
from tfinterp_widgets.engine.targets import check_target, plain_target
from tfinterp_widgets.evaluation.metrics.labels import labels_of
from tfinterp_widgets.evaluation.rows.rows import Rows
from tfinterp_widgets.widgets.shared import choices, settings
from tfinterp_widgets.widgets.shared.traits import real, whole
from tfinterp_widgets.wire import to_text

if TYPE_CHECKING:
    from tfinterp_widgets.widgets.tabular_explorer import TabularExplorer

MODEL_COLUMNS = ("row", "prediction", "confidence", "label")
"""Columns that the table has beside those of `X`."""


def engine(given: Any, class_names: Sequence[str] | None) -> AttributionEngine:
    """Take an engine without preprocessing, or make one of a model."""
    if not isinstance(given, AttributionEngine):
        # One output is of two classes here, and their names are no names of outputs.
        made = AttributionEngine(given)
        if class_names is None or made.class_count in (1, None):
            return made
        return AttributionEngine(given, class_names=class_names)
    if given.preprocess is not None:
        raise ValueError(
            f"the engine of {given.name!r} has a preprocess of its own. A table is attributed in "
            "the matrix that the model takes: make the engine without it, and pass preprocess= "
            "here, as a function from raw rows to that matrix."
        )
    return given


def width(rows: Rows, engine: AttributionEngine) -> None:
    """Raise ValueError where the matrix is not what the model takes."""
    shape, expected = rows.matrix.shape[1:], engine.input_shape
    if expected is not None and (len(expected) != 1 or expected[0] not in (None, shape[0])):
        raise ValueError(
            f"the rows become a matrix of {shape[0]} columns, but the model takes {expected}. "
            "Pass preprocess=, a function from raw rows to the model's matrix."
        )


def class_names(given: Iterable[str] | None, engine: AttributionEngine, outputs: int) -> list[str]:
    """Name the classes; two of them for one output."""
    count = max(2, outputs)
    listed = list(given) if given is not None else engine.class_names
    if listed is None:
        return [str(index) for index in range(count)]
    if len(listed) == 1 and outputs == 1:
        listed = [f"not {listed[0]}", listed[0]]
    if len(listed) != count:
        raise ValueError(
            f"class_names has {len(listed)} names, but the model has {count} classes; give one "
            "name per class, in the order of the model's outputs."
        )
    return [to_text(str(name)) for name in listed]


def labels(given: Any, rows: Rows) -> NDArray[Any] | None:
    """Check the true classes or numbers of the rows."""
    return None if given is None else labels_of(given, len(rows))


def row(explorer: TabularExplorer, name: str, value: Any) -> int:
    """Accept the number of a row."""
    index: int = whole(0, len(explorer._rows) - 1)(explorer, name, value)
    return index


def target(explorer: TabularExplorer, _: str, value: Any) -> Any:
    """Accept a class, a pair of classes, or None."""
    check_target(value, explorer.engine.class_count)
    return None if value is None else plain_target(value)


def method(explorer: TabularExplorer, _: str, value: Any) -> str | Method:
    """Accept a method by name, or as an object; its baseline gives way to the explorer's."""
    choice = choices.named_method(value)
    if not isinstance(choice, str) and hasattr(choice, "steps"):
        settings.steps(explorer, "the method's steps", choice.steps)
    return choice


def text(_: Any, name: str, value: Any) -> str:
    """Accept text."""
    if not isinstance(value, str):
        raise TypeError(f"{name}={value!r} is a {type(value).__name__}; expected text.")
    return value


def truth(_: Any, name: str, value: Any) -> bool:
    """Accept True or False."""
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name}={value!r} is a {type(value).__name__}; expected True or False.")
    return bool(value)


def wrong_only(explorer: TabularExplorer, name: str, value: Any) -> bool:
    """Accept True where it is known what is wrong."""
    if truth(explorer, name, value) and explorer._labels is None:
        raise ValueError(
            "wrong_only=True, but no labels were given; pass the true classes as labels= when you "
            "make the explorer."
        )
    return bool(value)


def sort_by(explorer: TabularExplorer, name: str, value: Any) -> str:
    """Accept a raw column, one of the model's, or "" for the table's own order."""
    raw = explorer._rows.names
    own = {each: f"{each} (model)" if each in raw else each for each in MODEL_COLUMNS}
    known = ["", *raw, *own.values()]
    column = text(explorer, name, value)
    if column not in known:
        near = difflib.get_close_matches(column, known[1:], n=1, cutoff=0)
        raise ValueError(f"the table has no column {column!r}. Did you mean {near[0]!r}?")
    return column


def confidence(explorer: TabularExplorer, name: str, value: Any) -> tuple[float, float]:
    """Accept a pair of probabilities, the smaller one first."""
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 2:
        raise TypeError(
            f"{name}={value!r}; expected a pair of numbers from 0 to 1, such as (0, 1)."
        )
    low, high = (real(0, 1)(explorer, name, each) for each in value)
    if low > high:
        raise ValueError(f"{name}={value!r}; expected the smaller limit first.")
    return low, high


def edits(explorer: TabularExplorer, name: str, value: Any) -> dict[str, Any]:
    """Accept values for raw columns; those that the row has anyway are no edits."""
    if not isinstance(value, Mapping):
        raise TypeError(
            f"{name}={value!r} is a {type(value).__name__}; expected a dict of column to value."
        )
    rows = explorer._rows
    own = rows.row(explorer.row).values if explorer._ready else None
    checked: dict[str, Any] = {}
    for key, given in value.items():
        at = rows.position(key)
        new = rows.columns[at].edited(given)
        if own is None or new != own[at]:
            checked[str(key)] = new
    return checked


def edits_to_json(value: dict[str, Any], _: Any) -> dict[str, Any]:
    """Send values that JSON has no word for, such as dates, as text."""
    return {
        name: new if new is None or isinstance(new, bool | int | float | str) else str(new)
        for name, new in value.items()
    }
