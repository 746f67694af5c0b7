"""Methods and baselines, however they are written."""

import numpy as np
import pytest
from answers import done

import tfinterp_widgets as tw
from tfinterp_widgets import AttributionExplorer


@pytest.mark.parametrize(
    "written", ["Saliency", "saliency", "SALIENCY", tw.Saliency, tw.Saliency()]
)
def test_a_method_by_any_spelling(finished, written):
    finished.method = written
    assert done(finished) == "done"
    assert isinstance(finished.result.method, tw.Saliency)
    assert finished._result["level"] is None
    assert finished._result["baseline_label"] is None
    finished.method = "integrated gradients"
    assert done(finished) == "done"
    assert finished.method == "IntegratedGradients"


def test_the_controls_take_over_what_a_method_says(finished):
    run = finished.status["run"]
    finished.method = tw.IntegratedGradients(steps=16, baseline=255.0, rule="left")
    assert (finished.steps, finished.baseline) == (16, "white")
    assert finished._method_parameters == {"rule": "left"}
    assert done(finished) == "done"
    assert finished.status["run"] == run + 1
    assert finished.result.method == tw.IntegratedGradients(16, 255.0, "left")
    finished.steps = 4
    assert done(finished) == "done"
    assert finished.result.method == tw.IntegratedGradients(4, 255.0, "left")


def test_what_is_set_beside_a_method_wins_over_what_the_method_says(finished, engine, images):
    method = tw.IntegratedGradients(steps=16, baseline=255.0)
    with finished.hold_trait_notifications():
        finished.method = method
        finished.steps = 2
    assert finished.steps == 2
    other = AttributionExplorer(engine, images, method=method, baseline="grey")
    assert (other.steps, other.baseline) == (16, "grey")
    other.close()


def test_the_view_sets_further_parameters(finished, view):
    view.set(_method_parameters={"rule": "midpoint"})
    assert done(finished) == "done"
    assert finished.result.method.rule == "midpoint"
    view.set(_method_parameters={"rule": "guesswork"})
    assert done(finished) == "error"
    assert "guesswork" in finished.status["message"]
    assert finished._method_parameters == {"rule": "midpoint"}
    view.set(method="Saliency")
    assert finished._method_parameters == {}
    assert done(finished) == "done"


@pytest.mark.parametrize(
    ("given", "value"), [("gray", 127.5), ("Black", 0), (7, 7), (tw.baselines.Constant(9), 9)]
)
def test_a_baseline_by_name_number_or_object(finished, given, value):
    finished.baseline = "white"
    finished.baseline = given
    assert done(finished) == "done"
    np.testing.assert_array_equal(finished.result.baseline, np.full((8, 8, 3), value))


def test_a_given_baseline_joins_the_menu(finished, view):
    names = [entry["name"] for entry in finished._baselines]
    finished.baseline = np.full((8, 8, 3), 3.0)
    assert [entry["name"] for entry in finished._baselines] == [*names, "given"]
    assert finished._baselines[-1]["note"] == ""
    assert finished.get_state("baseline")["baseline"]["name"] == "given"
    finished.baseline = "black"
    view.set(baseline="given")
    assert done(finished) == "done"
    assert finished.result.baseline.max() == 3
