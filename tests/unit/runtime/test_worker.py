"""The worker: latest wins, turns, cancellation, and nothing left behind."""

import gc
import subprocess
import sys
import threading
import weakref

import pytest

from tfinterp_widgets.runtime import slot_for

# Only guards against a hang: no assertion depends on how fast anything is.
PATIENCE = 60


class Engine:
    """Anything that can be a key."""


class Steps:
    """An iterator whose every item waits until the test allows it."""

    def __init__(self, count):
        self.count = count
        self.allowed = threading.Semaphore(0)
        self.asked = threading.Semaphore(0)
        self.closed = threading.Event()

    def allow(self, items=1):
        for _ in range(items):
            self.allowed.release()

    def await_ask(self):
        assert self.asked.acquire(timeout=PATIENCE)

    def __call__(self):
        try:
            for number in range(self.count):
                self.asked.release()
                assert self.allowed.acquire(timeout=PATIENCE)
                yield number
        finally:
            self.closed.set()


@pytest.fixture
def engine():
    return Engine()


@pytest.fixture
def slot(engine):
    slot = slot_for(engine)
    yield slot
    slot.close()


def kinds(events):
    return [event.kind for event in events]


def worker_threads():
    return [thread for thread in threading.enumerate() if thread.name == "tfinterp-worker"]


def test_items_arrive_in_order_and_end_with_done(slot):
    events = []
    run = slot.submit(lambda: iter("abc"), events.append)
    assert slot.wait(PATIENCE)
    assert [event.item for event in events] == ["a", "b", "c", None]
    assert kinds(events) == ["item", "item", "item", "done"]
    assert {event.run for event in events} == {run}


def test_a_newer_request_replaces_the_older_one(slot):
    old, events = Steps(9), []
    first = slot.submit(old, events.append)
    old.await_ask()
    second = slot.submit(lambda: iter("z"), events.append)
    old.allow()
    assert slot.wait(PATIENCE)
    assert old.closed.is_set()
    assert second > first
    assert [(event.run, event.kind) for event in events] == [(second, "item"), (second, "done")]


def test_of_many_requests_during_one_chunk_only_the_last_is_begun(slot):
    old, events, begun = Steps(9), [], []

    def ask(number):
        def begin():
            begun.append(number)
            return iter([number])

        slot.submit(begin, events.append)

    slot.submit(old, events.append)
    old.await_ask()
    for number in range(50):
        ask(number)
    old.allow()
    assert slot.wait(PATIENCE)
    assert begun == [49]
    assert [event.item for event in events if event.kind == "item"] == [49]


def test_a_slot_that_is_closed_while_it_hears_drops_the_iterator(engine):
    slot, steps = slot_for(engine), Steps(9)
    steps.allow(9)
    slot.submit(steps, lambda _: slot.close())
    assert steps.closed.wait(PATIENCE)


def test_cancel_ends_the_run_between_items_and_says_so(slot):
    steps, events = Steps(9), []
    slot.submit(steps, events.append)
    steps.await_ask()
    steps.allow()
    steps.await_ask()
    slot.cancel()
    assert not steps.closed.is_set()  # the chunk that runs is not torn apart
    steps.allow()
    assert slot.wait(PATIENCE)
    assert steps.closed.is_set()
    assert kinds(events) == ["item", "cancelled"]


def test_a_request_cancelled_before_its_turn_is_never_begun(engine, slot):
    other, busy, begun, events = slot_for(engine), Steps(1), [], []
    other.submit(busy, lambda _: None)
    busy.await_ask()
    slot.submit(lambda: begun.append(1) or iter("a"), events.append)
    slot.cancel()
    busy.allow()
    assert slot.wait(PATIENCE)
    assert begun == []
    assert kinds(events) == ["cancelled"]
    other.close()


def test_cancel_of_an_idle_slot_does_not_touch_the_next_request(slot):
    events = []
    slot.cancel()
    slot.submit(lambda: iter("a"), events.append)
    assert slot.wait(PATIENCE)
    assert kinds(events) == ["item", "done"]


def test_slots_of_one_engine_take_turns_item_by_item(engine, slot):
    other, order, gate = slot_for(engine), [], Steps(1)
    slot.submit(gate, lambda _: None)
    gate.await_ask()  # both requests queue up behind this chunk
    slot.submit(lambda: iter("abc"), lambda event: order.append(("one", event.item)))
    other.submit(lambda: iter("xyz"), lambda event: order.append(("two", event.item)))
    gate.allow()
    assert slot.wait(PATIENCE)
    assert other.wait(PATIENCE)
    assert sorted(order[:2]) == [("one", "a"), ("two", "x")]
    names = [name for name, _ in order]
    assert names == names[:2] * 4
    other.close()


def test_one_thread_for_one_engine_two_for_two(slot, engine):
    def thread_of(slot):
        seen = []
        slot.submit(lambda: iter([threading.current_thread()]), lambda e: seen.append(e.item))
        assert slot.wait(PATIENCE)
        return seen[0]

    same, elsewhere = slot_for(engine), slot_for(foreign := Engine())
    assert thread_of(slot) is thread_of(same)
    assert thread_of(slot) is not thread_of(elsewhere)
    assert thread_of(slot).daemon
    same.close()
    elsewhere.close()
    del foreign


def test_an_error_is_delivered_and_the_next_request_is_served(slot, capfd):
    def broken():
        yield "a"
        raise ZeroDivisionError("half way")

    events = []
    slot.submit(broken, events.append)
    assert slot.wait(PATIENCE)
    assert kinds(events) == ["item", "error"]
    assert str(events[-1].error) == "half way"
    slot.submit(lambda: iter("b"), events.append)
    assert slot.wait(PATIENCE)
    assert kinds(events)[2:] == ["item", "done"]
    assert capfd.readouterr() == ("", "")


def test_an_error_before_the_first_item_is_delivered(slot):
    events = []
    slot.submit(lambda: 1 / 0, events.append)
    assert slot.wait(PATIENCE)
    assert isinstance(events[0].error, ZeroDivisionError)


def test_an_error_in_the_callback_ends_the_run_and_is_delivered(slot, capfd):
    events, steps = [], Steps(9)

    def deliver(event):
        events.append(event)
        if event.kind == "item":
            raise KeyError("view")

    steps.allow(9)
    slot.submit(steps, deliver)
    assert slot.wait(PATIENCE)
    assert steps.closed.is_set()
    assert kinds(events) == ["item", "error"]
    assert isinstance(events[-1].error, KeyError)
    assert capfd.readouterr() == ("", "")


def test_an_error_while_a_dropped_run_cleans_up_concerns_nobody(slot, capfd):
    begun, go_on, events = threading.Event(), threading.Event(), []

    def fails_at_the_end():
        try:
            begun.set()
            assert go_on.wait(PATIENCE)
            yield "a"
        finally:
            raise ZeroDivisionError

    slot.submit(fails_at_the_end, events.append)
    assert begun.wait(PATIENCE)
    slot.submit(lambda: iter("b"), events.append)
    go_on.set()
    assert slot.wait(PATIENCE)
    assert kinds(events) == ["item", "done"]
    assert capfd.readouterr() == ("", "")


def test_a_request_made_during_delivery_is_served(slot):
    events = []

    def again(event):
        events.append(event)
        if event.item == "a":
            slot.submit(lambda: iter("b"), again)

    slot.submit(lambda: iter("a"), again)
    assert slot.wait(PATIENCE)
    assert [event.item for event in events] == ["a", "b", None]


def test_a_request_made_while_the_end_is_delivered_keeps_the_slot_busy(slot):
    steps, asked = Steps(1), threading.Event()

    def at_the_end(event):
        if event.kind == "done" and not asked.is_set():
            slot.submit(steps, at_the_end)
            asked.set()

    slot.submit(lambda: iter(()), at_the_end)
    assert asked.wait(PATIENCE)
    steps.await_ask()
    assert not slot.wait(0)
    steps.allow()
    assert slot.wait(PATIENCE)


def test_wait_times_out_while_a_run_lasts(slot):
    steps = Steps(1)
    slot.submit(steps, lambda _: None)
    assert slot.wait(0.01) is False
    steps.allow()
    assert slot.wait(PATIENCE) is True


def test_wait_on_the_worker_thread_is_an_error(slot):
    errors = []

    def deliver(event):
        if event.kind == "item":
            try:
                slot.wait()
            except RuntimeError as error:
                errors.append(str(error))

    slot.submit(lambda: iter("a"), deliver)
    assert slot.wait(PATIENCE)
    assert "never return" in errors[0]


def test_close_during_a_run_closes_the_generator_and_says_nothing_more(slot):
    steps, events = Steps(9), []
    slot.submit(steps, events.append)
    steps.await_ask()
    slot.close()
    assert slot.wait(PATIENCE)
    steps.allow()
    assert steps.closed.wait(PATIENCE)
    assert events == []
    with pytest.raises(RuntimeError, match="closed"):
        slot.submit(steps, events.append)


def test_the_thread_ends_with_the_last_slot_and_starts_again(engine):
    before = set(worker_threads())
    first, second = slot_for(engine), slot_for(engine)
    first.submit(lambda: iter("a"), lambda _: None)
    assert first.wait(PATIENCE)
    (thread,) = set(worker_threads()) - before
    first.close()
    second.submit(lambda: iter("a"), lambda _: None)
    assert second.wait(PATIENCE)
    assert thread.is_alive()
    second.close()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    third, events = slot_for(engine), []
    third.submit(lambda: iter("a"), events.append)
    assert third.wait(PATIENCE)
    assert kinds(events) == ["item", "done"]
    third.close()


class Listener:
    def __init__(self, engine):
        self.slot = slot_for(engine)
        self.heard = []

    def hear(self, event):
        self.heard.append(event)


def test_a_dropped_listener_dies_during_its_run_and_the_thread_ends(engine):
    before = set(worker_threads())
    listener, steps = Listener(engine), Steps(9)
    listener.slot.submit(steps, listener.hear)
    steps.await_ask()
    (thread,) = set(worker_threads()) - before
    gone = weakref.ref(listener)
    del listener
    gc.collect()
    assert gone() is None
    steps.allow()
    assert steps.closed.wait(PATIENCE)
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_an_idle_worker_keeps_neither_the_engine_nor_the_last_item():
    engine = Engine()
    slot = slot_for(engine)
    item = Engine()
    slot.submit(lambda item=item, engine=engine: iter([item, engine]), lambda _: None)
    assert slot.wait(PATIENCE)
    alive = weakref.WeakSet([engine, item])
    del engine, item
    # The thread has let go of a run once it has begun the next one.
    slot.submit(lambda: iter(()), lambda _: None)
    assert slot.wait(PATIENCE)
    gc.collect()
    assert len(alive) == 0
    slot.close()


def test_the_interpreter_ends_while_a_run_lasts():
    script = """
import threading
from tfinterp_widgets.runtime import slot_for
class Engine: pass
engine, begun = Engine(), threading.Event()
def forever():
    while True:
        begun.set()
        yield
slot = slot_for(engine)
slot.submit(forever, lambda event: None)
begun.wait()
print("leaving")
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=PATIENCE
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "leaving\n", "")
