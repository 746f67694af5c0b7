"""Waiting for an answer, observers, and changes from several threads."""

import threading

import pytest
from answers import PATIENCE, done

from tfinterp_widgets import AttributionExplorer


def test_wait_gives_up_after_its_timeout(explorer, gate):
    gate.close()
    explorer.explain()
    assert explorer.wait(0.01) is False
    gate.open()
    assert explorer.wait(PATIENCE) is True


@pytest.mark.parametrize("trait", ["steps", "status"])
def test_wait_inside_an_observer_is_an_error(explorer, trait):
    errors = []

    def observer(_):
        try:
            explorer.wait()
        except RuntimeError as error:
            errors.append(str(error))

    explorer.observe(observer, trait)
    explorer.steps = 4
    explorer.unobserve(observer, trait)
    assert "inside an observer" in errors[0]
    assert done(explorer) == "done"


def test_wait_while_changes_are_held_is_an_error(explorer):
    with explorer.hold_trait_notifications(), pytest.raises(RuntimeError, match="hold_trait"):
        explorer.wait()


def test_an_observer_may_ask_the_next_question(explorer):
    asked = threading.Event()

    def observer(change):
        if change["new"]["state"] == "done" and not asked.is_set():
            asked.set()
            explorer.target = 1

    explorer.observe(observer, "status")
    explorer.target = 0
    assert asked.wait(PATIENCE)
    assert done(explorer) == "done"
    assert explorer.result.target == 1


def test_changes_from_several_threads_are_all_heard(explorer, view):
    heard = []
    explorer.observe(lambda change: heard.append(change["new"]), "opacity")
    rounds, barrier = 200, threading.Barrier(3)

    def from_the_view():
        barrier.wait(PATIENCE)
        for number in range(rounds):
            view.set(opacity=number / rounds, smooth=number)

    def from_python(offset):
        barrier.wait(PATIENCE)
        for number in range(rounds):
            explorer.opacity = (number + offset) / rounds

    threads = [
        threading.Thread(target=from_the_view),
        threading.Thread(target=from_python, args=(0.25,)),
        threading.Thread(target=from_python, args=(0.75,)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(heard) == 3 * rounds
    assert heard[-1] == explorer.opacity


def test_linked_explorers_changed_from_two_threads_do_not_deadlock(finished, engine, images):
    import traitlets

    other = AttributionExplorer(engine, images, steps=8)
    link = traitlets.link((finished, "opacity"), (other, "opacity"))
    barrier = threading.Barrier(2)

    def change(explorer, offset):
        barrier.wait(PATIENCE)
        for number in range(200):
            explorer.opacity = (number + offset) / 200

    threads = [
        threading.Thread(target=change, args=(finished, 0.25), daemon=True),
        threading.Thread(target=change, args=(other, 0.75), daemon=True),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)
    assert finished.opacity == other.opacity
    link.unlink()
    other.close()
