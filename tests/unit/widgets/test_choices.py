"""Methods and baselines by name."""

import dataclasses
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pytest

import tfinterp_widgets as tw
from tfinterp_widgets.engine.baselines import BASELINES
from tfinterp_widgets.engine.methods import METHODS
from tfinterp_widgets.images import Photograph
from tfinterp_widgets.widgets.shared import choices
from tfinterp_widgets.widgets.shared.choices import (
    baseline_for,
    baseline_label,
    method_entries,
    named_baseline,
    named_method,
)
from tfinterp_widgets.widgets.shared.controls import LAST_SEED, MOST


@pytest.mark.parametrize("name", METHODS)
def test_every_method_is_found_by_name_label_and_spelling(name):
    spaced = "".join(f"_{sign}" if sign.isupper() else sign for sign in name).lower()
    for written in (name, name.upper(), METHODS[name].label, spaced, {"name": name}):
        assert named_method(written) == name


@pytest.mark.parametrize("name", BASELINES)
def test_every_baseline_is_found_by_name_and_label(name):
    for written in (name, name.upper(), BASELINES[name].label, {"name": name}):
        assert named_baseline(written) == name


@pytest.mark.parametrize(
    ("find", "written", "message"),
    [
        (named_method, "integratd gradients", "Did you mean 'IntegratedGradients'"),
        (named_method, "", "expected one of IntegratedGradients, Guided"),
        (named_baseline, "blakc", "Did you mean 'black'"),
        (named_baseline, "gry", "Did you mean 'grey'"),
    ],
)
def test_an_unknown_name_suggests_the_nearest(find, written, message):
    with pytest.raises(ValueError, match=message):
        find(written)


@pytest.mark.parametrize("thing", [3, None, object(), ["Saliency"], tw.AttributionEngine])
def test_what_is_no_method_is_a_type_error(thing):
    with pytest.raises(TypeError, match="expected one of IntegratedGradients"):
        named_method(thing)


@pytest.mark.parametrize(
    ("low", "high", "white", "grey"), [(0, 255, 255, 127.5), (0, 1, 1, 0.5), (-1, 1, 1, 0)]
)
def test_named_baselines_follow_the_units_of_the_image(low, high, white, grey):
    photograph = Photograph("", np.zeros((2, 2, 3), np.float32), low, high, "")
    values = {name: baseline_for(name, photograph).of(photograph.values) for name in BASELINES}
    assert (values["white"] == white).all()
    assert (values["grey"] == grey).all()
    assert (values["black"] == low).all()


def test_labels_of_baselines_stay_short():
    assert baseline_label("black") == "Black"
    assert baseline_label(tw.baselines.Constant(3)) == "Constant(value=3.0)"
    assert baseline_label(named_baseline(np.zeros((99, 99, 3)))) == "Given array"


def test_the_menu_describes_every_method():
    entries = {entry["name"]: entry for entry in method_entries()}
    assert list(entries) == list(METHODS)
    gradients, saliency = entries["IntegratedGradients"], entries["Saliency"]
    assert (gradients["has_steps"], gradients["has_baseline"]) == (True, True)
    assert (saliency["has_steps"], saliency["has_baseline"]) == (False, False)
    assert saliency["parameters"] == []
    for entry in entries.values():
        assert entry["summary"].endswith(".")
        assert "`" not in entry["summary"]
        assert entry["note"].endswith(".")


def test_the_menu_has_a_few_families_of_several_methods_each():
    families = Counter(entry["family"] for entry in method_entries())
    assert len(families) <= 5
    assert min(families.values()) > 1


@pytest.mark.parametrize("entry", method_entries(), ids=lambda entry: entry["name"])
def test_every_parameter_but_data_sets_has_a_control_that_says_what_it_means(entry):
    fields = {field.name for field in dataclasses.fields(METHODS[entry["name"]])}
    controls = {each["name"]: each for each in entry["parameters"]}
    assert fields - {"steps", "baseline", *controls} <= {"baselines"}
    for control in controls.values():
        assert control["help"], control
        if control["kind"] == "int":
            assert control["min"] <= control["default"] <= control["max"]


@pytest.mark.parametrize("entry", method_entries(), ids=lambda entry: entry["name"])
def test_every_limit_of_a_control_is_a_value_that_its_method_takes(entry):
    for control in entry["parameters"]:
        for limit in ("min", "max"):
            if limit in control:
                METHODS[entry["name"]](**{control["name"]: control[limit]})


@dataclass(frozen=True)
class Tunable:
    """Has a parameter of ``each`` kind.

    And more to say.

    Parameters
    ----------
    samples : int
        How many, >= 1;
        best `more`.
    rule : str
        Which.
    """

    label = "Tunable"
    family = "Inventions"
    note = "Say no more."
    steps: int = 4
    samples: int = field(default=25, metadata={"min": 1, "max": 100})
    sigma: float = 0.15
    masks: int = 10
    squared: bool = False
    seed: int = 0
    layer: str | None = None
    rule: str = field(default="a", metadata={"choices": ("a", "b"), "label": "The rule"})
    free_text: str = ""
    data: tuple[float, ...] = ()


def test_parameters_get_the_control_that_fits(monkeypatch):
    monkeypatch.setattr(choices, "METHODS", {"Tunable": Tunable})
    (entry,) = method_entries()
    assert entry["summary"] == "Has a parameter of each kind."
    assert entry["family"] == "Inventions"
    parameters = {each.pop("name"): each for each in entry["parameters"]}
    assert [*parameters] == ["samples", "sigma", "masks", "squared", "seed", "layer", "rule"]
    assert parameters["samples"] == {
        "label": "Samples",
        "kind": "int",
        "default": 25,
        "min": 1,
        "max": 100,
        "help": "How many, >= 1; best more.",
    }
    assert parameters["rule"] == {
        "label": "The rule",
        "kind": "choice",
        "default": "a",
        "choices": ["a", "b"],
        "help": "Which.",
    }
    kinds = {name: parameters[name]["kind"] for name in ("sigma", "squared", "layer")}
    assert kinds == {"sigma": "float", "squared": "bool", "layer": "layer"}
    limits = {
        name: (parameters[name]["min"], parameters[name]["max"]) for name in ("masks", "seed")
    }
    assert limits == {"masks": (1, MOST), "seed": (0, LAST_SEED)}
