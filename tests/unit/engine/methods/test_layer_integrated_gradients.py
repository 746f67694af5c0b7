"""Layer integrated gradients: tokens by their embeddings, feature maps, what passes a layer by."""

from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import AttributionEngine, IntegratedGradients, baselines
from tfinterp_widgets.engine.methods import LayerIntegratedGradients

IDS = np.array([3, 7, 1, 0, 5])


@pytest.fixture(scope="module")
def text():
    """A classifier of five token ids that depends on their order, with 0 for padding."""
    keras.utils.set_random_seed(1)
    ids = keras.Input((5,), dtype="int32")
    vectors = keras.layers.Embedding(9, 4, mask_zero=True, name="embedding")(ids)
    state = keras.layers.GRU(6, name="gru")(vectors)
    return keras.Model(ids, keras.layers.Dense(3, activation="softmax")(state))


def embeddings_of(model, ids):
    return model.get_layer("embedding").get_weights()[0][ids]


def test_tokens_are_explained_by_their_embeddings(text):
    a = AttributionEngine(text).attribute(IDS, target=2, method=LayerIntegratedGradients(steps=64))
    assert a.values.shape == (5, 4)
    assert a.relative_error < 0.02
    assert a.method.layer == "embedding"
    # Padding is masked, and equal to the baseline besides.
    assert a.values[3] == pytest.approx(0, abs=1e-7)
    scores = {p.index: p.score for p in AttributionEngine(text).predict(IDS)}
    zeros = {p.index: p.score for p in AttributionEngine(text).predict(np.zeros(5, int))}
    assert a.score == pytest.approx(scores[2], abs=1e-5)
    assert zeros[2] != pytest.approx(scores[2], abs=1e-3)


def test_equals_integrated_gradients_of_the_rest_of_the_model_on_the_vectors(text):
    # Without padding in the input, so that no mask is lost where the vectors are the input.
    ids = np.array([3, 7, 1, 2, 5])
    rest = keras.Sequential([keras.Input((5, 4)), *text.layers[2:]])
    vectors, nothing = embeddings_of(text, ids), embeddings_of(text, np.full(5, 8))
    expected = AttributionEngine(rest).attribute(
        vectors, 1, IntegratedGradients(16, nothing, "midpoint")
    )
    a = AttributionEngine(text).attribute(
        ids, 1, LayerIntegratedGradients("embedding", 16, 8.0, "midpoint")
    )
    assert a.values == pytest.approx(expected.values, rel=1e-4, abs=1e-6)
    assert a.baseline_score == pytest.approx(expected.baseline_score, abs=1e-5)
    assert (a.baseline == 8).all()
    assert a.evaluations == 16


@pytest.fixture(scope="module")
def cubic():
    """F(ids) = sum of v(id)³ over the vectors of three ids."""
    ids = keras.Input((3,), dtype="int32")
    vectors = keras.layers.Embedding(7, 2, name="embedding")(ids)
    model = keras.Model(ids, keras.ops.sum(vectors**3, axis=(1, 2))[:, None])
    model.set_weights([np.random.default_rng(1).normal(size=(7, 2))])
    return model


class TestSeveralBaselines:
    X = (3, 0, 5)
    PAD = baselines.Constant(6)
    STARTS = ((6, 6, 6), (2, 0, 5), (1, 1, 4))
    SEVERAL = baselines.average_of([PAD, np.array(STARTS[1]), list(STARTS[2])])

    def method(self, steps=4, rule="gauss-legendre"):  # which makes no error on a cubic
        return LayerIntegratedGradients(steps=steps, rule=rule, baseline=self.SEVERAL)

    def shares(self, model, start):
        """v(id)³ - v(the baseline's id)³."""
        vectors = embeddings_of(model, np.array([self.X, start]))
        return vectors[0] ** 3 - vectors[1] ** 3

    def test_the_answer_is_the_mean_and_parts_tell_each_ones_share(self, cubic):
        engine = AttributionEngine(cubic)
        a = engine.attribute(self.X, method=self.method())
        each = [self.shares(cubic, start) for start in self.STARTS]
        assert a.values == pytest.approx(np.mean(each, axis=0), rel=1e-4, abs=1e-5)
        assert len(a.parts) == 3
        for part, expected, start in zip(a.parts, each, self.STARTS, strict=True):
            assert part.values == pytest.approx(expected, rel=1e-4, abs=1e-5)
            assert part.baseline.tolist() == list(start)
            assert part.method.layer == "embedding"
        assert a.convergence_delta == pytest.approx(0, abs=1e-4)
        assert a.evaluations == 12
        assert (a.method.layer, a.method.baseline) == ("embedding", self.SEVERAL)
        assert engine.attribute(self.X, method=self.method()).evaluations == 0

    def test_levels_that_are_known_from_all_of_them_are_known(self, cubic):
        engine = AttributionEngine(cubic)
        method = self.method(8, "graded")
        engine.attribute(self.X, method=replace(method, baseline=self.PAD))
        assert engine.cached(self.X, method=method) == {}
        a = engine.attribute(self.X, method=method)
        assert a.evaluations == 16
        known = engine.cached(self.X, method=method)
        assert list(known) == [1, 2, 4, 8]
        assert (known[8].values == a.values).all()
        assert [len(known[level].parts) for level in known] == [3] * 4
        assert known[4].method.layer == "embedding"

    def test_estimates_come_one_baseline_after_the_other(self, cubic):
        engine = AttributionEngine(cubic, batch_size=2)
        estimates = list(engine.refine(self.X, method=self.method(8, "graded")))
        progress = [estimate.progress for estimate in estimates]
        assert progress == sorted(set(progress))
        assert [e.final for e in estimates] == [False] * (len(estimates) - 1) + [True]
        assert sorted({len(e.parts) for e in estimates}) == [1, 2, 3]

    def test_a_list_with_a_baseline_in_it_is_several(self, cubic):
        method = replace(self.method(), baseline=[self.PAD, np.array(self.STARTS[1])])
        a = AttributionEngine(cubic).attribute(self.X, method=method)
        each = [self.shares(cubic, start) for start in self.STARTS[:2]]
        assert a.values == pytest.approx(np.mean(each, axis=0), rel=1e-4, abs=1e-5)

    def test_a_baseline_that_is_no_ids_is_said_to_be_none(self, cubic):
        method = replace(self.method(), baseline=baselines.average_of([0, 1.5]))
        with pytest.raises(ValueError, match="takes whole numbers"):
            AttributionEngine(cubic).attribute(self.X, method=method)


def test_ids_given_as_floats_work_as_well():
    keras.utils.set_random_seed(2)
    model = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Embedding(5, 2),
            keras.layers.Flatten(),
            keras.layers.Dense(2),
        ]
    )
    a = AttributionEngine(model).attribute([1, 4, 2], 0, LayerIntegratedGradients(steps=1))
    vectors, kernel = model.layers[0].get_weights()[0], model.layers[2].get_weights()[0]
    expected = (vectors[[1, 4, 2]] - vectors[0]) * kernel[:, 0].reshape(3, 2)
    assert a.values == pytest.approx(expected, rel=1e-4, abs=1e-7)


def test_levels_are_reused_and_known(text):
    engine = AttributionEngine(text)
    first = engine.attribute(IDS, 0, LayerIntegratedGradients(steps=32, rule="graded"))
    again = engine.attribute(IDS, 0, LayerIntegratedGradients("embedding", 32, rule="graded"))
    assert again.evaluations == 0
    assert (again.values == first.values).all()
    assert (
        engine.attribute(IDS, 0, LayerIntegratedGradients(steps=16, rule="graded")).evaluations == 0
    )
    assert 32 in engine.cached(IDS, 0, LayerIntegratedGradients(steps=4, rule="graded"))


def test_new_embeddings_give_a_new_answer(text):
    model = keras.models.clone_model(text)
    engine = AttributionEngine(model)
    before = engine.attribute(IDS, 0, LayerIntegratedGradients(steps=8))
    embedding = model.get_layer("embedding")
    embedding.set_weights([2 * embedding.get_weights()[0]])
    after = engine.attribute(IDS, 0, LayerIntegratedGradients(steps=8))
    assert after.evaluations > 0
    assert not np.allclose(after.values, before.values)


def test_the_last_feature_map_is_taken_where_there_is_no_embedding(classifier, image):
    a = AttributionEngine(classifier).attribute(image, 2, LayerIntegratedGradients(steps=1))
    # Global average pooling and a dense layer: linear in the feature map.
    convolution, _, dense = classifier.layers
    maps = convolution(np.stack([image, np.zeros_like(image)])).numpy()
    expected = (maps[0] - maps[1]) * dense.get_weights()[0][:, 2] / 36
    assert a.values == pytest.approx(expected, rel=1e-3, abs=1e-6)
    assert a.heatmap().shape == (6, 6)


def test_what_passes_the_layer_by_stays_as_it_is():
    x = keras.Input((3,), name="x")
    squared = keras.layers.Lambda(lambda t: t**2, name="squared")(x)
    total = keras.ops.sum(squared * x, axis=1, keepdims=True)  # F = sum of h(x) x
    engine = AttributionEngine(keras.Model(x, total))
    point = np.array([1.0, -2.0, 3.0])
    a = engine.attribute(point, method=LayerIntegratedGradients("squared", 1))
    assert a.values == pytest.approx(point**3, rel=1e-5)
    assert a.baseline_score == pytest.approx(0, abs=1e-6)


def test_one_of_several_inputs_may_be_ids():
    keras.utils.set_random_seed(3)
    ids, extra = keras.Input((3,), dtype="int32", name="ids"), keras.Input((2,), name="extra")
    vectors = keras.layers.Embedding(5, 2, name="embedding")(ids)
    both = keras.layers.Concatenate()([keras.layers.Flatten()(vectors), extra])
    model = keras.Model([ids, extra], keras.layers.Dense(2)(both))
    x = {"ids": [1, 2, 3], "extra": [0.5, -0.5]}
    a = AttributionEngine(model).attribute(x, 1, LayerIntegratedGradients(steps=1))
    kernel = model.layers[-1].get_weights()[0]
    difference = embeddings_of(model, [1, 2, 3]) - embeddings_of(model, [0, 0, 0])
    assert a.values == pytest.approx(difference * kernel[:6, 1].reshape(3, 2), rel=1e-4, abs=1e-7)


def test_a_layer_of_as_many_values_as_all_inputs_is_not_taken_apart_as_they_are():
    left, right = keras.Input((2,), name="left"), keras.Input((1,), name="right")
    hidden = keras.layers.Dense(3, name="hidden")(keras.layers.Concatenate()([left, right]))
    model = keras.Model([left, right], keras.ops.sum(hidden, axis=1, keepdims=True))
    method = LayerIntegratedGradients("hidden", 1, baseline=[baselines.Constant(0), 1])
    a = AttributionEngine(model).attribute([[1.0, 2.0], [3.0]], method=method)
    kernel = model.get_layer("hidden").get_weights()[0]
    expected = [([1, 2, 3] - np.full(3, start)) @ kernel for start in (0, 1)]
    assert a.values == pytest.approx(np.mean(expected, axis=0), rel=1e-4, abs=1e-6)
    assert a.parts[1].values == pytest.approx(expected[1], rel=1e-4, abs=1e-6)


@pytest.mark.parametrize(
    ("layer", "kind", "message"),
    [
        ("embeding", ValueError, "'embeding'.*'embedding'"),
        (3, TypeError, "name of a layer"),
    ],
)
def test_a_layer_that_is_none(text, layer, kind, message):
    with pytest.raises(kind, match=message):
        AttributionEngine(text).attribute(IDS, method=LayerIntegratedGradients(layer))


def test_a_model_without_layers_to_be_seen():
    engine = AttributionEngine(lambda batch: tf.reduce_sum(batch, axis=1))
    with pytest.raises(TypeError, match=r"layers of .* cannot be seen"):
        engine.attribute(np.ones(3), method=LayerIntegratedGradients())


def test_a_model_with_neither_embedding_nor_convolution():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="head")])
    with pytest.raises(ValueError, match="neither an embedding nor a convolutional"):
        AttributionEngine(model).attribute(np.ones(3), method=LayerIntegratedGradients())


def test_a_layer_that_returns_nothing_of_each_input_is_refused_in_words():
    class Positions(keras.layers.Layer):
        def build(self, shape):
            self.vectors = self.add_weight(shape=shape[1:])

        def call(self, x):
            return self.vectors + 0 * x[0]

    ids = keras.Input((5,), dtype="int32")
    vectors = keras.layers.Embedding(9, 4)(ids)
    placed = vectors + Positions(name="positions")(vectors)
    model = keras.Model(ids, keras.layers.Dense(2)(keras.layers.Flatten()(placed)))
    method = LayerIntegratedGradients("positions", steps=4)
    with pytest.raises(ValueError, match="'positions' returns 5 rows for a batch of 1"):
        AttributionEngine(model).attribute(np.arange(5), 0, method)
