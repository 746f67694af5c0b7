"""A cache that forgets what was used longest ago once it holds too many bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

ENTRY_BYTES = 1_000
"""What an entry takes beside its arrays: its key, and what holds the arrays."""


class ByteLimitedCache:
    """Least recently used values, up to a limit of bytes. Safe to use from several threads.

    Parameters
    ----------
    limit : int
        Bytes that the values may take together, >= 0; a value larger than that is not kept.
    """

    def __init__(self, limit: int) -> None:
        self._entries: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()
        self.size = 0
        self.limit = limit

    @property
    def limit(self) -> int:
        """Bytes that the values may take together; ValueError below 0. Lowering it forgets."""
        return self._limit

    @limit.setter
    def limit(self, limit: int) -> None:
        if limit < 0:
            raise ValueError(f"a cache limit of {limit} bytes; expected 0 or more.")
        with self._lock:
            self._limit = limit
            self._shrink()

    def get(self, key: Hashable) -> Any | None:
        """Return the value, or None."""
        with self._lock:
            if key not in self._entries:
                return None
            self._entries.move_to_end(key)
            return self._entries[key][0]

    def put(self, key: Hashable, value: Any, size: int) -> None:
        """Keep a value whose arrays take `size` bytes."""
        size += ENTRY_BYTES
        with self._lock:
            self.size -= self._entries.pop(key, (None, 0))[1]
            if size > self._limit:  # it would push out everything else, and then itself
                return
            self._entries[key] = value, size
            self.size += size
            self._shrink()

    def keys(self) -> list[Hashable]:
        """All keys, the one used longest ago first."""
        with self._lock:
            return list(self._entries)

    def _shrink(self) -> None:
        while self.size > self._limit:
            _, (_, size) = self._entries.popitem(last=False)
            self.size -= size
