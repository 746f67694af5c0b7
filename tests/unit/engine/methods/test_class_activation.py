"""Grad-CAM, Grad-CAM++ and LayerCAM against a tape, on models of every kind."""

import threading

import keras
import numpy as np
import pytest
import tensorflow as tf
from layered_models import MAKERS, feature_map, functional, made, sequential
from maps_by_hand import by_hand, enlarged

import tfinterp_widgets as tw
from tfinterp_widgets.engine import (
    AttributionEngine,
    GradCAM,
    GradCAMPlusPlus,
    GuidedBackprop,
    LayerCAM,
    LayerIntegratedGradients,
    ScoreCAM,
)

METHODS = [GradCAM, GradCAMPlusPlus, LayerCAM]


def tape(model, image, target):
    """Feature map and its gradient, (h, w, K)."""
    activations, scores = feature_map(model, image[None])
    with tf.GradientTape() as recorded:
        recorded.watch(activations)
        score = scores(activations)[0, target]
    return activations[0].numpy(), recorded.gradient(score, activations)[0].numpy(), float(score)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("maker", MAKERS)
def test_agrees_with_a_tape(maker, method, image):
    model = made(maker)
    for target in range(4):
        a = AttributionEngine(model).attribute(image, target, method())
        activations, gradients, score = tape(model, image, target)
        assert gradients.min() < 0 < gradients.max()
        expected = enlarged(by_hand(method, activations, gradients), (8, 8))
        assert a.values.shape == (8, 8, 1)
        assert a.values[..., 0] == pytest.approx(expected, rel=1e-4, abs=1e-5)
        assert a.values.max() > 0
        assert a.score == pytest.approx(score, rel=1e-4)
        assert (a.evaluations, a.final, a.target) == (1, True, target)


@pytest.mark.parametrize("method", METHODS)
def test_a_contrast_and_a_probability_are_differentiated_as_such(method, image):
    model = made(functional)
    softmax = keras.Model(model.input, keras.layers.Softmax()(model.output))
    engines = [AttributionEngine(softmax), AttributionEngine(softmax, output="probability")]
    for engine, target in [(engines[0], (2, 0)), (engines[1], 2)]:
        activations, scores = feature_map(model, image[None])
        with tf.GradientTape() as recorded:
            recorded.watch(activations)
            rows = scores(activations)[0]
            score = rows[2] - rows[0] if target == (2, 0) else tf.nn.softmax(rows)[2]
        gradients = recorded.gradient(score, activations)[0].numpy()
        expected = enlarged(by_hand(method, activations[0].numpy(), gradients), (8, 8))
        a = engine.attribute(image, target, method())
        assert a.values[..., 0] == pytest.approx(expected, rel=1e-3, abs=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_gradients_that_differ_from_place_to_place_are_not_averaged_where_they_must_not(method):
    """After Flatten each position has a weight of its own; some gradients are exactly 0."""
    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            keras.layers.Conv2D(3, 3, activation="relu", name="conv"),
            keras.layers.Flatten(),
            keras.layers.Dense(2),
        ]
    )
    rng = np.random.default_rng(1)
    kernel = rng.normal(size=(108, 2))
    kernel[::3] = 0  # the first channel of the map has no influence: 0/0 in Grad-CAM++
    model.layers[-1].set_weights([kernel, np.zeros(2)])
    image = rng.normal(size=(8, 8, 3)).astype(np.float32)
    activations = model.layers[0](image[None])[0].numpy()
    gradients = kernel[:, 1].reshape(6, 6, 3)
    assert (activations[..., 0] > 0).any()
    a = AttributionEngine(model).attribute(image, 1, method())
    expected = enlarged(by_hand(method, activations, gradients), (8, 8))
    assert a.values[..., 0] == pytest.approx(expected, rel=1e-4, abs=1e-6)
    assert a.values.max() > 0


def test_the_gradient_of_a_saturated_probability_leaves_grad_cam_plus_plus_a_map(image):
    model = made(functional)
    model.layers[-1].set_weights([w * 16 for w in model.layers[-1].get_weights()])
    softmax = keras.Model(model.input, keras.layers.Softmax()(model.output))
    engine = AttributionEngine(softmax, output="probability")
    unlikely = [engine.attribute(image, target, GradCAMPlusPlus()) for target in range(4)]
    assert 0 < min(a.score for a in unlikely) < 1e-20
    assert all(a.values.max() > 0 for a in unlikely)


def test_a_map_is_enlarged_with_its_values_in_the_middle_of_their_cells():
    """One channel, the image itself: squares of 2 x 2 pixels become cells of the map."""
    model = keras.Sequential(
        [
            keras.Input((8, 12, 1)),
            keras.layers.Conv2D(1, 2, strides=2, use_bias=False, name="mean"),
            keras.layers.GlobalAveragePooling2D(),
        ]
    )
    model.layers[0].set_weights([np.full((2, 2, 1, 1), 0.25)])
    cells = np.random.default_rng(0).uniform(size=(4, 6)).astype(np.float32)
    image = cells.repeat(2, axis=0).repeat(2, axis=1)[..., None]
    a = AttributionEngine(model).attribute(image, method=LayerCAM())
    assert a.values.shape == (8, 12, 1)
    assert a.values[..., 0] == pytest.approx(enlarged(cells / 24, (8, 12)), rel=1e-5)
    assert a.heatmap() == pytest.approx(a.values[..., 0])
    assert a.values[0, 0, 0] == pytest.approx(cells[0, 0] / 24)


@pytest.mark.parametrize("method", [*METHODS, ScoreCAM])
def test_a_score_of_ones_own_is_explained_as_a_contrast_is(method, image):
    engine = AttributionEngine(made(functional))
    own = engine.attribute(image, lambda scores: scores[:, 2] - scores[:, 0], method())
    contrast = engine.attribute(image, (2, 0), method())
    assert own.values == pytest.approx(contrast.values, rel=1e-5, abs=1e-6)
    assert own.score == pytest.approx(contrast.score)


@pytest.mark.parametrize("method", METHODS)
def test_a_model_of_mixed_precision_has_nearly_the_same_map(method, image):
    model = made(functional)
    keras.config.set_dtype_policy("mixed_float16")
    try:
        mixed = made(functional)
    finally:
        keras.config.set_dtype_policy("float32")
    assert mixed.get_layer("map").compute_dtype == "float16"
    a, b = (AttributionEngine(each).attribute(image, 2, method()) for each in (model, mixed))
    assert b.values.dtype == np.float32
    assert b.values == pytest.approx(a.values, abs=0.02 * float(a.values.max()))


def test_engines_that_share_a_model_may_look_into_it_at_the_same_time(image):
    model = made(functional)
    methods = [GradCAM(), LayerCAM("first"), ScoreCAM("second"), GuidedBackprop()]
    expected = [AttributionEngine(model).attribute(image, 1, method).values for method in methods]
    plain, wrong = model(image[None]).numpy(), []

    def ask(method, values):
        for _ in range(2):
            a = AttributionEngine(model).attribute(image, 1, method)
            if not np.allclose(a.values, values, rtol=1e-4, atol=1e-6):
                wrong.append(method)
            if not np.allclose(model(image[None]), plain, rtol=1e-4, atol=1e-6):
                wrong.append(model)

    threads = [
        threading.Thread(target=ask, args=each) for each in zip(methods, expected, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


class TestLayers:
    @pytest.mark.parametrize("maker", MAKERS)
    def test_a_layer_is_exactly_what_is_named(self, maker, image):
        model = made(maker)
        engine = AttributionEngine(model)
        for name in ("first", "second"):
            layer = next(each for each in model._flatten_layers() if each.name == name)
            a = engine.attribute(image, 1, LayerCAM(layer=name))
            expected = self.by_tape(model, layer, image)
            assert a.method == LayerCAM(layer=name)
            assert a.values[..., 0] == pytest.approx(expected, rel=1e-3, abs=1e-5)

    @staticmethod
    def by_tape(model, layer, image):
        """The tape watches the layer's output by a call put in the way of the layer's own."""
        call, seen = layer.call, []
        with tf.GradientTape() as recorded:

            def watched(*args, **keywords):
                seen.append(call(*args, **keywords))
                recorded.watch(seen[-1])
                return seen[-1]

            object.__setattr__(layer, "call", watched)
            score = model(image[None], training=False)[0, 1]
        object.__delattr__(layer, "call")
        gradients = recorded.gradient(score, seen[-1])[0].numpy()
        return enlarged(by_hand(LayerCAM, seen[-1][0].numpy(), gradients), (8, 8))

    def test_the_one_that_was_chosen_is_told_and_can_be_named(self, image):
        engine = AttributionEngine(made(sequential))
        chosen = engine.attribute(image, 1, GradCAM())
        assert chosen.method == GradCAM(layer="map")
        assert (engine.attribute(image, 1, chosen.method).values == chosen.values).all()

    def test_the_choice_of_another_method_does_not_matter(self, image):
        layers = keras.layers
        x = keras.Input((8, 8, 3))
        y = layers.Conv2D(4, 3, activation="relu", name="map")(x)
        places = layers.Flatten()(keras.ops.argmax(y, axis=-1))
        z = layers.Flatten()(layers.Embedding(4, 2, name="embedding")(places))
        z = layers.Concatenate()([z, layers.GlobalAveragePooling2D()(y)])
        engine = AttributionEngine(keras.Model(x, layers.Dense(2)(z)))
        chosen = [
            engine.attribute(image, target, method).method.layer
            for target in (0, 1)
            for method in (GradCAM(), LayerIntegratedGradients())
        ]
        assert chosen == ["map", "embedding"] * 2

    @pytest.mark.parametrize("method", [*METHODS, ScoreCAM])
    def test_one_that_will_not_do_is_an_error_that_says_why(self, method, image):
        engine = AttributionEngine(made(sequential))
        with pytest.raises(ValueError, match=r"'mop' is not among.*Did you mean 'map'"):
            engine.attribute(image, method=method(layer="mop"))
        with pytest.raises(ValueError, match=r"'pool' returns .* shape \(1, 6\).*feature map"):
            engine.attribute(image, method=method(layer="pool"))
        with pytest.raises(TypeError, match="is a int; expected the name of a layer"):
            method(layer=3)

    @pytest.mark.parametrize("method", [*METHODS, ScoreCAM])
    def test_a_model_without_a_convolution_is_an_error(self, method, image):
        dense = keras.Sequential(
            [keras.Input((8, 8, 3)), keras.layers.Flatten(), keras.layers.Dense(2)]
        )
        with pytest.raises(ValueError, match="has no convolutional layer"):
            AttributionEngine(dense).attribute(image, method=method())

    @pytest.mark.parametrize("method", [*METHODS, ScoreCAM])
    def test_only_layers_of_keras_models_can_be_seen(self, method, image, tmp_path):
        model = made(functional)
        model.export(tmp_path / "exported", verbose=False)
        for opaque in (lambda batch: model(batch), tmp_path / "exported"):
            with pytest.raises(TypeError, match="a function or a SavedModel"):
                AttributionEngine(opaque).attribute(image, method=method())

    @pytest.mark.parametrize("method", [*METHODS, ScoreCAM])
    def test_only_images_have_maps(self, method):
        table = keras.Sequential([keras.Input((5,)), keras.layers.Dense(2)])
        with pytest.raises(ValueError, match="explains images"):
            AttributionEngine(table).attribute(np.ones(5), method=method())

    def test_one_that_the_score_does_not_depend_on_is_an_error(self, image):
        x = keras.Input((8, 8, 3))
        y = keras.layers.Conv2D(4, 3, name="used")(x)
        scores = keras.layers.Dense(2)(keras.layers.GlobalAveragePooling2D()(y))
        model = keras.Model(x, [scores, keras.layers.Conv2D(4, 3, name="other")(y)])
        engine = AttributionEngine(model, output=0)
        assert engine.attribute(image, method=GradCAM()).method.layer == "used"
        with pytest.raises(ValueError, match="no gradient of the score reaches layer 'other'"):
            engine.attribute(image, method=GradCAM(layer="other"))


class TestCost:
    def test_an_answer_is_remembered_and_new_weights_make_a_new_one(self, image):
        model = made(functional)
        engine = AttributionEngine(model)
        first = engine.attribute(image, 1, GradCAM())
        again = engine.attribute(image, 1, GradCAM())
        assert (first.evaluations, again.evaluations) == (1, 0)
        assert (again.values == first.values).all()
        model.set_weights([2 * w for w in model.get_weights()])
        assert engine.attribute(image, 1, GradCAM()).evaluations == 1

    def test_a_layer_is_compiled_once_for_all_targets_and_methods(self, image):
        model, traced = made(MAKERS[4]), []
        call = model.call
        model.call = lambda x, training=False: traced.append(x) or call(x, training=training)
        engine = AttributionEngine(model)
        engine.attribute(image, 0, GradCAM())
        once = len(traced)
        for target in range(4):
            for method in METHODS:
                engine.attribute(2 * image, target, method())
        assert len(traced) == once

    def test_a_model_with_a_fixed_batch_gives_the_same(self, image):
        free = made(functional)
        fixed = keras.models.clone_model(free, input_tensors=keras.Input(batch_shape=(3, 8, 8, 3)))
        fixed.set_weights(free.get_weights())
        for method in METHODS:
            a, b = (AttributionEngine(m).attribute(image, 1, method()) for m in (free, fixed))
            assert a.values == pytest.approx(b.values, rel=1e-4, abs=1e-6)


def test_a_feature_map_that_is_not_finite_is_an_error(image):
    model = made(functional)
    engine = AttributionEngine(model)
    engine.attribute(image, 1, GradCAM())
    kernel, bias = model.get_layer("second").get_weights()
    model.get_layer("second").set_weights([np.full_like(kernel, 1e38), bias])
    with pytest.raises(ValueError, match="NaN or infinite"):
        engine.attribute(image, 1, GradCAM())


def test_on_the_real_classifier_the_map_follows_normalisation_and_activation():
    sample = tw.samples.imagenet()
    engine = AttributionEngine(sample.model, preprocess=sample.preprocess)
    cat = tw.samples.photos()["cat"]
    a = engine.attribute(cat, 285, GradCAM())
    assert a.method.layer == "head_relu6"
    sub = keras.Model(sample.model.input, sample.model.get_layer("head_relu6").output)
    activations = sub(sample.preprocess(cat[None].astype(np.float32)))[0].numpy()
    # Behind it stand only a mean over the positions and a linear layer.
    kernel = sample.model.get_layer("predictions").get_weights()[0][:, 285]
    expected = enlarged(np.maximum(activations @ kernel, 0) / 49, (224, 224))
    assert a.values.shape == (224, 224, 1)
    assert a.values[..., 0] == pytest.approx(expected, rel=1e-3, abs=expected.max() * 1e-4)
