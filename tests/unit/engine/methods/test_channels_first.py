"""Class activation maps of feature maps (K, h, w), and of images (C, H, W)."""

import keras
import numpy as np
import pytest
import tensorflow as tf
import tf_keras
from maps_by_hand import by_hand, enlarged

from tfinterp_widgets.engine import (
    LIME,
    RISE,
    XRAI,
    AttributionEngine,
    BlurIntegratedGradients,
    GradCAM,
    GradCAMPlusPlus,
    KernelSHAP,
    LayerCAM,
    Occlusion,
    ScoreCAM,
)

METHODS = [GradCAM(), GradCAMPlusPlus(), LayerCAM(), ScoreCAM()]
SIZE = (9, 13)
"""Height and width: no axis of an image, nor of a feature map, is as long as another."""


def blocks(package, channels_first):
    layers = package.layers
    options = {"data_format": "channels_first" if channels_first else "channels_last"}
    return [
        layers.Conv2D(4, 3, activation="relu", padding="same", name="first", **options),
        layers.MaxPooling2D(2, strides=1, **options),
        layers.Conv2D(5, 3, name="second", **options),
        layers.BatchNormalization(axis=1 if channels_first else -1, name="norm"),
        layers.ReLU(name="map"),
    ]


def with_weights(model):
    rng = np.random.default_rng(4)
    for weights in model.weights:
        low = 0.3 if "variance" in weights.name or "var" in weights.name else -0.7
        weights.assign(rng.uniform(low, 1, weights.shape))
    return model


def usual(package=keras):
    """Channels last throughout: the reference."""
    head = [package.layers.GlobalAveragePooling2D(), package.layers.Dense(4)]
    image = package.layers.Input((*SIZE, 3))
    return with_weights(package.Sequential([image, *blocks(package, False), *head]))


def inside(package=keras):
    """The image has its channels last, and all that follows has them first."""
    layers = package.layers
    moved, pool = layers.Permute((3, 1, 2)), layers.GlobalAveragePooling2D("channels_first")
    body = [layers.Input((*SIZE, 3)), moved, *blocks(package, True), pool, layers.Dense(4)]
    return with_weights(package.Sequential(body))


def throughout(package=keras):
    """Channels first, those of the image as well."""
    layers = package.layers
    pool = layers.GlobalAveragePooling2D("channels_first")
    body = [layers.Input((3, *SIZE)), *blocks(package, True), pool, layers.Dense(4)]
    return with_weights(package.Sequential(body))


def behind(order):
    """Only what follows the feature map has other axes: a layer called "moved" returns them."""

    def make(package=keras):
        layers = package.layers
        axes = [place for place in (1, 2, 3) if order[place - 1] != 3]
        pool = layers.Lambda(lambda t: tf.reduce_mean(t, axes))
        moved = layers.Permute(order, name="moved")
        body = [layers.Input((*SIZE, 3)), *blocks(package, False), moved, pool, layers.Dense(4)]
        return with_weights(package.Sequential(body))

    return make


@pytest.fixture
def picture():
    return np.random.default_rng(8).normal(size=(*SIZE, 3)).astype(np.float32)


@pytest.fixture(scope="module")
def reference():
    return usual()


def by_tape(model, picture, target, kind):
    """The map that the reference has, by hand."""
    *body, pool, head = model.layers
    activations = picture[None]
    for layer in body:
        activations = (
            layer(activations, training=False) if layer.name == "norm" else layer(activations)
        )
    with tf.GradientTape() as tape:
        tape.watch(activations)
        score = head(pool(activations))[0, target]
    gradients = tape.gradient(score, activations)[0].numpy()
    return enlarged(by_hand(kind, activations[0].numpy(), gradients), SIZE)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: type(method).__name__)
@pytest.mark.parametrize("make", [inside, throughout], ids=lambda make: make.__name__)
@pytest.mark.parametrize("package", [keras, tf_keras], ids=["keras", "tf_keras"])
def test_maps_are_those_of_the_same_model_with_channels_last(
    package, make, method, picture, reference
):
    model = make(package)
    x = np.moveaxis(picture, -1, 0) if make is throughout else picture
    expected = AttributionEngine(reference).attribute(picture, 2, method)
    a = AttributionEngine(model).attribute(x, 2, method)
    assert a.method.layer == expected.method.layer == "map"
    assert a.score == pytest.approx(expected.score, rel=1e-4)
    assert a.values.shape == (*SIZE, 1)
    assert a.values == pytest.approx(expected.values, rel=1e-3, abs=1e-5)
    assert a.values.max() > 1e-3
    if not isinstance(method, ScoreCAM):
        hand = by_tape(reference, picture, 2, type(method))
        assert a.values[..., 0] == pytest.approx(hand, rel=1e-3, abs=1e-5)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: type(method).__name__)
def test_a_layer_that_is_named_may_have_its_channels_first(method, picture, reference):
    kind = type(method)
    for layer in ("first", "second"):
        expected = AttributionEngine(reference).attribute(picture, 1, kind(layer))
        a = AttributionEngine(inside()).attribute(picture, 1, kind(layer))
        assert a.values == pytest.approx(expected.values, rel=1e-3, abs=1e-5)
        assert a.values.max() > 1e-3


@pytest.mark.parametrize("order", [(3, 1, 2), (3, 2, 1), (2, 1, 3)], ids=str)
@pytest.mark.parametrize("method", METHODS, ids=lambda method: type(method).__name__)
def test_a_layer_may_transpose_the_map_in_any_way(method, order, picture, reference):
    expected = AttributionEngine(reference).attribute(picture, 3, method)
    a = AttributionEngine(behind(order)()).attribute(picture, 3, type(method)("moved"))
    assert a.method.layer == "moved"
    assert a.values == pytest.approx(expected.values, rel=1e-3, abs=1e-5)


def test_an_image_that_preprocessing_brings_to_channels_first_is_explained(picture, reference):
    engine = AttributionEngine(throughout(), preprocess=lambda batch: np.moveaxis(batch, -1, 1))
    expected = AttributionEngine(reference).attribute(picture, 0, GradCAM())
    a = engine.attribute(picture, 0, GradCAM())
    assert a.values == pytest.approx(expected.values, rel=1e-3, abs=1e-5)
    assert a.heatmap().shape == SIZE


@pytest.mark.parametrize(
    "method",
    [
        Occlusion(3, 2),
        RISE(8),
        LIME(samples=8, region_count=4),
        KernelSHAP(samples=8, region_count=4),
        XRAI(2),
        BlurIntegratedGradients(2),
    ],
    ids=lambda method: type(method).__name__,
)
def test_what_goes_over_height_and_width_says_that_they_are_elsewhere(method, picture):
    with pytest.raises(ValueError, match=r"\(3, 9, 13\), with their channels first.*Permute"):
        AttributionEngine(throughout()).attribute(np.moveaxis(picture, -1, 0), 0, method)
    model = keras.Sequential(
        [keras.Input((*SIZE, 3)), keras.layers.Permute((3, 1, 2)), throughout()]
    )
    a = AttributionEngine(model).attribute(picture, 0, method)  # as the message advises
    assert a.heatmap().shape == SIZE
