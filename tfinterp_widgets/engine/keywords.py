"""Unknown keywords are answered with the nearest known one."""

from __future__ import annotations

import difflib
import functools
import inspect
from typing import Any, TypeVar

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
