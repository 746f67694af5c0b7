"""What is read off a Keras model as score: the logits, or the probability."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from small_models import MAKERS, functional, scores, sequential

from tfinterp_widgets.engine import AttributionEngine


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
@pytest.mark.parametrize("make", MAKERS)
def test_logits_are_what_the_activation_is_applied_to(make, activation, x):
    model = make(activation)
    activated = model(x[None])[0].numpy()
    logits = scores(AttributionEngine(model), x)
    assert getattr(tf.nn, activation)(logits).numpy() == pytest.approx(activated, rel=1e-4)
    # Not log p, which fits the softmax just as well but sums to something else.
    head = next(layer for layer in model._flatten_layers() if layer.name == "head")
    flat = x.reshape(1, -1)
    by_hand = (flat @ head.kernel.numpy() + head.bias.numpy())[0]
    assert logits == pytest.approx(by_hand, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("make", MAKERS)
def test_probability_is_the_activation_itself_and_its_maps_differ(make, x):
    model = make("softmax")
    engine = AttributionEngine(model, output="probability")
    assert scores(engine, x) == pytest.approx(model(x[None])[0].numpy(), rel=1e-4)
    values = engine.attribute(x, target=0).values
    other = AttributionEngine(model).attribute(x, target=0).values
    assert np.abs(values - other).sum() > 0.1 * np.abs(other).sum()


def test_a_linear_end_is_taken_as_it_is_and_probability_applies_the_softmax(x):
    model = functional(None)
    linear = model(x[None])[0].numpy()
    assert scores(AttributionEngine(model), x) == pytest.approx(linear, rel=1e-4)
    soft = scores(AttributionEngine(model, output="probability"), x)
    assert soft == pytest.approx(tf.nn.softmax(linear).numpy(), rel=1e-4)
    assert AttributionEngine(model).predict(x)[0].probability == pytest.approx(soft.max())


def test_a_single_linear_unit_is_class_0_and_probability_applies_the_sigmoid(x):
    model = keras.Sequential(
        [keras.Input((2, 2, 3)), keras.layers.Flatten(), keras.layers.Dense(1)]
    )
    score = float(model(x[None])[0, 0])
    for target in (None, 0):
        a = AttributionEngine(model).attribute(x, target)
        assert (a.target, a.score) == (0, pytest.approx(score, rel=1e-4))
    a = AttributionEngine(model, output="probability").attribute(x)
    assert a.score == pytest.approx(1 / (1 + np.exp(-score)), rel=1e-4)
    for wrong in (1, (0, 1)):
        with pytest.raises(ValueError, match="one output unit"):
            AttributionEngine(model).attribute(x, wrong)


def test_mixed_precision_with_a_saturated_softmax_has_gradients(x):
    policy = keras.dtype_policies.DTypePolicy("mixed_float16")
    model = keras.Sequential(
        [
            keras.Input((2, 2, 3)),
            keras.layers.Flatten(),
            keras.layers.Dense(4, kernel_initializer=keras.initializers.RandomNormal(0, 30)),
            keras.layers.Softmax(dtype=policy),
        ]
    )
    assert model(x[None]).numpy().max() == 1
    assert np.abs(AttributionEngine(model).attribute(x).values).max() > 1


def test_a_keras_model_that_hides_its_softmax_draws_a_warning(x):
    inside = sequential("softmax")
    halves = keras.layers.Lambda(lambda p: p * 0.5 + 0.125)
    model = keras.Sequential([keras.Input((2, 2, 3)), inside, halves])
    with pytest.warns(UserWarning, match="look like probabilities"):
        prediction = AttributionEngine(model).predict(x, top=1)[0]
    assert prediction.probability == prediction.score
    # Asked for the probability, it is not put through a second softmax.
    asked_for = AttributionEngine(model, output="probability")
    assert scores(asked_for, x) == pytest.approx(model(x[None])[0].numpy(), rel=1e-4)


def test_what_the_first_input_was_does_not_decide_how_outputs_are_read(x):
    model = keras.Sequential(
        [
            keras.Input((2, 2, 3)),
            keras.layers.Flatten(),
            keras.layers.Dense(1, bias_initializer=keras.initializers.Constant(0.5)),
        ]
    )
    engine = AttributionEngine(model)
    engine.predict(0 * x)
    assert engine.unit == "logits"
    score = float(model(x[None])[0, 0])
    assert engine.predict(x)[0].probability == pytest.approx(1 / (1 + np.exp(-score)), rel=1e-4)
