"""A widget's runs at its worker, one at a time, and what its `status` says of them."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Iterator
from typing import Any

from tfinterp_widgets.runtime import Event, slot_for
from tfinterp_widgets.widgets.shared.errors import explain
from tfinterp_widgets.widgets.shared.refusing import Refusing

PAUSE_SECONDS = 0.05
"""Progress and previews: as often as the eye follows, at most."""

IDLE = {
    "state": "idle",
    "done": 0,
    "total": 0,
    "progress": 0.0,
    "message": "",
    "run": 0,
    "seconds": 0.0,
}
"""The `status` of a widget that was not asked anything yet."""


class Runner:
    """Submits a widget's questions, hears the answers on the worker's thread, reports progress.

    Parameters
    ----------
    widget : Refusing
        With a trait `status`; all calls back hold its lock.
    owner : object
        Whose worker it is: an engine or a model. Widgets with one owner take turns.
    take : callable
        Called with each item of the newest run.
    """

    def __init__(self, widget: Refusing, owner: object, take: Callable[[Any], None]) -> None:
        self._widget = widget
        self._take = take
        self._slot = slot_for(owner)
        self._began = self._reported = 0.0
        self._status: dict[str, Any] = IDLE
        self.run = 0

    @property
    def begun(self) -> bool:
        """Whether anything was asked yet."""
        return self._began > 0

    @property
    def seconds(self) -> float:
        """Seconds since the newest run began."""
        return round(time.monotonic() - self._began, 3)

    def start(self, make_iterator: Callable[[], Iterator[Any]], total: int) -> None:
        """Submit a question of about `total` parts and return at once; an older one is dropped."""
        self._began = time.monotonic()
        self._reported = 0.0
        self.run = self._slot.submit(make_iterator, self._hear)
        self._report(state="running", done=0, total=total, progress=0.0, message="", run=self.run)

    def progress(
        self,
        done: int,
        total: int,
        *,
        final: bool,
        message: str = "",
        share: float | None = None,
    ) -> None:
        """Show how far the run is; not more often than the eye follows, unless it is its end.

        `share` is the part of the work that is done, where that is not ``done / total``.
        """
        now = time.monotonic()
        if final or now - self._reported >= PAUSE_SECONDS:
            self._reported = now
            known = done / total if total else 0.0
            progress = known if share is None else share
            self._report(done=done, total=total, progress=progress, message=message)

    def cancel(self, run: int | None = None) -> None:
        """Ask the run to end after its current chunk; nothing where `run` is over already."""
        if run in (None, self.run):
            self._slot.cancel()

    def wait(self, timeout: float | None) -> bool:
        """Block until idle."""
        return self._slot.wait(timeout)

    def close(self) -> None:
        """Leave the worker."""
        self.run = -1
        self._slot.close()
        if self._status["state"] == "running":
            self._report(state="cancelled", message="")

    def show_status(self) -> None:
        """Show how the run goes, or what was wrong with the value that was set last."""
        status, why = self._status, self._widget._refused
        if why:
            # Of a run that goes on the progress stays in sight, and so does the way to cancel it.
            state = "running" if status["state"] == "running" else "error"
            status = {**status, "state": state, "message": why}
        self._widget.set_trait("status", status)  # type: ignore[attr-defined]

    def _hear(self, event: Event) -> None:
        with self._widget._exclusively():
            if event.run != self.run:
                return
            if event.kind == "item":
                self._take(event.item)
            elif event.kind == "error":
                self._report(state="error", message=explain(event.error))
            else:
                self._report(state=event.kind, message="")

    def _report(self, **progress: Any) -> None:
        self._status = {**self._status, **progress, "seconds": self.seconds}
        self.show_status()


def owner_of(model: Any, widget: object) -> object:
    """Whose worker answers: the model's, where widgets can find one another by it."""
    try:
        hash(model)
        weakref.ref(model)
    except TypeError:
        return widget
    return model
