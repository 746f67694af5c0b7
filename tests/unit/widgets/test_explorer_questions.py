"""What asks the engine a question, what does not, and which question wins."""

import numpy as np
import pytest
from answers import PATIENCE, attribute, done

from tfinterp_widgets import AttributionExplorer
from tfinterp_widgets.runtime import Event


def test_making_an_explorer_asks_nothing(explorer):
    assert explorer.wait(PATIENCE)
    assert explorer.status["state"] == "idle"
    assert explorer.result is None


def test_the_first_display_asks_and_the_second_does_not(explorer):
    explorer._repr_mimebundle_()
    assert done(explorer) == "done"
    run = explorer.status["run"]
    explorer._repr_mimebundle_()
    assert done(explorer) == "done"
    assert explorer.status["run"] == run


def test_a_view_inside_a_layout_box_asks_once_it_is_shown(explorer, view):
    view.send({"kind": "ready"})
    assert done(explorer) == "idle"
    view.send({"kind": "shown"})
    assert done(explorer) == "done"
    view.send({"kind": "shown"})
    assert done(explorer) == "done"
    assert explorer.status["run"] == 1


def test_the_result_is_the_engines(finished):
    expected = attribute(finished)
    np.testing.assert_array_equal(finished.result.values, expected.values)
    assert finished.result.final
    assert finished.result.target == expected.target


@pytest.mark.parametrize(
    ("name", "value"),
    [("steps", 4), ("target", 0), ("target", (2, 0)), ("image_index", 2), ("baseline", "white")],
)
def test_setting_a_trait_asks(finished, name, value):
    run, before = finished.status["run"], finished.result
    setattr(finished, name, value)
    assert done(finished) == "done"
    assert finished.status["run"] == run + 1
    assert not np.array_equal(finished.result.values, before.values)


def test_a_class_named_zero_is_a_class(finished):
    finished.target = 0
    assert done(finished) == "done"
    assert finished.result.target == 0


def test_several_changes_at_once_ask_once(finished):
    run, question = finished.status["run"], finished._question
    with finished.hold_trait_notifications():
        finished.steps, finished.target, finished.image_index = 2, 1, 1
    assert done(finished) == "done"
    assert (finished.status["run"], finished._question) == (run + 1, question + 1)
    assert finished.result.target == 1


def test_several_changes_by_the_view_ask_once(finished, view):
    run = finished.status["run"]
    view.set(steps=2, target=[0, 2])
    assert done(finished) == "done"
    assert finished.status["run"] == run + 1
    assert finished.target == (0, 2)
    assert finished.result.method.steps == 2


def test_more_steps_keep_the_question_and_everything_else_changes_it(finished):
    question = finished._question
    finished.steps = 16
    assert finished._question == question
    for number, (name, value) in enumerate(
        [("target", 1), ("baseline", "grey"), ("method", "saliency"), ("image_index", 1)], 1
    ):
        setattr(finished, name, value)
        assert finished._question == question + number


def test_what_only_the_view_needs_asks_nothing(finished):
    run = finished.status["run"]
    finished.opacity, finished.sign, finished.smooth = 0.1, "absolute", 0
    assert done(finished) == "done"
    assert finished.status["run"] == run


def test_the_latest_question_wins(explorer, gate, view):
    gate.close()
    explorer.target = 0
    gate.await_chunk()
    explorer.target = 1
    explorer.target = 2
    gate.open()
    assert done(explorer) == "done"
    assert explorer.result.target == 2
    assert {content["target"] for content, _ in view.custom("map")} == {2}
    assert [result["target"] for result in view.updates("_result")] == [2]


def test_cancel_leaves_the_last_good_result(finished, gate):
    before = finished.result
    gate.close()
    finished.target = 1
    gate.await_chunk()
    finished.cancel()
    gate.open()
    assert done(finished) == "cancelled"
    assert finished.result is before
    finished.explain()
    assert done(finished) == "done"
    assert finished.result.target == 1


@pytest.mark.parametrize(("age", "state"), [(0, "cancelled"), (1, "done")])
def test_the_view_cancels_the_run_that_it_sees_and_no_later_one(explorer, gate, view, age, state):
    gate.close()
    explorer.explain()
    gate.await_chunk()
    view.send({"kind": "cancel", "run": explorer.status["run"] - age})
    gate.open()
    assert done(explorer) == state


def test_an_event_of_an_older_run_that_is_still_under_way_is_not_heard(finished):
    before = finished.status
    for kind in ("item", "error", "cancelled", "done"):
        finished._runner._hear(Event(before["run"] - 1, kind))
    assert finished.status is before


def test_two_explorers_share_an_engine_and_do_not_disturb_one_another(finished, engine, images):
    other = AttributionExplorer(engine, images, steps=4, target=1)
    other.explain()
    finished.target = 2
    assert done(other) == done(finished) == "done"
    assert (other.result.target, finished.result.target) == (1, 2)
    other.close()
    finished.target = 0
    assert done(finished) == "done"
