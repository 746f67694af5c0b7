"""One engine, one thread, latest question wins.

Every widget on an engine has one `Slot`. A slot holds at most one request, an iterator of ever
better answers; a newer request takes the place of an older one, which is dropped at its next item.
Slots take turns item by item, so two widgets on one model advance together.

The lock is a leaf: no callback ever runs while it is held, so it cannot take part in a deadlock.
"""

from __future__ import annotations

import atexit
import contextlib
import inspect
import itertools
import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["item", "done", "cancelled", "error"]

# How long the end of the interpreter waits for a chunk that is being computed.
_GRACE_SECONDS = 5.0

_END = object()


@dataclass(frozen=True)
class Event:
    """What a run has to say: an item, or how it ended.

    Parameters
    ----------
    run : int
        The number that `Slot.submit` returned.
    kind : {"item", "done", "cancelled", "error"}
        Every run that is not replaced by a newer one ends with exactly one of the last three.
    item : object
        What the iterator yielded, for an item.
    error : BaseException, optional
        What the iterator, or the callback itself, raised.
    """

    run: int
    kind: Kind
    item: Any = None
    error: BaseException | None = None


Deliver = Callable[[Event], None]


class _Request:
    """One question: how to begin answering it, and whom to tell."""

    def __init__(self, run: int, make_iterator: Callable[[], Iterator[Any]], deliver: Deliver):
        self.run = run
        self.make_iterator = make_iterator
        self.cancelled = False
        # A bound method would keep its widget alive for as long as the run lasts.
        self.deliver: Callable[[], Deliver | None] = (
            weakref.WeakMethod(deliver) if inspect.ismethod(deliver) else lambda: deliver
        )


class _Lane:
    """What the worker keeps of a slot; it knows nothing of the slot or its widget."""

    def __init__(self) -> None:
        self.request: _Request | None = None  # the newest; guarded by the worker's lock
        self.begun: _Request | None = None  # whose iterator is open; the thread's own
        self.iterator: Iterator[Any] | None = None

    def step(self, request: _Request) -> Event:
        """Compute the next item of `request`."""
        try:
            if self.iterator is None:
                self.begun, self.iterator = request, iter(request.make_iterator())
            item = next(self.iterator, _END)
        except BaseException as error:  # whatever a model raises belongs in the widget's status
            return Event(request.run, "error", error=error)
        return Event(request.run, "done") if item is _END else Event(request.run, "item", item)

    def drop(self) -> None:
        """Close the open iterator."""
        iterator, self.begun, self.iterator = self.iterator, None, None
        # The run is over: an error in its own clean-up concerns nobody any more.
        with contextlib.suppress(BaseException):
            close = getattr(iterator, "close", None)
            if close is not None:
                close()


class _Worker:
    """The thread of one engine, alive while there is a slot. It refers to neither."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._lanes: set[_Lane] = set()
        self._turns: deque[_Lane] = deque()
        self._thread: threading.Thread | None = None
        self._runs = itertools.count(1)

    def open(self) -> _Lane:
        lane = _Lane()
        with self._changed:
            self._lanes.add(lane)
        return lane

    def submit(
        self, lane: _Lane, make_iterator: Callable[[], Iterator[Any]], deliver: Deliver
    ) -> int:
        with self._changed:
            if lane not in self._lanes:
                raise RuntimeError("This slot is closed: it takes no further requests.")
            lane.request = _Request(next(self._runs), make_iterator, deliver)
            self._queue(lane)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._serve, name="tfinterp-worker", daemon=True
                )
                self._thread.start()
            return lane.request.run

    def cancel(self, lane: _Lane) -> None:
        with self._changed:
            if lane.request is not None:
                lane.request.cancelled = True

    def wait(self, lane: _Lane, timeout: float | None) -> bool:
        if threading.current_thread() is self._thread:
            raise RuntimeError(
                "wait() was called from the thread that computes the answer, so it would never "
                "return. Call it from the main thread, outside any callback."
            )
        with self._changed:
            return self._changed.wait_for(lambda: lane.request is None, timeout)

    def close(self, lane: _Lane) -> None:
        with self._changed:
            lane.request = None
            self._lanes.discard(lane)
            self._changed.notify_all()

    def stop(self) -> None:
        """Close every slot and give the thread a moment to leave the model."""
        with self._changed:
            thread = self._thread
            for lane in list(self._lanes):
                self.close(lane)
        if thread is not None:
            thread.join(_GRACE_SECONDS)

    def _queue(self, lane: _Lane) -> None:
        if lane.request is not None and lane not in self._turns:
            self._turns.append(lane)
            self._changed.notify_all()

    def _serve(self) -> None:
        while (lane := self._next()) is not None:
            self._advance(lane)
            with self._changed:
                self._queue(lane)

    def _next(self) -> _Lane | None:
        with self._changed:
            while not self._turns:
                if not self._lanes:
                    self._thread = None
                    return None
                self._changed.wait()
            return self._turns.popleft()

    def _advance(self, lane: _Lane) -> None:
        """Give one lane its turn: one item, or the end of a run."""
        request = lane.request
        if lane.begun is not request:
            lane.drop()
        if request is None:
            return
        event = Event(request.run, "cancelled") if request.cancelled else lane.step(request)
        if lane.request is not request:  # replaced or closed meanwhile
            lane.drop()
            return
        if request.cancelled:
            event = Event(request.run, "cancelled")
        told = self._tell(request, event)
        if lane.request is not request:  # whoever heard it closed the slot, or asked anew
            lane.drop()
        elif told != "item":
            lane.drop()
            with self._changed:
                if lane.request is request:
                    lane.request = None
                    self._changed.notify_all()

    @staticmethod
    def _tell(request: _Request, event: Event) -> Kind:
        """Deliver an event; the kind is what became of it, an error where the callback failed."""
        deliver = request.deliver()
        if deliver is None:  # nobody is left to hear the answer
            return "cancelled"
        try:
            deliver(event)
        except BaseException as error:
            with contextlib.suppress(BaseException):
                deliver(Event(request.run, "error", error=error))
            return "error"
        return event.kind


class Slot:
    """One widget's place at an engine's worker; made by `slot_for`.

    A slot that is garbage collected closes itself.
    """

    def __init__(self, worker: _Worker) -> None:
        self._worker = worker
        self._lane = worker.open()
        weakref.finalize(self, worker.close, self._lane).atexit = False

    def submit(self, make_iterator: Callable[[], Iterator[Any]], deliver: Deliver) -> int:
        """Ask, and return at once. A request of this slot that still runs is dropped.

        Parameters
        ----------
        make_iterator : callable
            Called on the worker's thread. Between two items of the iterator it returns, the
            request may be dropped: a generator is then closed.
        deliver : callable
            Gets every `Event` of this run, on the worker's thread. Of a bound method only a weak
            reference is kept. An event of a run that is just being replaced may still be under
            way: compare `event.run` with the newest run.

        Returns
        -------
        int
            The number of the run, larger than any before on this engine.

        Raises
        ------
        RuntimeError
            When the slot is closed.
        """
        return self._worker.submit(self._lane, make_iterator, deliver)

    def cancel(self) -> None:
        """Ask the run to end at its next item; it does so with a "cancelled" event."""
        self._worker.cancel(self._lane)

    def wait(self, timeout: float | None = None) -> bool:
        """Block until nothing runs: True then, False after `timeout` seconds.

        Raises
        ------
        RuntimeError
            On the worker's own thread, where it would wait for itself.
        """
        return self._worker.wait(self._lane, timeout)

    def close(self) -> None:
        """Drop the request and leave. The thread ends with its last slot."""
        self._worker.close(self._lane)


_workers: weakref.WeakKeyDictionary[object, _Worker] = weakref.WeakKeyDictionary()
_workers_lock = threading.Lock()


def slot_for(engine: object) -> Slot:
    """Open a slot at the worker that all users of `engine` share.

    Examples
    --------
    >>> class Engine: ...
    >>> slot, heard = slot_for(Engine()), []
    >>> run = slot.submit(lambda: iter("ab"), heard.append)
    >>> slot.wait()
    True
    >>> [event.item or event.kind for event in heard]
    ['a', 'b', 'done']
    """
    with _workers_lock:
        return Slot(_workers.setdefault(engine, _Worker()))


@atexit.register
def _stop_all() -> None:
    # A daemon thread that the interpreter tears down inside TensorFlow may abort the process.
    for worker in list(_workers.values()):
        worker.stop()
