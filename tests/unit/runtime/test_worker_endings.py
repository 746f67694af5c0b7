"""What was closed or dropped ends, and nothing is left behind."""

import gc
import subprocess
import sys
import weakref

import pytest
from steps import PATIENCE, Engine, Steps, kinds, worker_threads

from tfinterp_widgets.runtime import slot_for


def test_a_slot_that_is_closed_while_it_hears_drops_the_iterator(engine):
    slot, steps = slot_for(engine), Steps(9)
    steps.allow(9)
    slot.submit(steps, lambda _: slot.close())
    assert steps.closed.wait(PATIENCE)


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
