"""Parameters that people give: numbers of the right kind, and keywords that are known."""

from __future__ import annotations

import difflib
import functools
import inspect
import math
import numbers
import operator
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Class = TypeVar("Class", bound=type)


def suggests_keywords(kind: Class) -> Class:
    """Make a class answer an unknown keyword with the nearest one it has.

    Raises
    ------
    TypeError
        By the decorated class, as Python would, with the likely spelling added.

    Examples
    --------
    >>> @suggests_keywords
    ... class Ruler:
    ...     def __init__(self, length=1):
    ...         self.length = length
    >>> Ruler(lenght=3)
    Traceback (most recent call last):
    TypeError: Ruler has no parameter 'lenght'; did you mean 'length'? It takes length.
    """
    make = kind.__init__  # type: ignore[misc]  # no subclass is meant
    known = [name for name in inspect.signature(make).parameters if name != "self"]

    @functools.wraps(make)
    def init(self: Any, *args: Any, **keywords: Any) -> None:
        for name in keywords:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else "."
                raise TypeError(
                    f"{kind.__name__} has no parameter {name!r}{hint} "
                    f"It takes {', '.join(known) or 'none'}."
                )
        make(self, *args, **keywords)

    kind.__init__ = init  # type: ignore[misc]
    return kind


def as_numbers(value: Any, what: str) -> NDArray[Any]:
    """Take anything array-like as an array of real numbers, or raise TypeError."""
    try:
        array = np.asarray(value)
    except ValueError:
        raise TypeError(f"{what} is a ragged list; expected an array of real numbers.") from None
    if array.dtype == object and all(map(_is_real, array.flat)):
        array = array.astype(np.float64)  # a row of a table with columns of several types
    elif array.dtype.name == "bfloat16":  # which NumPy does not take for a number
        array = array.astype(np.float32)
    if array.dtype.kind not in "buif":
        raise TypeError(
            f"{what} is a {type(value).__name__} with dtype {array.dtype}; expected an array of "
            "real numbers."
        )
    return array


def _is_real(value: Any) -> bool:
    return isinstance(value, numbers.Real | np.bool_)


def whole_number(name: str, value: Any, at_least: int) -> int:
    """Take any kind of whole number as an int; raise TypeError or ValueError otherwise."""
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool):
        raise TypeError(f"{name}={value!r} is a {type(value).__name__}; expected a whole number.")
    if number < at_least:
        raise ValueError(f"{name}={number}; expected a whole number of at least {at_least}.")
    return number


def real_number(
    name: str, value: Any, at_least: float = -math.inf, at_most: float = math.inf
) -> float:
    """Take any kind of finite number as a float; raise TypeError or ValueError otherwise."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name}={value!r} is a {type(value).__name__}; expected a number.")
    try:
        number = float(value)
    except OverflowError:  # an int beyond all floats
        number = math.nan
    if not (math.isfinite(number) and at_least <= number <= at_most):
        bounds = [
            f" {word} {bound:g}"
            for word, bound in (("of at least", at_least), ("of at most", at_most))
            if math.isfinite(bound)
        ]
        raise ValueError(f"{name}={value!r}; expected a finite number{' and'.join(bounds)}.")
    return number


def check_layer_name(layer: Any) -> None:
    """Raise TypeError unless `layer` is a name, or None for one that is chosen."""
    if layer is not None and not isinstance(layer, str):
        raise TypeError(
            f"layer={layer!r} is a {type(layer).__name__}; expected the name of a layer, such as "
            "model.layers[-3].name, or None to have one chosen."
        )
