"""Layers inside models: what they return while a graph is traced, and what is put in its place."""

import threading

import keras
import numpy as np
import pytest
import tensorflow as tf
from layered_models import MAKERS, feature_map, functional, layer_named, made, nested, sequential

from tfinterp_widgets.engine.models.feature_maps import last_feature_map, with_activations
from tfinterp_widgets.engine.models.layers import (
    find_call,
    intercepting,
    layers_of,
    recording,
    replacing,
)

SPEC = tf.TensorSpec((2, 8, 8, 3))


@pytest.fixture
def points():
    return np.random.default_rng(3).normal(size=(2, 8, 8, 3)).astype(np.float32)


def traced(function, *specs):
    return tf.function(function, autograph=False).get_concrete_function(*specs)


def calls_of(model, shape=(2, 8, 8, 3)):
    """All calls of a model's layers, and its scores, in a graph that is kept alive by them."""
    found = []

    def run(batch):
        with recording(layers_of(model)) as calls:
            scores = model(batch)
        found.extend([calls, scores])
        return scores

    graph = traced(run, tf.TensorSpec(shape))
    return found[0], found[1], graph


def last_map(model, shape=(2, 8, 8, 3)):
    calls, scores, graph = calls_of(model, shape)
    found = last_feature_map(with_activations(calls), scores)
    del graph
    return found and found.name


@pytest.mark.parametrize("maker", MAKERS)
class TestEveryKindOfModel:
    def test_what_a_layer_returns_is_seen(self, maker, points):
        model = made(maker)

        def run(batch):
            with recording(layers_of(model)) as calls:
                model(batch)
            return find_call(calls, "norm").output

        first, second, norm = (layer_named(model, name) for name in ("first", "second", "norm"))
        expected = norm(second(first(points)), training=False).numpy()
        assert traced(run, SPEC)(points).numpy() == pytest.approx(expected, abs=1e-5)

    def test_another_value_is_put_in_the_place_of_what_a_layer_returns(self, maker, points):
        model = made(maker)

        def run(batch, value):
            with replacing(layers_of(model), "norm", value):
                return model(batch)

        value = np.random.default_rng(5).normal(size=(2, 6, 6, 6)).astype(np.float32)
        got = traced(run, SPEC, tf.TensorSpec(value.shape))(points, value)
        _, scores = feature_map(model, points)
        assert got.numpy() == pytest.approx(scores(tf.nn.relu(value)).numpy(), abs=1e-5)

    def test_the_last_map_is_found_after_its_normalisation_and_activation(self, maker, points):
        model = made(maker)

        def run(batch):
            with recording(layers_of(model)) as calls:
                scores = model(batch)
            return last_feature_map(with_activations(calls), scores).output

        expected, _ = feature_map(model, points)
        assert traced(run, SPEC)(points).numpy() == pytest.approx(expected.numpy(), abs=1e-5)

    def test_the_layers_are_afterwards_what_they_were(self, maker, points):
        model = made(maker)
        before = [dict(vars(layer)).keys() for layer in layers_of(model)]
        answer = model(points).numpy()
        calls_of(model)
        with pytest.raises(ZeroDivisionError):
            traced(lambda batch: fail_inside(model, batch), SPEC)
        assert [dict(vars(layer)).keys() for layer in layers_of(model)] == before
        assert (model(points).numpy() == answer).all()


def fail_inside(model, batch):
    with recording(layers_of(model)):
        model(batch)
        raise ZeroDivisionError


def test_a_call_replaced_on_the_instance_before_is_put_back():
    model = made(functional)
    layer = layer_named(model, "norm")
    mine = layer.call
    object.__setattr__(layer, "call", mine)
    calls_of(model)
    assert vars(layer)["call"] is mine


def test_other_threads_and_other_graphs_get_what_the_layer_returns(points):
    model = made(sequential)
    expected = model(points).numpy()
    elsewhere = {}

    def call_elsewhere():
        elsewhere["eager"] = model(points).numpy()
        elsewhere["graph"] = traced(lambda batch: model(batch), SPEC)(points).numpy()

    def run(batch):
        with intercepting(layers_of(model), lambda _, output: 0 * output):
            thread = threading.Thread(target=call_elsewhere)
            thread.start()
            thread.join(60)
            with tf.init_scope():
                elsewhere["outside"] = model(points).numpy()
            return model(batch)

    assert (traced(run, SPEC)(points).numpy() == 0).all()
    assert set(elsewhere) == {"eager", "graph", "outside"}
    for answer in elsewhere.values():
        assert answer == pytest.approx(expected, abs=1e-5)


def test_operations_of_a_functional_model_are_layers_as_well():
    x = keras.Input((8, 8, 3))
    y = keras.ops.relu(keras.layers.Conv2D(4, 3, name="conv")(x))
    head = keras.layers.Dense(2)(keras.layers.GlobalAveragePooling2D()(y))
    name = last_map(keras.Model(x, head))
    assert name.startswith("relu")
    assert name in [call.name for call in calls_of(keras.Model(x, head))[0]]


class TestNames:
    def test_an_unknown_one_is_answered_with_the_nearest(self):
        calls, _, _ = calls_of(made(functional))
        with pytest.raises(ValueError, match="Did you mean 'second'"):
            find_call(calls, "secnd")
        with pytest.raises(ValueError, match="Did you mean"):
            find_call(calls, "???")

    def test_of_a_layer_called_more_than_once_each_call_has_its_own(self):
        shared = keras.layers.ReLU(name="relu")
        x = keras.Input((8, 8, 3))
        y = shared(keras.layers.Conv2D(4, 3)(x))
        y = shared(keras.layers.Conv2D(5, 3)(y))
        model = keras.Model(x, keras.layers.Dense(2)(keras.layers.GlobalAveragePooling2D()(y)))
        calls, _, _ = calls_of(model)
        with pytest.raises(ValueError, match=r"called 2 times.*'relu:1' to 'relu:2'"):
            find_call(calls, "relu")
        assert [find_call(calls, f"relu:{k}").output.shape[-1] for k in (1, 2)] == [4, 5]
        assert last_map(model) == "relu:2"
        value = tf.ones((2, 4, 4, 5))

        def run(batch, name):
            with replacing(layers_of(model), name, value):
                return model(batch)

        with pytest.raises(ValueError, match="returns float32 of shape"):
            traced(lambda batch: run(batch, "relu:1"), SPEC)
        changed = traced(lambda batch: run(batch, "relu:2"), SPEC)(np.zeros((2, 8, 8, 3)))
        head = model.layers[-1]
        assert changed.numpy() == pytest.approx(head(np.ones((2, 5))).numpy(), abs=1e-6)

    def test_a_model_without_layers_to_be_seen_says_so(self):
        class Wrapped(keras.Model):
            def __init__(self):
                super().__init__()
                self.inner = made(sequential)
                self.run = tf.function(self.inner)

            def call(self, x):
                return self.run(x)

        calls, _, _ = calls_of(Wrapped())
        with pytest.raises(ValueError, match=r"a tf\.function of the model's own"):
            find_call(calls, "norm")

    def test_what_replaces_must_be_one_tensor_of_the_same_kind(self):
        class Pair(keras.layers.Layer):
            def call(self, x):
                return [x, x]

        x = keras.Input((8, 8, 3))
        model = keras.Model(x, keras.layers.Add()(Pair(name="pair")(x)))

        def run(batch):
            with replacing(layers_of(model), "pair", batch):
                return model(batch)

        with pytest.raises(ValueError, match="returns a list"):
            traced(run, SPEC)


class TestLastFeatureMap:
    def test_the_layer_names_it_rather_than_the_model_around_it(self):
        assert last_map(made(nested)) == "map"

    def test_what_the_models_own_code_makes_of_an_output_is_named_after_both(self):
        assert last_map(made(MAKERS[4])) == "norm:Relu"

    def test_it_comes_before_pooling(self):
        layers = keras.layers
        model = keras.Sequential(
            [
                keras.Input((8, 8, 3)),
                layers.Conv2D(4, 3, activation="relu", name="last"),
                layers.MaxPooling2D(name="pool"),
                layers.Flatten(),
                layers.Dense(2),
            ]
        )
        assert last_map(model) == "last"

    def test_dropout_and_addition_keep_it(self):
        layers = keras.layers
        x = keras.Input((8, 8, 3))
        y = layers.Conv2D(4, 3, padding="same", name="entry")(x)
        z = layers.Conv2D(4, 3, padding="same", name="branch")(y)
        z = layers.Add(name="sum")([y, z])
        z = layers.Dropout(0.5, name="dropout")(z)
        z = layers.Dense(2)(layers.GlobalAveragePooling2D()(z))
        assert last_map(keras.Model(x, z)) == "sum"

    def test_squeeze_and_excitation_is_no_map_but_what_it_scales_is(self):
        layers = keras.layers
        x = keras.Input((8, 8, 3))
        y = layers.Conv2D(4, 3, name="conv")(x)
        s = layers.GlobalAveragePooling2D(keepdims=True)(y)
        s = layers.Conv2D(4, 1, activation="sigmoid", name="excite")(s)
        y = layers.Multiply(name="scaled")([y, s])
        y = layers.Dense(2)(layers.GlobalAveragePooling2D(keepdims=True, name="pool")(y))
        assert last_map(keras.Model(x, layers.Flatten()(y))) == "scaled"

    def test_only_what_leads_to_the_score_counts(self):
        x = keras.Input((8, 8, 3))
        y = keras.layers.Conv2D(4, 3, name="used")(x)
        scores = keras.layers.Dense(2)(keras.layers.GlobalAveragePooling2D()(y))
        other = keras.layers.Conv2D(4, 3, name="other")(y)
        model = keras.Model(x, [scores, other])
        found = []

        def run(batch):
            with recording(layers_of(model)) as calls:
                scores, _ = model(batch)
            found.append(last_feature_map(with_activations(calls), scores).name)
            return scores

        traced(run, SPEC)
        assert found == ["used"]

    def test_attention_after_a_patch_embedding_is_none(self):
        layers = keras.layers
        x = keras.Input((8, 8, 3))
        y = layers.Reshape((16, 4))(layers.Conv2D(4, 2, strides=2, name="patches")(x))
        y = layers.MultiHeadAttention(2, 2)(y, y)
        model = keras.Model(x, layers.Dense(2)(layers.GlobalAveragePooling1D()(y)))
        assert last_map(model) == "patches"

    def test_a_grouped_convolution_which_keras_compiles_by_itself_is_seen(self):
        layers = keras.layers
        model = keras.Sequential(
            [
                keras.Input((8, 8, 4)),
                layers.Conv2D(4, 3, groups=2, activation="relu", name="grouped"),
                layers.GlobalAveragePooling2D(),
                layers.Dense(2),
            ]
        )
        assert last_map(model, (2, 8, 8, 4)) == "grouped"

    def test_there_is_none_without_a_convolution(self):
        model = keras.Sequential(
            [keras.Input((8, 8, 3)), keras.layers.ReLU(), keras.layers.Flatten()]
        )
        assert last_map(model) is None
