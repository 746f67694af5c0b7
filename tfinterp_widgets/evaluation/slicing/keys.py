"""Keys of slices: which rows a slice holds, as pairs of a feature and its value."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

SliceKey = tuple[tuple[str, Any], ...]
"""Pairs of a feature's name and its value, sorted by name; ``()`` is the whole."""

WHOLE: SliceKey = ()


def slice_key(given: Any) -> SliceKey:
    """Bring a key to the form in which tables hold it.

    Parameters
    ----------
    given : iterable of pairs, or dict
        Feature and value, in any order; values as `plain_value` takes them. A feature may be given
        by its number where columns are numbered.

    Raises
    ------
    TypeError
        If it is neither, a feature is not named by a string, or a value cannot be hashed.
    ValueError
        If a feature comes twice.

    Examples
    --------
    >>> slice_key({"housing": "rent", "age": np.int64(30)})
    (('age', 30), ('housing', 'rent'))
    """
    pairs = [_pair(pair, given) for pair in _pairs(given)]
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"slice {given!r} names feature {twice!r} twice; expected one value each.")
    return tuple(sorted(pairs, key=lambda pair: pair[0]))


def slice_name(key: SliceKey) -> str:
    """Write a key as people read it.

    Examples
    --------
    >>> slice_name((("age", "[25, 40)"), ("housing", "rent")))
    'age: [25, 40), housing: rent'
    >>> slice_name(())
    'all'
    """
    return ", ".join(f"{name}: {value_name(value)}" for name, value in key) or "all"


def value_name(value: Any) -> str:
    """Write one value of a feature; a missing one is "missing"."""
    return "missing" if value is None else str(value)


def nearest_slice(wanted: SliceKey, known: Iterable[SliceKey]) -> str:
    """Say which known slice is most like one that is not there; "" where none is."""
    keys = {slice_name(key): key for key in known}
    near = difflib.get_close_matches(slice_name(wanted), keys, n=1, cutoff=0.4)
    if near and near[0] == slice_name(wanted):  # numbers in one, their text in the other
        return f" The nearest reads alike, but is {keys[near[0]]!r}; got {wanted!r}."
    return f" The nearest is {near[0]!r}." if near else ""


def nearest_name(wanted: str, known: Iterable[str]) -> str:
    """Ask whether a known name was meant; "" where none is like it."""
    near = difflib.get_close_matches(wanted, list(known), n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


def plain_value(value: Any) -> Any:
    """Take a value as keys hold it: text, a number, a truth value, or None where it is missing.

    Whole numbers are int, and anything else is its text, as in examples for TensorFlow Model
    Analysis.

    Examples
    --------
    >>> plain_value(np.float32(2)), plain_value(pd.NaT), plain_value(pd.Timestamp("2026-01-31"))
    (2, None, '2026-01-31 00:00:00')
    """
    if isinstance(value, np.generic):
        value = pd.Timestamp(value) if value.dtype.kind == "M" else value.item()
    # pandas answers with an array for what holds several values: such are never missing.
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return value if isinstance(value, str | bool | int) else str(value)


def _pairs(given: Any) -> Iterable[Any]:
    if isinstance(given, Mapping):
        return given.items()
    if isinstance(given, Iterable) and not isinstance(given, str | bytes):
        return given
    raise _malformed(given)


def _pair(pair: Any, given: Any) -> tuple[str, Any]:
    if isinstance(pair, str | bytes) or not isinstance(pair, tuple | list) or len(pair) != 2:
        raise _malformed(given)
    name, value = pair
    if isinstance(name, int | np.integer):
        name = str(name)  # as columns that are numbered are called
    if not isinstance(name, str):
        raise _malformed(given)
    try:
        hash(value)
    except TypeError:
        raise TypeError(
            f"slice {given!r}: the value of {name!r} is a {type(value).__name__}; expected one "
            "value of the feature, such as a string or a number."
        ) from None
    return name, plain_value(value)


def _malformed(given: Any) -> TypeError:
    return TypeError(
        f"slice {given!r} is not a key; expected pairs of a feature and its value, such as "
        "(('housing', 'rent'),), a dict of these, or () for all rows."
    )
