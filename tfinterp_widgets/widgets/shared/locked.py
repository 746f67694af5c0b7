"""One lock around every change of a widget's traits, whichever thread makes it.

Comm handlers may run on any thread (ipykernel 7 has subshells), results come from the worker's, and
traitlets' batching of notifications is not made for that: without a lock updates get lost.

All widgets share one lock. With one each, two explorers that a user has linked would deadlock: each
thread holds its own widget's lock and wants the other's.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class _Exclusive:
    """A re-entrant lock that knows whether the calling thread holds it."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._depths = threading.local()

    @property
    def held(self) -> bool:
        return getattr(self._depths, "depth", 0) > 0

    def __enter__(self) -> None:
        self._lock.acquire()
        self._depths.depth = getattr(self._depths, "depth", 0) + 1

    def __exit__(self, *_: object) -> None:
        self._depths.depth -= 1
        self._lock.release()


EXCLUSIVE = _Exclusive()


class Locked:
    """Mixin for widgets, to stand before the widget class.

    Changes that belong together, those of one message from the view or of one
    ``hold_trait_notifications``, are handed on together, after the user's own observers: first to
    `_adapt`, which may change further traits, then with these to `_settle`.
    """

    _batch = 0  # numbers the changes that belong together
    _depth = 0
    _touched: frozenset[str] = frozenset()

    def _adapt(self, names: frozenset[str]) -> None:
        """Bring other traits in line with those that have changed."""
        raise NotImplementedError

    def _settle(self, names: frozenset[str]) -> None:
        """React to traits that have changed; what this changes in turn comes in another call."""
        raise NotImplementedError

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take a change of the view's."""
        with self._exclusively():
            super().set_state(sync_data)  # type: ignore[misc]

    def notify_change(self, change: Any) -> None:
        """Tell the view and the observers."""
        with self._exclusively():
            self._touched |= {change["name"]}
            super().notify_change(change)  # type: ignore[misc]

    @contextmanager
    def hold_trait_notifications(self) -> Iterator[None]:
        """Bundle several changes, so that they ask one question."""
        with self._exclusively(), super().hold_trait_notifications():  # type: ignore[misc]
            yield

    @contextmanager
    def _exclusively(self) -> Iterator[None]:
        with EXCLUSIVE:
            self._batch += self._depth == 0
            self._depth += 1
            try:
                yield
            finally:
                try:
                    if self._depth == 1:
                        self._settle_all()
                finally:
                    self._depth -= 1

    def _settle_all(self) -> None:
        while self._touched:
            self._adapt(names := self._take_touched())
            self._settle(names | self._take_touched())

    def _take_touched(self) -> frozenset[str]:
        names, self._touched = self._touched, frozenset()
        return names
