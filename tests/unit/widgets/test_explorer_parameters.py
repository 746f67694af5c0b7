"""Parameters of methods as controls: what the view sets, and what is refused."""

import numpy as np
import pytest
from answers import done
from methods import SIDE, SMALL, conv_images, conv_model, explorer_of

import tfinterp_widgets as tw
from tfinterp_widgets.engine.methods import METHODS
from tfinterp_widgets.widgets.shared.choices import method_entries

CONTROLS = [
    (entry["name"], control) for entry in method_entries() for control in entry["parameters"]
]


def name_control(value):
    return value if isinstance(value, str) else value["name"]


@pytest.fixture(scope="module")
def engine():
    return tw.AttributionEngine(conv_model(), batch_size=64)


@pytest.fixture
def explorer(engine, view):  # noqa: ARG001  # the view has to be there first
    explorer = explorer_of(engine)
    yield explorer
    explorer.close()


def start(explorer, name):
    explorer.method = METHODS[name](**SMALL.get(name, {}))
    assert done(explorer) == "done", explorer.status


def another(control, value):
    """A value that is not the one it has, and takes no longer."""
    if control["kind"] == "choice":
        return next(each for each in control["choices"] if each not in (value, "auto"))
    if control["kind"] == "layer":
        return "early"
    return value / 2 if control["kind"] == "float" else value + 1


@pytest.mark.parametrize(("name", "control"), CONTROLS, ids=name_control)
def test_a_change_asks_anew(explorer, view, name, control):
    start(explorer, name)
    run, parameters = explorer.status["run"], explorer._method_parameters
    value = another(control, parameters[control["name"]])
    sent = {key: each for key, each in parameters.items() if key != "baselines"}
    view.set(_method_parameters={**sent, control["name"]: value})
    assert done(explorer) == "done", explorer.status
    assert explorer.status["run"] == run + 1
    assert getattr(explorer.result.method, control["name"]) == value
    assert explorer._result["question"] == explorer._question


@pytest.mark.parametrize(
    ("name", "control"), [one for one in CONTROLS if one[1]["kind"] != "layer"], ids=name_control
)
@pytest.mark.parametrize("value", ["nonsense", -1, 1.5, None, []])
def test_a_wrong_value_is_refused_with_the_reason(explorer, view, name, control, value):
    if control["kind"] == "float" and value == 1.5 and "max" not in control:
        value = float("nan")
    start(explorer, name)
    run, parameters = explorer.status["run"], explorer._method_parameters
    view.set(_method_parameters={control["name"]: value})
    assert explorer.status["state"] == "error"
    assert control["name"] in explorer.status["message"]
    assert explorer.status["run"] == run
    assert explorer._method_parameters == parameters
    assert view.updates("_method_parameters")[-1][control["name"]] == parameters[control["name"]]


@pytest.mark.parametrize("value", ["nonsense", 3, {"names": 1}, None])
def test_what_are_no_parameters_is_refused(explorer, view, value):
    start(explorer, "RISE")
    view.set(_method_parameters=value)
    assert explorer.status["state"] == "error"
    assert "masks" in explorer.status["message"]


def test_a_value_that_depends_on_another_is_brought_into_line(explorer, view):
    start(explorer, "Occlusion")
    view.set(_method_parameters={"window": 3, "stride": 9})
    assert done(explorer) == "done"
    assert explorer._method_parameters == {"window": 3, "stride": 3}
    assert view.updates("_method_parameters")[-1] == {"window": 3, "stride": 3}


def test_a_data_set_that_came_from_python_stays_while_the_view_changes_the_rest(explorer, view):
    data = np.stack([*conv_images().values()]).astype(np.float32)
    explorer.method = tw.ExpectedGradients(data, samples=4)
    assert done(explorer) == "done"
    shown = view.updates("_method_parameters")[-1]
    assert shown == {"samples": 4, "seed": 0}
    view.set(_method_parameters={**shown, "seed": 5})
    assert done(explorer) == "done"
    expected = explorer.engine.attribute(
        conv_images()["tabby"], method=tw.ExpectedGradients(data, samples=4, seed=5)
    )
    np.testing.assert_array_equal(explorer.result.values, expected.values)
    assert "baselines: what the explorer was given" in explorer._result["code"]
    scope = {"engine": explorer.engine, "images": conv_images(), "baselines": data}
    exec(explorer._result["code"], scope)  # noqa: S102  # it is what is tested
    np.testing.assert_array_equal(scope["attribution"].values, expected.values)


@pytest.mark.parametrize(
    "name", ["Occlusion", "LIME", "KernelSHAP", "GuidedIntegratedGradients", "IDGI"]
)
def test_a_method_of_one_baseline_says_so_of_several(explorer, name):
    start(explorer, name)
    result = explorer.result
    explorer.baseline = tw.baselines.average_of([0.0, 255.0])
    assert done(explorer) == "error"
    assert "single one" in explorer.status["message"]
    assert explorer.result is result
    explorer.baseline = "white"
    assert done(explorer) == "done"


def test_the_layers_are_listed_with_the_size_of_their_maps(explorer):
    assert explorer._layers == []
    start(explorer, "GradCAM")
    listed = {each["name"]: (each["height"], each["width"]) for each in explorer._layers}
    assert [*listed] == ["deep", "early", "rescaling"]
    assert listed["deep"] == (4, 4)
    assert listed["early"] == (SIDE, SIDE)


@pytest.mark.parametrize("name", [name for name, one in CONTROLS if one["kind"] == "layer"])
def test_every_layer_that_is_listed_can_be_asked_for(explorer, view, name):
    start(explorer, "GradCAM")
    explorer.method = name
    assert done(explorer) == "done"
    automatic = explorer._result["layer"]
    assert automatic in {each["name"] for each in explorer._layers}
    for layer in explorer._layers:
        view.set(_method_parameters={"layer": layer["name"]})
        assert done(explorer) == "done", explorer.status
        assert explorer._result["layer"] == layer["name"]
    view.set(_method_parameters={"layer": None})
    assert done(explorer) == "done"
    assert explorer._result["layer"] == automatic


def test_an_unknown_layer_names_the_nearest(explorer, view):
    start(explorer, "GradCAM")
    view.set(_method_parameters={"layer": "depe"})
    assert done(explorer) == "error"
    assert "Did you mean 'deep'" in explorer.status["message"]


def test_a_layer_without_a_map_of_the_image_is_refused(explorer):
    explorer.method = tw.LayerIntegratedGradients(layer="scores")
    assert done(explorer) == "error"
    assert "(height, width, channels)" in explorer.status["message"]


def test_a_model_that_hides_its_layers_has_none_to_choose(view):  # noqa: ARG001
    model = conv_model()
    explorer = tw.AttributionExplorer(lambda x: model(x), conv_images(), method="GradCAM", target=0)
    explorer.explain()
    assert done(explorer) == "error"
    assert explorer._layers == []
    assert "cannot be seen" in explorer.status["message"]
    explorer.close()


def test_a_model_that_has_what_no_method_can_do_without_says_so(model, images, view):  # noqa: ARG001
    explorer = tw.AttributionExplorer(model, images, method="GuidedBackprop")
    explorer.explain()
    assert done(explorer) == "error"
    assert "ReLU" in explorer.status["message"]
    explorer.close()


def test_a_subclassed_model_lists_its_layers_without_sizes(view):  # noqa: ARG001
    import keras

    class Subclassed(keras.Model):
        def __init__(self):
            super().__init__()
            self.inside = keras.layers.Conv2D(4, 3, activation="relu", name="inside")
            self.pool = keras.layers.GlobalAveragePooling2D()
            self.out = keras.layers.Dense(3)

        def call(self, x):
            return self.out(self.pool(self.inside(x)))

    model = Subclassed()
    model(np.zeros((1, SIDE, SIDE, 3), np.float32))
    explorer = tw.AttributionExplorer(model, conv_images(), method="LayerCAM")
    explorer.explain()
    assert done(explorer) == "done", explorer.status
    assert {"name": "inside", "height": None, "width": None} in explorer._layers
    assert explorer._result["layer"] == "inside"
    explorer.close()


def test_maps_of_cells_of_a_large_image_are_sent_as_they_are(view, monkeypatch):  # noqa: ARG001
    monkeypatch.setattr("tfinterp_widgets.widgets.explorer.messages._IMAGE_BYTES", 1000)
    explorer = explorer_of(conv_model(), method="LayerIntegratedGradients")
    explorer.explain()
    assert done(explorer) == "done"
    assert explorer._image["bin"] > 1
    assert explorer._result["map"]["shape"] == [4, 4]
    explorer.method = "GradCAM"
    assert done(explorer) == "done"
    assert explorer._result["map"]["shape"] == explorer._image["image"]["shape"][:2]
    explorer.close()
