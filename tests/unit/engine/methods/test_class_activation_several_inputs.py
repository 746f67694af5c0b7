"""Class activation maps of models that take more than an image."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from maps_by_hand import by_hand, enlarged

from tfinterp_widgets.engine import (
    XRAI,
    AttributionEngine,
    GradCAM,
    GradCAMPlusPlus,
    LayerCAM,
    LayerIntegratedGradients,
    ScoreCAM,
)

BY_GRADIENTS = [GradCAM, GradCAMPlusPlus, LayerCAM]
METHODS = [*BY_GRADIENTS, ScoreCAM]
RNG = np.random.default_rng(6)
PHOTO = RNG.normal(size=(8, 10, 3)).astype(np.float32)
ROW = RNG.normal(size=4).astype(np.float32)


def convolved(image, name):
    return keras.layers.Conv2D(6, 3, activation="relu", name=name)(image)


def pooled(features):
    return keras.layers.GlobalAveragePooling2D()(features)


def drawn(model):
    """Weights of both signs, the same every time."""
    rng = np.random.default_rng(2)
    model.set_weights([rng.normal(0, 0.5, w.shape) for w in model.get_weights()])
    return model


@pytest.fixture(scope="module")
def photo_and_row():
    """F depends on the photograph's features times what a layer makes of the row."""
    photo, row = keras.Input((8, 10, 3), name="photo"), keras.Input((4,), name="row")
    gate = keras.layers.Dense(6, name="gate")(row)
    both = keras.layers.Multiply()([pooled(convolved(photo, "map")), gate])
    return drawn(keras.Model([row, photo], keras.layers.Dense(3, name="head")(both)))


@pytest.fixture(scope="module")
def two_photos():
    """Two images of different sizes, each with a convolution of its own, and one of both."""
    left, right = keras.Input((8, 10, 3), name="left"), keras.Input((12, 9, 3), name="right")
    maps = convolved(left, "of_left"), convolved(right, "of_right")
    scaled = keras.layers.Resizing(6, 8)(maps[1])
    both = convolved(keras.layers.Concatenate()([maps[0], scaled]), "of_both")
    found = keras.layers.Concatenate()([*map(pooled, maps), pooled(both)])
    return drawn(keras.Model([left, right], keras.layers.Dense(3)(found)))


TWO = {"left": PHOTO, "right": RNG.normal(size=(12, 9, 3)).astype(np.float32)}


def activations_and_gradients(model, target, row=ROW):
    activations = model.get_layer("map")(PHOTO[None])
    gate = model.get_layer("gate")(row[None])
    with tf.GradientTape() as tape:
        tape.watch(activations)
        features = tf.reduce_mean(activations, axis=(1, 2))
        score = model.get_layer("head")(features * gate)[0, target]
    return activations[0].numpy(), tape.gradient(score, activations)[0].numpy(), float(score)


@pytest.mark.parametrize("method", BY_GRADIENTS)
def test_the_map_is_that_of_the_image_at_the_other_inputs_as_they_are(method, photo_and_row):
    engine = AttributionEngine(photo_and_row)
    for x in ({"photo": PHOTO, "row": ROW}, [ROW, PHOTO]):
        a = engine.attribute(x, 1, method())
        activations, gradients, score = activations_and_gradients(photo_and_row, 1)
        expected = enlarged(by_hand(method, activations, gradients), (8, 10))
        assert a.values.shape == (8, 10, 1)
        assert a.values[..., 0] == pytest.approx(expected, rel=1e-4, abs=1e-6)
        assert a.values.max() > 1e-3
        assert a.score == pytest.approx(score, rel=1e-4)
        assert a.heatmap().shape == (8, 10)
    other = engine.attribute([-ROW, PHOTO], 1, method())
    assert np.abs(other.values - a.values).max() > 1e-3


def test_score_cam_masks_the_image_and_leaves_the_other_inputs(photo_and_row):
    activations = photo_and_row.get_layer("map")(PHOTO[None])[0].numpy()
    weights = []
    for k in range(6):
        large = tf.image.resize(activations[..., k : k + 1], (8, 10)).numpy()
        mask = (large - large.min()) / (large.max() - large.min())
        weights.append(float(photo_and_row([ROW[None], (PHOTO * mask)[None]])[0, 2]))
    shares = np.exp(weights) / np.exp(weights).sum()
    expected = tf.image.resize(np.maximum(activations @ shares, 0)[..., None], (8, 10)).numpy()
    for batch_size in (2, 16):
        engine = AttributionEngine(photo_and_row, batch_size=batch_size)
        a = engine.attribute({"photo": PHOTO, "row": ROW}, 2, ScoreCAM())
        assert a.values == pytest.approx(expected, rel=1e-4, abs=1e-6)
        assert a.evaluations == 6


@pytest.mark.parametrize("method", METHODS)
def test_an_image_of_whole_numbers_beside_token_ids_is_an_image(method):
    photo = keras.Input((8, 10, 3), dtype="uint8", name="photo")
    ids = keras.Input((2,), dtype="int32", name="ids")
    features = pooled(convolved(keras.layers.Rescaling(1 / 255)(photo), "map"))
    words = keras.layers.Flatten()(keras.layers.Embedding(5, 3)(ids))
    both = drawn(keras.Model([photo, ids], keras.layers.Dense(3)(features * words)))
    alone = keras.Model(photo, both([photo, keras.ops.ones_like(photo[:, 0, :2, 0], "int32")]))
    picture = RNG.integers(0, 256, (8, 10, 3))
    a = AttributionEngine(both).attribute([picture, np.ones(2)], 1, method())
    expected = AttributionEngine(alone).attribute(picture, 1, method(a.method.layer))
    assert a.method.layer == "map"
    assert a.values == pytest.approx(expected.values, rel=1e-4, abs=1e-6)
    assert a.values.max() > 0


@pytest.mark.parametrize("method", METHODS)
def test_of_several_images_the_map_is_of_the_one_that_leads_to_the_layer(method, two_photos):
    engine = AttributionEngine(two_photos)
    assert engine.attribute(TWO, 0, method("of_left")).values.shape == (8, 10, 1)
    assert engine.attribute(TWO, 0, method("of_right")).values.shape == (12, 9, 1)


@pytest.mark.parametrize("method", METHODS)
def test_of_several_images_a_layer_of_one_is_to_be_named(method, two_photos):
    engine = AttributionEngine(two_photos)
    with pytest.raises(ValueError, match=r"several images \('left', 'right'\).*Name a layer"):
        engine.attribute(TWO, 0, method())
    with pytest.raises(ValueError, match=r"'of_both' returns is made of 'left' and 'right' tog"):
        engine.attribute(TWO, 0, method("of_both"))
    # What the message advises has values of the map itself.
    a = engine.attribute(TWO, 0, LayerIntegratedGradients("of_both", steps=4))
    assert a.values.shape == (4, 6, 6)


@pytest.mark.parametrize("method", METHODS)
def test_a_map_that_is_made_of_another_input_is_no_map_of_the_image(method):
    photo, sound = keras.Input((8, 10, 3), name="photo"), keras.Input((40,), name="sound")
    heard = convolved(keras.layers.Reshape((5, 8, 1))(sound), "heard")
    found = keras.layers.Concatenate()([pooled(convolved(photo, "seen")), pooled(heard)])
    engine = AttributionEngine(keras.Model([photo, sound], keras.layers.Dense(2)(found)))
    x = [PHOTO, np.ones(40)]
    assert engine.attribute(x, 0, method("seen")).values.shape == (8, 10, 1)
    with pytest.raises(ValueError, match=r"'heard' returns is made without the image \('photo'\)"):
        engine.attribute(x, 0, method("heard"))


@pytest.mark.parametrize("method", METHODS)
def test_without_any_image_the_error_tells_what_there_is(method):
    left, right = keras.Input((4,), name="left"), keras.Input((3, 2), name="right")
    both = keras.layers.Concatenate()([left, keras.layers.Flatten()(right)])
    engine = AttributionEngine(keras.Model([left, right], keras.layers.Dense(2)(both)))
    with pytest.raises(
        ValueError, match=r"explains images.*these inputs have shapes \(4,\), \(3, 2"
    ):
        engine.attribute([ROW, np.ones((3, 2))], 0, method())


def test_methods_that_take_one_image_alone_say_what_came(photo_and_row):
    with pytest.raises(ValueError, match=r"XRAI explains images.*shapes \(4,\), \(8, 10, 3\)"):
        AttributionEngine(photo_and_row).attribute([ROW, PHOTO], 0, XRAI(steps=2))


def test_several_targets_share_the_pass(photo_and_row):
    x = {"photo": PHOTO, "row": ROW}
    together = AttributionEngine(photo_and_row).attribute_many(x, [0, (1, 2)], GradCAM())
    for target, a in zip([0, (1, 2)], together, strict=True):
        alone = AttributionEngine(photo_and_row).attribute(x, target, GradCAM())
        assert a.values == pytest.approx(alone.values, rel=1e-4, abs=1e-6)
