"""Text that can cross: Python's strings hold more than UTF-8, JSON and source code do."""

from __future__ import annotations

import re

_UNWRITABLE = re.compile("[\0\ud800-\udfff]")


def to_text(text: str) -> str:
    r"""Put U+FFFD in place of NUL and of lone surrogates, as names of files may have them.

    Examples
    --------
    >>> to_text("caf\udce9")
    'caf�'
    """
    return _UNWRITABLE.sub("\ufffd", text)
