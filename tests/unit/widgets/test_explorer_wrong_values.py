"""Wrong values of traits: refused, explained, and the last good one stays."""

import re

import numpy as np
import pytest
from answers import done

import tfinterp_widgets as tw
from tfinterp_widgets import AttributionExplorer

HUGE = 10**400  # no float

WRONG = {
    "steps": [0, -1, 4097, 1.5, "many", None, True, HUGE],
    "target": [3, -1, 1.5, "cat", (0,), (0, 0), (0, 3), True],
    "method": ["integrated radiants", 3, None],
    "baseline": ["blackish", object(), np.zeros((3, 3, 3)), np.full((8, 8, 3), np.nan), HUGE],
    "image_index": [3, -1, "tabby"],
    "colormap": ["jet", None],
    "opacity": [1.5, -0.1, float("nan"), "half", HUGE],
    "clip_percentile": [101, None, HUGE],
    "sign": ["minus"],
    "smooth": [-1, 101, float("inf"), HUGE],
    "top_percent": [-5, -HUGE],
}
CASES = [(name, value) for name, values in WRONG.items() for value in values]
IDS = [f"{name}-{number}" for name, values in WRONG.items() for number, _ in enumerate(values)]


@pytest.mark.parametrize(("name", "value"), CASES, ids=IDS)
def test_a_wrong_argument_raises(engine, images, name, value):
    with pytest.raises((TypeError, ValueError), match=r"expected|give|Use"):
        AttributionExplorer(engine, images, **{name: value})


@pytest.mark.parametrize(("name", "value"), CASES, ids=IDS)
def test_a_wrong_value_goes_to_the_status_and_the_last_good_one_stays(finished, name, value):
    good, result = getattr(finished, name), finished.result
    setattr(finished, name, value)
    assert done(finished) == "error"
    assert f"{name} stays as it was" in finished.status["message"]
    assert getattr(finished, name) == good
    assert finished.result is result


@pytest.mark.parametrize(("name", "value"), CASES, ids=IDS)
def test_a_wrong_value_after_closing_changes_nothing(explorer, name, value):
    explorer.close()
    good = getattr(explorer, name)
    setattr(explorer, name, value)
    explorer.set_state({name: value})
    assert getattr(explorer, name) == good


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("steps", 0),
        ("steps", {"a": []}),
        ("target", [0, 0]),
        ("sign", 3),
        ("method", {"name": "x"}),
        ("smooth", HUGE),
        ("baseline", {"name": HUGE}),
    ],
)
def test_the_view_is_told_the_last_good_value(finished, view, name, value):
    view.messages.clear()
    view.set(**{name: value})
    assert done(finished) == "error"
    assert view.updates(name)[-1] == finished.get_state(name)[name]
    assert getattr(finished, name) != value


def test_a_good_value_clears_the_error_even_if_it_is_the_old_one(finished):
    finished.steps = 0
    assert finished.status["state"] == "error"
    finished.steps = 8
    assert finished.status["state"] == "done"
    assert finished.status["message"] == ""


def test_a_refusal_stays_in_sight_while_the_older_run_goes_on(explorer, gate):
    gate.close()
    explorer.explain()
    gate.await_chunk()
    explorer.target = 99
    assert explorer.status["state"] == "running"  # with its progress, and a way to cancel it
    assert "target 99" in explorer.status["message"]
    gate.open()
    assert done(explorer) == "error"
    assert "target 99" in explorer.status["message"]
    assert explorer.status["done"] == explorer.status["total"] > 0
    assert explorer.result is not None
    explorer.target = None
    assert done(explorer) == "done"
    assert explorer.status["message"] == ""


def test_a_good_value_while_the_run_goes_on_clears_the_refusal(explorer, gate):
    gate.close()
    explorer.explain()
    gate.await_chunk()
    explorer.opacity = 3
    assert "opacity=3" in explorer.status["message"]
    explorer.opacity = 0.3
    assert (explorer.status["state"], explorer.status["message"]) == ("running", "")
    gate.open()
    assert done(explorer) == "done"


def test_what_is_refused_together_with_a_good_change_stays_in_sight(finished, view):
    view.set(steps=0, target=1)
    assert done(finished) == "error"
    assert "steps=0" in finished.status["message"]
    assert finished.result.target == 1
    finished.target = 2
    assert done(finished) == "done"


@pytest.mark.parametrize(
    ("method", "message"),
    [
        (tw.IntegratedGradients(5000, rule="left"), "the method's steps=5000; expected .* to 4096"),
        (tw.IntegratedGradients(2, np.zeros((3, 3, 3)), "left"), r"has shape \(3, 3, 3\)"),
    ],
    ids=["steps", "baseline"],
)
def test_a_method_that_the_controls_cannot_take_is_refused_as_a_whole(
    finished, engine, images, method, message
):
    run, names = finished.status["run"], ("method", "steps", "baseline", "_method_parameters")
    before = [getattr(finished, name) for name in names]
    finished.method = method
    assert done(finished) == "error"
    assert re.search(message, finished.status["message"])
    assert finished.status["run"] == run
    assert [getattr(finished, name) for name in names] == before
    with pytest.raises(ValueError, match=message):
        AttributionExplorer(engine, images, method=method)


@pytest.mark.parametrize(
    ("name", "value"),
    [("layout", 5), ("layout", "IPY_MODEL_none"), ("_view_count", "a"), ("_dom_classes", 5)],
)
def test_a_wrong_value_for_what_every_widget_has(finished, view, name, value):
    good = getattr(finished, name)
    view.messages.clear()
    finished.set_state({"steps": 16, name: value, "opacity": 0.25})
    assert done(finished) == "error"
    assert f"{name.strip('_')} stays as it was" in finished.status["message"]
    assert getattr(finished, name) == good
    assert view.updates(name)[-1] == finished.get_state(name)[name]
    assert (finished.steps, finished.result.level, finished.opacity) == (16, 16, 0.25)
    finished.set_state(finished.get_state(name))
    assert done(finished) == "done"


def test_the_view_cannot_set_what_is_the_kernels(finished, view):
    before = finished.status
    view.set(status={"state": "done"}, _question=77, _result=None, _image={})
    assert finished.status == before
    assert finished._question != 77
    assert finished._result is not None
    with pytest.raises(Exception, match="read-only"):
        finished.status = {}
