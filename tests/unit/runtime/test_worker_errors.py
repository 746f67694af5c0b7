"""Errors in a run: delivered, and the next request is served."""

import threading

from steps import PATIENCE, Steps, kinds


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
