"""Layer integrated gradients: tokens by their embeddings, feature maps, what passes a layer by."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import AttributionEngine, IntegratedGradients
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
