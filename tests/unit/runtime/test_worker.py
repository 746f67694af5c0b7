"""The worker: latest wins, turns, cancellation, waiting."""

import threading

from steps import PATIENCE, Engine, Steps, kinds

from tfinterp_widgets.runtime import slot_for


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
