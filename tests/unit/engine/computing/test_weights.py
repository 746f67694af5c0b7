"""Which of a model's variables count as its weights, so that a change of them is noticed."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import AttributionEngine, IntegratedGradients, Saliency

ROW = np.random.default_rng(0).normal(size=(5, 3))


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "SimpleRNN"])
def test_dropout_of_a_recurrent_layer_draws_masks_that_inference_leaves_alone(kind):
    layer = getattr(keras.layers, kind)(4, dropout=0.3, recurrent_dropout=0.2)
    model = keras.Sequential([keras.Input((5, 3)), layer, keras.layers.Dense(2)])
    engine = AttributionEngine(model)
    a = engine.attribute(ROW, 1, IntegratedGradients(64, rule="gauss-legendre"))
    assert a.relative_error < 1e-4
    assert engine.attribute(ROW, 1, a.method).evaluations == 0


def test_a_model_that_counts_its_calls_is_explained():
    calls = tf.Variable(0)

    def model(batch):
        calls.assign_add(1)
        return tf.reduce_sum(batch**2, axis=(1, 2))

    engine = AttributionEngine(model)
    assert engine.attribute(ROW, method=Saliency()).values == pytest.approx(2 * ROW, rel=1e-5)
    assert calls.numpy() > 0
    assert engine.attribute(ROW, method=Saliency()).evaluations == 0


def test_dropout_that_always_draws_is_refused():
    class AlwaysDropping(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.dropout = keras.layers.Dropout(0.5)

        def call(self, inputs):
            return self.dropout(inputs, training=True)

    layers = [keras.Input((5, 3)), AlwaysDropping(), keras.layers.Flatten(), keras.layers.Dense(2)]
    engine = AttributionEngine(keras.Sequential(layers))
    with pytest.raises(ValueError, match="or on chance"):
        engine.attribute(ROW, 0, Saliency())


@pytest.mark.parametrize("inside", ["function", "loop", "condition"])
def test_weights_that_are_read_deep_inside_are_watched(inside):
    weight = tf.Variable(2.0)

    def weighted(batch):
        if inside == "loop":
            step = lambda k, x: (k + 1, weight * x)  # noqa: E731
            return tf.while_loop(lambda k, _: k < 1, step, (0, batch))[1]
        if inside == "condition":
            return tf.cond(tf.reduce_sum(batch) < 1e9, lambda: weight * batch, lambda: batch)
        return tf.function(lambda x: weight * x)(batch)

    engine = AttributionEngine(lambda batch: tf.reduce_sum(weighted(batch), axis=(1, 2)))
    assert engine.attribute(ROW, method=Saliency()).values == pytest.approx(np.full((5, 3), 2.0))
    weight.assign(3.0)
    again = engine.attribute(ROW, method=Saliency())
    assert again.values == pytest.approx(np.full((5, 3), 3.0))
