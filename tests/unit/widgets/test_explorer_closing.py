"""A closed explorer is quiet, and leaves nothing behind."""

import gc
import threading
import weakref

import pytest
from answers import PATIENCE

from tfinterp_widgets import AttributionExplorer


def test_closed_and_dropped_it_dies_and_the_thread_ends(engine, images, gate):
    before = set(threading.enumerate())
    explorer = AttributionExplorer(engine, images)
    gate.close()
    explorer.explain()
    gate.await_chunk()
    (thread,) = set(threading.enumerate()) - before
    explorer.close()
    explorer.close()
    assert explorer.status["state"] == "cancelled"
    assert explorer.wait(PATIENCE)
    gone = weakref.ref(explorer)
    del explorer
    gc.collect()
    assert gone() is None
    gate.open()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_a_closed_explorer_stays_quiet(finished):
    finished.close()
    finished.steps = 2
    assert finished.wait(PATIENCE)
    assert finished.status["state"] == "done"
    with pytest.raises(RuntimeError, match="closed"):
        finished.explain()


LATE = [{"kind": kind} for kind in ("ready", "shown", "explain", "cancel", "dance")]


@pytest.mark.parametrize("content", LATE, ids=lambda content: content["kind"])
def test_a_message_that_comes_too_late_is_ignored(finished, view, content, capfd):
    finished.close()
    before = finished.status
    view.messages.clear()
    finished._handle_custom_msg(content, [])
    assert finished.status == before
    assert view.messages == []
    assert capfd.readouterr().err == ""
