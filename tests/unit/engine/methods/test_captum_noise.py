"""Methods that draw samples agree with Captum, within the standard error that they tell.

The fixture is made by ``scripts/fixtures/make_captum_noise.py``.
"""

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import (
    AttributionEngine,
    ExpectedGradients,
    InputXGradient,
    IntegratedGradients,
    SmoothGrad,
    VarGrad,
    baselines,
)

FIXTURE = Path(__file__).parents[3] / "fixtures" / "captum_noise.npz"
SAMPLES = 2000


@pytest.fixture(scope="module")
def captum():
    with np.load(FIXTURE) as stored:
        return dict(stored)


@pytest.fixture(scope="module")
def explain(captum):
    inner, bias, outer = (
        tf.constant(captum[name], tf.float32) for name in ("inner", "bias", "outer")
    )
    engine = AttributionEngine(lambda batch: tf.tanh(batch @ inner + bias) @ outer)
    return lambda method: engine.attribute(captum["x"], int(captum["target"]), method)


def test_gradient_x_input(explain, captum):
    ours = explain(InputXGradient()).values
    assert ours == pytest.approx(captum["input_x_gradient"], rel=1e-4, abs=1e-6)


def test_integrated_gradients_averaged_over_baselines(explain, captum):
    several = baselines.average_of(captum["baselines"])
    ours = explain(IntegratedGradients(64, several, "gauss-legendre")).values
    assert ours == pytest.approx(captum["average"], rel=1e-4, abs=1e-5)


@pytest.mark.parametrize(("name", "kind"), [("smoothgrad", SmoothGrad), ("vargrad", VarGrad)])
def test_noise(explain, captum, name, kind):
    ours = explain(kind(SAMPLES, noise=float(captum["noise"])))
    z = (ours.values - captum[name]) / ours.standard_error
    assert np.abs(z).max() < 4
    assert np.sqrt(np.mean(z**2)) < 1.6
    # The error is told well below the size of the values: what is above has teeth.
    assert ours.standard_error.mean() < 0.1 * np.abs(captum[name]).mean()


def test_expected_gradients(explain, captum):
    ours = explain(ExpectedGradients(captum["baselines"], SAMPLES))
    # Stratified, 2,000 draws of ours are surer than Captum's 400,000, which are not.
    assert ours.values == pytest.approx(captum["average"], abs=1e-3)
    assert ours.values == pytest.approx(captum["expected_gradients"], abs=0.02)
