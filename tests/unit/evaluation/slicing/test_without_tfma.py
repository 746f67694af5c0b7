"""Without TensorFlow Model Analysis all else works, and what needs it says what to install."""

import json
import re
import subprocess
import sys

import numpy as np
import pytest

import tfinterp_widgets as tw

INSTALL = r'pip install "tfinterp-widgets\[tfma\]"'


@pytest.fixture(autouse=True)
def no_tfma(monkeypatch):
    """Whether or not it is installed, importing it fails."""
    monkeypatch.setitem(sys.modules, "tensorflow_model_analysis", None)


@pytest.fixture
def rows():
    """Labels, scores, and features with the weights among them."""
    rng = np.random.default_rng(0)
    n = 200
    label = rng.integers(0, 2, n)
    features = {
        "home": rng.choice(["own", "rent"], n),
        "rooms": rng.integers(1, 4, n),
        "weight": rng.integers(1, 5, n) / 4,
    }
    return label, np.clip(0.3 * label + rng.random(n) / 2, 0, 1), features


def config(metrics, weight="", **others):
    plain = {
        "modelSpecs": [{"labelKey": "y", "exampleWeightKey": weight}],
        "slicingSpecs": [{}, {"featureKeys": ["home"], "featureValues": {"rooms": "2"}}],
        "metricsSpecs": [{"metrics": metrics}],
        **others,
    }
    return tw.EvalConfig.from_text(json.dumps(plain))


def named(*names):
    return [{"className": name} for name in names]


def test_a_configuration_is_computed_here(rows):
    label, score, features = rows
    asked = config(named("BinaryAccuracy", "AUC", "FallOut"), options={"minSliceSize": 2})
    assert asked.unsupported() == ()
    table = tw.slice_metrics(label, score, features, config=asked, interval=None)
    plain = tw.slice_metrics(
        label,
        score,
        features,
        slices=[(), {"home": "own", "rooms": 2}, {"home": "rent", "rooms": 2}],
        metrics=["count", "accuracy", "auc", "fpr"],
        interval=None,
        bins={"rooms": None},
    )
    assert set(table) == set(plain)
    for key in plain:
        for metric in ("count", "accuracy", "auc", "fpr"):
            assert table[key][metric] == plain[key][metric]


def test_rows_are_weighed_by_the_column_that_is_named(rows):
    label, score, features = rows
    table = tw.slice_metrics(
        label, score, features, config=config(named("Recall"), "weight"), interval=None
    )
    weighed = tw.slice_metrics(
        label, score, features, [()], ["recall"], weights=features["weight"], interval=None
    )
    assert table[()]["recall"].value == weighed[()]["recall"].value
    with pytest.raises(ValueError, match="weighs rows by 'w', which is not among the features"):
        tw.slice_metrics(label, score, features, config=config(named("Recall"), "w"))


@pytest.mark.parametrize(
    ("options", "method"),
    [
        ({"minSliceSize": 1}, "auto"),
        ({"computeConfidenceIntervals": True}, "jackknife"),
        (
            {
                "computeConfidenceIntervals": True,
                "confidenceIntervals": {"method": "POISSON_BOOTSTRAP"},
            },
            "bootstrap",
        ),
    ],
)
def test_intervals_are_made_as_the_configuration_says(options, method, rows):
    label, score, features = rows
    asked = config(named("Recall"), options=options)
    table = tw.slice_metrics(label, score, features, config=asked, seed=0)
    assert table.interval == method
    assert table[()]["recall"].low is not None


def test_metrics_that_only_tfma_has_ask_for_it(rows):
    label, score, features = rows
    asked = config(named("Recall", "MatthewsCorrelationCoefficient"))
    assert asked.unsupported() == ("MatthewsCorrelationCoefficient (not known here)",)
    with pytest.raises(ImportError, match=f"MatthewsCorr.*which is not installed.*{INSTALL}"):
        tw.slice_metrics(label, score, features, config=asked)


def test_what_needs_a_run_of_its_own_is_refused(rows):
    label, score, features = rows
    spec = {"baselineSpec": {}, "slicingSpecs": [{"featureKeys": ["home"]}]}
    asked = config(named("Recall"), crossSlicingSpecs=[spec])
    assert asked.unsupported() == ("cross_slicing_specs",)
    with pytest.raises(ValueError, match=r"asks for cross_slicing_specs, which.*tw\.run_tfma"):
        tw.slice_metrics(label, score, features, config=asked)


CHANGE = {"threshold": {"changeThreshold": {"absolute": 0.1}}, "slicingSpecs": [{}]}


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"modelSpecs": [{"labelKeys": {"out": "y"}}]}, "several outputs"),
        ({"modelSpecs": [{"exampleWeightKeys": {"out": "weight"}}]}, "several outputs"),
        ({"modelSpecs": [{"preprocessingFunctionNames": ["f"]}]}, "preprocessing functions"),
        ({"metricsSpecs": [{"metrics": named("NDCG"), "queryKey": "q"}]}, r"NDCG \(by query\)"),
        (
            {
                "metricsSpecs": [
                    {"metrics": [{"className": "Recall", "perSliceThresholds": [CHANGE]}]}
                ]
            },
            "bounds on changes from a baseline model",
        ),
        (
            {
                "metricsSpecs": [
                    {
                        "metrics": named("Recall"),
                        "perSliceThresholds": {"recall": {"thresholds": [CHANGE]}},
                    }
                ]
            },
            "bounds on changes from a baseline model",
        ),
    ],
)
def test_no_part_of_a_configuration_is_passed_over(parts, said, rows):
    label, score, features = rows
    asked = config(named("Recall"), **parts)
    assert re.fullmatch(said, " ".join(asked.unsupported()))
    with pytest.raises(ValueError, match=f"the configuration asks for {said}, which slice_metrics"):
        tw.slice_metrics(label, score, features, config=asked)


@pytest.mark.parametrize("name", ["Accuracy", "Brier", "R2"])
def test_metrics_of_other_meanings_are_not_taken_for_those_here(name):
    """Keras's `Accuracy` counts scores that equal labels; TFMA has none of the other names."""
    assert config(named(name)).unsupported() == (f"{name} (not known here)",)


def test_plots_are_left_out_by_name(rows):
    label, score, features = rows
    asked = config(named("Recall", "CalibrationPlot"))
    assert asked.unsupported() == ("CalibrationPlot",)
    with pytest.warns(UserWarning, match="slice_metrics leaves out CalibrationPlot"):
        table = tw.slice_metrics(label, score, features, config=asked, interval=None)
    assert table.metrics == ("count", "recall")


def test_bounds_of_metrics_that_are_not_there_are_refused(rows):
    label, score, features = rows
    bounds = {"binary_acuracy": {"valueThreshold": {"lowerBound": 0.9}}}
    spec = {"metrics": named("BinaryAccuracy"), "thresholds": bounds}
    with pytest.raises(ValueError, match=r"none of its metrics.* Did you mean 'binary_accuracy'\?"):
        tw.slice_metrics(label, score, features, config=config([], metricsSpecs=[spec]))


def test_slices_by_features_that_are_not_there_are_refused(rows):
    label, score, features = rows
    asked = config(named("Recall"), slicingSpecs=[{"featureKeys": ["hom"]}])
    with pytest.raises(ValueError, match=r"slice by is 'hom', which .* Did you mean 'home'\?"):
        tw.slice_metrics(label, score, features, config=asked)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ('"thresholds": O.5', "the config of metric 'Recall' is not JSON"),
        ('"thresholds": "0.5"', "has thresholds '0.5'; expected a number, or a list of numbers"),
        ('"thresholds": [0.5, true]', "has thresholds .0.5, True.; expected a number"),
    ],
)
def test_arguments_of_metrics_are_checked(arguments, message, rows):
    label, score, features = rows
    asked = config([{"className": "Recall", "config": arguments}])
    with pytest.raises(ValueError, match=message):
        tw.slice_metrics(label, score, features, config=asked)


def test_a_configuration_stands_alone(rows):
    label, score, features = rows
    with pytest.raises(TypeError, match="expected it without slices=, metrics="):
        tw.slice_metrics(label, score, features, slices=[()], config=config(named("Recall")))
    with pytest.raises(TypeError, match=r"config is a dict; expected a tw\.EvalConfig"):
        tw.slice_metrics(label, score, features, config={})


def test_asking_for_tfma_names_the_extra(tmp_path):
    asked = config(named("Recall"))
    for ask in (
        lambda: tw.run_tfma(None, None, asked, tmp_path),
        lambda: tw.SliceTable.from_tfma(tmp_path),
        lambda: tw.EvalConfig.from_text("model_specs {}"),
        lambda: asked.to_proto(),
    ):
        with pytest.raises(
            ImportError, match=rf"which is not installed\. Install it with: {INSTALL}"
        ):
            ask()


def test_slices_need_neither_tfma_nor_beam():
    code = (
        "import sys, tfinterp_widgets as tw; "
        "tw.slice_metrics([0, 1], [.2, .8], {'a': [1, 2]}, slices=['a']); "
        "print(*(name for name in ('tensorflow_model_analysis', 'apache_beam', 'tfx_bsl') "
        "if name in sys.modules))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
