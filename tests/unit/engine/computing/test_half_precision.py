"""Models that compute in half precision, and gradients that are exactly 0."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import (
    AttributionEngine,
    GradCAM,
    GuidedBackprop,
    IntegratedGradients,
    LayerIntegratedGradients,
    Occlusion,
    Saliency,
)
from tfinterp_widgets.engine.computing import scaling

RANDOM = np.random.default_rng(2)


def convolutional(dtype, weights=None, last=None):
    """A small classifier in one of Keras's dtype policies, with the weights of another."""
    keras.utils.set_random_seed(1)
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Conv2D(8, 3, dtype=dtype, name="conv"),
            layers.ReLU(dtype=dtype),
            layers.Flatten(dtype=dtype),
            layers.Dense(4, activation=last, dtype=dtype),
        ]
    )
    if weights is not None:
        model.set_weights(weights)
    return model


def pair(dtype, factor=1.0, last=None):
    """The same model in half and in full precision, its kernels multiplied by a factor."""
    full = convolutional("float32", last=last)
    full.set_weights([factor * each for each in full.get_weights()])
    return convolutional(dtype, full.get_weights(), last), full


def saturated(dtype, last):
    """As `pair`, with 11 between the two highest logits, or from 0 to the highest for a sigmoid."""
    linear = convolutional("float32", last=None)
    logits = np.sort(linear(IMAGE[None])[0])
    gap = logits[-1] - (logits[-2] if last == "softmax" else 0)
    conv, conv_bias, kernel, bias = linear.get_weights()
    weights = [conv, conv_bias, kernel * 11 / gap, bias]
    return convolutional(dtype, weights, last), convolutional("float32", weights, last)


def relative_l1(a, b):
    return np.abs(a - b).sum() / np.abs(b).sum()


IMAGE = RANDOM.normal(size=(8, 8, 3)).astype(np.float32)
METHODS = [
    Saliency(),
    IntegratedGradients(4, rule="graded"),
    GuidedBackprop(),
    GradCAM("conv"),
    LayerIntegratedGradients("conv", steps=4),
]


@pytest.mark.parametrize("method", METHODS, ids=lambda method: type(method).__name__)
@pytest.mark.parametrize("factor", [5e-4, 1.0, 30.0], ids=["tiny", "usual", "huge"])
def test_gradients_in_float16_are_those_of_float32(method, factor):
    # Tiny ones would get lost, and what a large scale makes of huge ones overflows.
    half, full = (AttributionEngine(model) for model in pair("mixed_float16", factor))
    ours, theirs = (engine.attribute(IMAGE, 1, method) for engine in (half, full))
    assert ours.values.any()
    assert ours.warning is None
    assert relative_l1(ours.values, theirs.values) < 0.05


def test_tiny_gradients_would_be_lost_without_a_scale(monkeypatch):
    monkeypatch.setattr(scaling, "SCALES", (1.0,))
    half, _ = pair("mixed_float16", 5e-4)
    a = AttributionEngine(half).attribute(IMAGE, 1, Saliency())
    assert not a.values.any()
    assert 'load it with dtype="float32"' in a.warning


@pytest.mark.parametrize("dtype", ["mixed_float16", "mixed_bfloat16", "float16"])
@pytest.mark.parametrize("last", ["softmax", "sigmoid"])
@pytest.mark.parametrize("output", ["logits", "probability"])
def test_a_saturated_activation_in_half_precision_still_has_a_gradient(dtype, last, output):
    half, full = saturated(dtype, last)
    top = int(np.argmax(full(IMAGE[None])))
    assert float(half(IMAGE[None])[0, top]) == 1.0  # its own answer
    ours, theirs = (
        AttributionEngine(model, output=output).attribute(IMAGE, top, Saliency())
        for model in (half, full)
    )
    assert relative_l1(ours.values, theirs.values) < 0.3  # exp(11) of what half precision rounds
    assert ours.warning is None


def test_full_precision_is_differentiated_as_it_is(classifier, image):
    engine = AttributionEngine(classifier)
    engine.attribute(image, 1, Saliency())
    (model,) = engine._models._by_layout.values()
    assert not model.computes_in_half


def test_half_precision_inside_a_function_that_the_model_calls_is_seen():
    inner = tf.function(lambda x: tf.cast(1e-9 * tf.cast(x, tf.float16) ** 2, tf.float32))
    engine = AttributionEngine(lambda batch: 1e-3 * tf.reduce_sum(inner(batch), axis=1))
    engine.attribute(np.ones(3), 0, Saliency())
    (model,) = engine._models._by_layout.values()
    assert model.computes_in_half


class TestVanished:
    """Every ReLU is off: the gradient is exactly 0."""

    @pytest.fixture
    def engine(self, separable):
        return separable(lambda x: tf.nn.relu(x - 10), batch_size=4)

    @pytest.mark.parametrize("method", [Saliency(), IntegratedGradients(16)], ids=str)
    def test_a_gradient_of_zeros_is_reported_each_time(self, engine, method):
        x = np.ones(3)
        for answer in (
            *engine.refine(x, 0, method),
            engine.attribute(x, 0, method),
        ):
            assert not answer.values.any()
            assert "The gradient is exactly 0 at" in answer.warning
            assert "Occlusion" in answer.warning
        assert answer.evaluations == 0

    def test_what_is_known_of_it_is_reported_too(self, engine):
        method = IntegratedGradients(16, rule="graded")
        engine.attribute(np.ones(3), 0, method)
        known = engine.cached(np.ones(3), 0, method)
        assert all(answer.warning for answer in known.values())
        assert set(known) == {1, 2, 4, 8, 16}

    def test_one_point_with_a_gradient_is_enough(self, engine):
        answer = engine.attribute(np.full(3, 10.5), 0, IntegratedGradients(16, rule="graded"))
        assert answer.warning is None

    def test_a_map_of_zeros_that_no_gradient_made_is_none(self, engine, separable):
        assert engine.attribute(np.ones(3), 0, Occlusion(window=1)).warning is None
        squared = separable(lambda x: x**2)
        same = squared.attribute(np.ones(3), 0, IntegratedGradients(4, baseline=1.0))
        assert not same.values.any()
        assert same.warning is None

    def test_targets_explained_together_are_told_apart(self):
        def model(batch):
            total = tf.reduce_sum(batch, axis=1)
            return tf.stack([total, tf.nn.relu(total - 100)], axis=1)

        alive, dead = AttributionEngine(model).attribute_many(np.ones(3), [0, 1], Saliency())
        assert alive.warning is None
        assert dead.warning

    def test_a_saturated_probability_is_told_to_take_logits(self):
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation="sigmoid")])
        model.set_weights([np.full((3, 2), 100.0), np.zeros(2)])
        engine = AttributionEngine(model, output="probability")
        assert 'explain output="logits"' in engine.attribute(np.ones(3), 0, Saliency()).warning
        logits = AttributionEngine(model).attribute(np.ones(3), 0, Saliency())
        assert logits.warning is None
