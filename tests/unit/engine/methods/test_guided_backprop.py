"""Guided backpropagation against a clone whose ReLUs have the guided gradient."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from layered_models import MAKERS, functional, layer_named, made

from tfinterp_widgets.engine import AttributionEngine, GuidedBackprop, Saliency


def guided(relu):
    """A ReLU with the gradient g [x > 0] [g > 0]."""

    @tf.custom_gradient
    def function(x):
        return relu(x), lambda g: g * tf.cast(x > 0, g.dtype) * tf.cast(g > 0, g.dtype)

    return function


def clone(model, image, relu):
    """The scores of `layered_models`, written anew from the weights; relu(x) is what acts."""
    first, second, norm, head = (layer_named(model, n) for n in ("first", "second", "norm", "head"))
    y = relu(tf.nn.conv2d(image, first.kernel, 1, "SAME") + first.bias)
    y = tf.nn.conv2d(y, second.kernel, 1, "VALID") + second.bias
    return head(tf.reduce_mean(relu(norm(y, training=False)), axis=(1, 2)))


def gradient(scores, image, target):
    x = tf.constant(image[None])
    with tf.GradientTape() as tape:
        tape.watch(x)
        score = scores(x)[0, target]
    return tape.gradient(score, x)[0].numpy(), float(score)


@pytest.mark.parametrize("maker", MAKERS)
def test_agrees_with_a_clone(maker, image):
    model = made(maker)
    engine = AttributionEngine(model)
    for target in range(4):
        a = engine.attribute(image, target, GuidedBackprop())
        relu = guided(tf.nn.relu)
        expected, score = gradient(lambda x, relu=relu: clone(model, x, relu), image, target)
        assert a.values == pytest.approx(expected, rel=1e-4, abs=1e-6)
        assert a.score == pytest.approx(score, rel=1e-4)
        assert (a.evaluations, a.final) == (1, True)
        plain = engine.attribute(image, target, Saliency()).values
        unguided, _ = gradient(lambda x: clone(model, x, tf.nn.relu), image, target)
        assert plain == pytest.approx(unguided, rel=1e-4, abs=1e-6)
        assert np.abs(a.values - plain).max() > 0.1 * np.abs(plain).max()


ACTIVATIONS = {
    "relu6 layer": lambda: keras.layers.ReLU(max_value=6.0),
    "activation layer": lambda: keras.layers.Activation("relu6"),
    "activation of a layer": lambda: keras.layers.Dense(12, "relu6"),
    "function of TensorFlow": lambda: keras.layers.Lambda(tf.nn.relu6),
    "nested": lambda: keras.Sequential([keras.layers.ReLU(max_value=6.0)]),
}


@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_relu6_is_guided_however_it_is_written(kind):
    layer = ACTIVATIONS[kind]()
    model = keras.Sequential([keras.Input((12,)), layer, keras.layers.Dense(3)])
    rng = np.random.default_rng(2)
    if kind == "activation of a layer":
        layer.set_weights([np.eye(12), np.zeros(12)])
    kernel = rng.normal(size=(12, 3))
    model.layers[-1].set_weights([kernel, np.zeros(3)])
    x = np.linspace(-3, 8, 12).astype(np.float32)
    assert ((x > 6) & (kernel[:, 1] > 0)).any()
    a = AttributionEngine(model).attribute(x, 1, GuidedBackprop())
    expected, _ = gradient(lambda x: guided(tf.nn.relu6)(x) @ kernel.astype(np.float32), x, 1)
    assert a.values == pytest.approx(expected, rel=1e-5)
    assert a.values == pytest.approx(np.where((x > 0) & (kernel[:, 1] > 0), kernel[:, 1], 0))


def test_a_callable_is_traced_and_so_guided_as_well():
    def model(batch):
        return tf.nn.relu(batch) @ tf.constant([[1.0], [-2.0], [3.0]])

    a = AttributionEngine(model).attribute([1.0, 1.0, -1.0], method=GuidedBackprop())
    assert a.values == pytest.approx([1, 0, 0])
    assert a.score == pytest.approx(-1)


def test_the_model_itself_keeps_its_gradient(image):
    model = made(functional)
    before, _ = gradient(model, image, 1)
    AttributionEngine(model).attribute(image, 1, GuidedBackprop())
    after, _ = gradient(model, image, 1)
    assert (after == before).all()


def test_the_map_is_the_largest_magnitude_over_channels(image):
    a = AttributionEngine(made(functional)).attribute(image, method=GuidedBackprop())
    assert a.heatmap() == pytest.approx(np.abs(a.values).max(axis=-1))


def test_an_answer_is_remembered_and_all_targets_share_what_is_compiled(image):
    model, traced = made(MAKERS[4]), []
    call = model.call
    model.call = lambda x, training=False: traced.append(x) or call(x, training=training)
    engine = AttributionEngine(model)
    engine.attribute(image, 0, GuidedBackprop())
    once = len(traced)
    answers = [engine.attribute(image, target, GuidedBackprop()) for target in range(4)]
    assert [a.evaluations for a in answers] == [0, 1, 1, 1]
    assert len(traced) == once


class TestErrors:
    def test_a_model_without_any_relu(self):
        model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, "tanh")])
        with pytest.raises(ValueError, match=r"has no ReLU.*Saliency\(\)"):
            AttributionEngine(model).attribute(np.ones(4), method=GuidedBackprop())

    def test_a_relu_that_the_score_does_not_pass(self):
        x = keras.Input((4,))
        heads = [keras.layers.Dense(3)(x), keras.layers.Dense(3, "relu")(x)]
        engine = AttributionEngine(keras.Model(x, heads), output=0)
        with pytest.raises(ValueError, match="has no ReLU"):
            engine.attribute(np.ones(4), method=GuidedBackprop())

    def test_a_relu_out_of_reach(self, tmp_path, image):
        made(functional).export(tmp_path / "exported", verbose=False)
        compiled = tf.function(lambda batch: tf.nn.relu(batch), autograph=False)
        partly = [tf.nn.relu, compiled]
        engines = {
            AttributionEngine(tmp_path / "exported"): image,
            AttributionEngine(lambda batch: partly[1](partly[0](batch))): np.ones(3),
        }
        for engine, x in engines.items():
            with pytest.raises(ValueError, match="inside a function of its own"):
                engine.attribute(x, method=GuidedBackprop())

    def test_an_unknown_parameter(self):
        with pytest.raises(TypeError, match="has no parameter 'layer'"):
            GuidedBackprop(layer="conv")
