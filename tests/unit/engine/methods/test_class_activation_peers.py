"""Layer methods against peers that are right: scripts/fixtures/make_class_activation.py."""

from pathlib import Path

import keras
import numpy as np
import pytest

from tfinterp_widgets.engine import (
    AttributionEngine,
    GradCAM,
    GradCAMPlusPlus,
    GuidedBackprop,
    LayerCAM,
)

FIXTURE = Path(__file__).parents[3] / "fixtures" / "class_activation.npz"


@pytest.fixture(scope="module")
def peers():
    with np.load(FIXTURE) as stored:
        return dict(stored)


@pytest.fixture(scope="module")
def engine(peers):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((12, 12, 3)),
            layers.Conv2D(5, 3, activation="relu", name="first"),
            layers.Conv2D(6, 3, activation="relu", name="second"),
            layers.Flatten(),
            layers.Dense(3, use_bias=False, name="head"),
        ]
    )
    for name in ("first", "second"):
        model.get_layer(name).set_weights([peers[f"{name}_kernel"], peers[f"{name}_bias"]])
    model.get_layer("head").set_weights([peers["head_kernel"].reshape(-1, 3)])
    return AttributionEngine(model)


def stretched(values):
    return (values - values.min()) / (values.max() - values.min())


def test_grad_cam_is_captums(engine, peers):
    a = engine.attribute(peers["x"], int(peers["target"]), GradCAM())
    assert a.method.layer == "second"
    scale = float(peers["grad_cam"].max())
    assert a.values[..., 0] == pytest.approx(peers["grad_cam"], rel=1e-4, abs=1e-5 * scale)


def test_guided_backpropagation_is_captums(engine, peers):
    a = engine.attribute(peers["x"], int(peers["target"]), GuidedBackprop())
    scale = float(np.abs(peers["guided_backprop"]).max())
    assert a.values == pytest.approx(peers["guided_backprop"], rel=1e-4, abs=1e-5 * scale)


@pytest.mark.parametrize(
    ("method", "name"), [(GradCAMPlusPlus, "grad_cam_plus_plus"), (LayerCAM, "layer_cam")]
)
def test_maps_have_the_shape_of_pytorch_grad_cams(engine, peers, method, name):
    a = engine.attribute(peers["x"], int(peers["target"]), method())
    assert stretched(a.values[..., 0]) == pytest.approx(peers[name], abs=1e-4)
