"""Several baselines at once, and the data of expected gradients, in the explorer."""

import numpy as np
import pytest
from answers import done

import tfinterp_widgets as tw


@pytest.fixture
def several():
    return tw.baselines.average_of([0, 255, np.full((8, 8, 3), 9.0)])


def test_integrated_gradients_average_over_several_baselines(finished, several):
    finished.baseline = several
    assert done(finished) == "done"
    assert len(finished.result.parts) == 3
    assert finished._baselines[-1]["label"] == "Average of 3"
    assert finished.get_state("baseline")["baseline"] == {"name": "given", "label": "Average of 3"}
    assert finished._result["path"] is None
    assert finished._result["relative_error"] is not None
    finished.baseline = [tw.baselines.Blur(), 127.5]
    assert done(finished) == "done"
    assert len(finished.result.parts) == 2


def test_a_method_with_several_baselines_hands_them_to_the_control(finished, several):
    finished.method = tw.IntegratedGradients(4, several)
    assert finished.baseline is several
    assert done(finished) == "done"
    assert len(finished.result.parts) == 3


def test_one_of_several_that_does_not_fit_is_refused(finished):
    before = finished.baseline
    finished.baseline = tw.baselines.average_of([0, np.zeros((3, 3))])
    assert finished.status["state"] == "error"
    assert "(3, 3)" in finished.status["message"]
    assert finished.baseline == before


def test_a_method_that_takes_a_single_baseline_says_so(finished, several):
    finished.baseline = several
    assert done(finished) == "done"
    finished.method = "Occlusion"
    assert done(finished) == "error"
    assert "a single one" in finished.status["message"]


def test_expected_gradients_keep_their_data_while_the_view_sets_the_rest(finished, view, images):
    data = np.stack([*images.values()])
    finished.method = tw.ExpectedGradients(data, samples=12)
    assert done(finished) == "done"
    assert finished.get_state("_method_parameters") == {
        "_method_parameters": {"samples": 12, "seed": 0}
    }
    assert finished.result.method.baselines.members.data is data
    view.set(_method_parameters={"samples": 20, "seed": 0})
    assert done(finished) == "done"
    assert finished.result.evaluations == 20
    assert finished.result.method.baselines.members.data is data


def test_expected_gradients_by_name_compare_with_noise(finished):
    finished.method = "expected gradients"
    assert done(finished) == "done"
    assert len(finished.result.method.baselines.members) == 16


def test_copied_code_names_what_was_given(finished, images, several):
    data = np.stack([*images.values()])
    scope = {"engine": finished.engine, "images": images, "baseline": several, "baselines": data}
    methods = (
        tw.IntegratedGradients(4, several),
        tw.ExpectedGradients(data, 12),
        tw.ExpectedGradients(samples=12),
    )
    given = []
    for method in methods:
        finished.method = method
        assert done(finished) == "done"
        code = finished._result["code"]
        given.append([line for line in code.splitlines() if line.startswith("# base")])
        exec(code, scope)  # noqa: S102  # it is what is tested
        np.testing.assert_array_equal(scope["heatmap"], finished.result.heatmap())
    said = "what the explorer was given"
    assert given == [[f"# baseline: {said}"], [f"# baselines: {said}"], []]
