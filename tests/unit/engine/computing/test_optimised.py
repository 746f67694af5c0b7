"""Batch normalisation folded into the layer before it, and unused outputs cut."""

import logging

import keras
import numpy as np
import pytest
import tensorflow as tf
import tf_keras

from tfinterp_widgets.engine import (
    AttributionEngine,
    GradCAM,
    LayerIntegratedGradients,
    Saliency,
)
from tfinterp_widgets.engine.models.folding import Fold

RANDOM = np.random.default_rng(5)


def with_random_weights(model):
    """Give a model weights that no initialiser would: variances above 0, the rest of both signs."""
    for variable in model.weights:
        values = RANDOM.normal(size=variable.shape) * 0.5
        # The paths of tf_keras end in ":0".
        positive = "variance" in getattr(variable, "path", variable.name)
        variable.assign(np.abs(values) + 0.5 if positive else values)
    return model


def block(kind, x, package=keras, **options):
    x = kind(**options)(x)
    x = package.layers.BatchNormalization()(x)
    return package.layers.ReLU()(x)


def classifier(kind, shape, package=keras, **options):
    inputs = package.Input(shape)
    x = block(kind, inputs, package, **options)
    x = package.layers.Flatten()(x)
    return with_random_weights(package.Model(inputs, package.layers.Dense(3)(x)))


def both(model, **options):
    return AttributionEngine(model, **options), AttributionEngine(model, optimize=False, **options)


def logged(caplog):
    """What the package has logged: TensorFlow logs too, of what else ran in this process."""
    return [record for record in caplog.records if record.name == "tfinterp_widgets"]


def check_alike(model, x, **options):
    """Explain with and without; returns the engine that optimises."""
    engine, plain = both(model, **options)
    ours, theirs = (each.attribute(x, 1, Saliency()) for each in (engine, plain))
    assert ours.score == pytest.approx(theirs.score, rel=1e-4)
    np.testing.assert_allclose(ours.values, theirs.values, atol=1e-4 * np.abs(theirs.values).max())
    assert plain.optimized is None
    return engine


LAYERS = keras.layers
KINDS = [
    (LAYERS.Conv1D, (9, 3), {"filters": 4, "kernel_size": 3, "dilation_rate": 2}),
    (LAYERS.Conv2D, (7, 6, 3), {"filters": 4, "kernel_size": 3, "strides": 2}),
    (LAYERS.Conv2D, (7, 6, 4), {"filters": 4, "kernel_size": 3, "groups": 2, "use_bias": False}),
    (LAYERS.Conv3D, (5, 5, 4, 2), {"filters": 3, "kernel_size": 2, "padding": "same"}),
    (LAYERS.DepthwiseConv1D, (9, 3), {"kernel_size": 3, "depth_multiplier": 2}),
    (LAYERS.DepthwiseConv2D, (7, 6, 3), {"kernel_size": 3, "depth_multiplier": 2}),
    (LAYERS.DepthwiseConv2D, (7, 6, 3), {"kernel_size": 3, "use_bias": False, "strides": 2}),
    (LAYERS.SeparableConv1D, (9, 3), {"filters": 4, "kernel_size": 3, "padding": "same"}),
    (LAYERS.SeparableConv2D, (7, 6, 3), {"filters": 4, "kernel_size": 3, "depth_multiplier": 2}),
    (LAYERS.Dense, (6,), {"units": 5}),
    (LAYERS.Dense, (4, 6), {"units": 5, "use_bias": False}),
]


@pytest.mark.parametrize(
    ("kind", "shape", "options"), KINDS, ids=[f"{k.__name__}-{s}" for k, s, _ in KINDS]
)
def test_every_kind_of_layer_takes_over_its_normalisation(kind, shape, options):
    model = classifier(kind, shape, **options)
    engine = check_alike(model, RANDOM.normal(size=shape))
    assert engine.optimized == "1 batch normalisation folded"


@pytest.mark.parametrize("name", ["Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Dense"])
def test_models_of_tf_keras_are_folded_too(name):
    shape = (7, 6, 3)
    options = {
        "Conv2D": {"filters": 4, "kernel_size": 3},
        "DepthwiseConv2D": {"kernel_size": 3, "depth_multiplier": 2},
        "SeparableConv2D": {"filters": 4, "kernel_size": 3},
        "Dense": {"units": 5},
    }[name]
    model = classifier(getattr(tf_keras.layers, name), shape, tf_keras, **options)
    engine = check_alike(model, RANDOM.normal(size=shape))
    assert engine.optimized == "1 batch normalisation folded"


@pytest.mark.parametrize("options", [{"scale": False}, {"center": False}, {"epsilon": 0.5}])
def test_what_the_normalisation_lacks_and_its_epsilon(options):
    model = keras.Sequential(
        [
            keras.Input((5, 5, 2)),
            keras.layers.Conv2D(3, 2),
            keras.layers.Dropout(0.5),
            keras.layers.BatchNormalization(**options),
            keras.layers.Flatten(),
            keras.layers.Dense(3),
        ]
    )
    engine = check_alike(with_random_weights(model), RANDOM.normal(size=(5, 5, 2)))
    assert engine.optimized


class Subclassed(keras.Model):
    def __init__(self, always_trains=False):
        super().__init__()
        self.always_trains = always_trains
        self.conv, self.norm = keras.layers.Conv2D(4, 3), keras.layers.BatchNormalization()
        self.head = keras.layers.Dense(3)

    def call(self, x, training=False):
        x = tf.nn.relu(self.norm(self.conv(x), training=training or self.always_trains))
        return self.head(tf.reduce_mean(x, axis=(1, 2)))


def test_nested_and_subclassed_models_are_folded():
    model = Subclassed()
    model(np.zeros((1, 6, 6, 3), np.float32))
    assert check_alike(with_random_weights(model), RANDOM.normal(size=(6, 6, 3))).optimized
    inner = classifier(LAYERS.Conv2D, (6, 6, 3), filters=4, kernel_size=3)
    outer = keras.Sequential([keras.Input((6, 6, 3)), inner])
    assert check_alike(outer, RANDOM.normal(size=(6, 6, 3))).optimized


def test_a_subclassed_model_that_was_never_called_is_folded_once_it_is_built():
    engine = AttributionEngine(Subclassed())
    engine.attribute(RANDOM.normal(size=(6, 6, 3)), 0, Saliency())
    assert engine.optimized == "1 batch normalisation folded"


def unfoldable(how):
    inputs = keras.Input((6, 6, 3))
    if how == "nonlinear":
        x = keras.layers.Conv2D(3, 3, activation="relu")(inputs)
        x = keras.layers.BatchNormalization()(x)
    elif how == "read by another":
        conv = keras.layers.Conv2D(3, 3)(inputs)
        x = keras.layers.BatchNormalization()(conv) + conv
    elif how == "along another axis":
        x = keras.layers.BatchNormalization(axis=1)(keras.layers.Conv2D(3, 3)(inputs))
    elif how == "a layer called twice":
        conv = keras.layers.Conv2D(3, 3, padding="same")
        x = keras.layers.BatchNormalization()(conv(conv(inputs)))
    elif how == "a normalisation called twice":
        norm = keras.layers.BatchNormalization()
        x = norm(keras.layers.Conv2D(3, 3)(inputs)) + norm(keras.layers.Conv2D(3, 3)(inputs))
    elif how == "a layer of one's own":
        x = Doubled(3, 3)(inputs)
        x = keras.layers.BatchNormalization()(x)
    else:
        x = keras.layers.BatchNormalization()(inputs)
    x = keras.layers.Flatten()(x)
    return with_random_weights(keras.Model(inputs, keras.layers.Dense(3)(x)))


class Doubled(keras.layers.Conv2D):
    def call(self, inputs):
        return 2 * super().call(inputs)


@pytest.mark.parametrize(
    "how",
    [
        "nonlinear",
        "read by another",
        "along another axis",
        "a layer called twice",
        "a normalisation called twice",
        "a layer of one's own",
        "nothing before",
    ],
)
def test_what_cannot_be_folded_is_left_as_it_is(how, caplog):
    engine = check_alike(unfoldable(how), RANDOM.normal(size=(6, 6, 3)))
    assert engine.optimized is None
    assert logged(caplog) == []


def test_a_normalisation_that_always_trains_is_left_as_it_is(caplog):
    engine = AttributionEngine(Subclassed(always_trains=True))
    with pytest.raises(ValueError, match="no batch normalisation or dropout as in training"):
        engine.attribute(RANDOM.normal(size=(6, 6, 3)), 1, Saliency())
    assert engine.optimized is None
    assert logged(caplog) == []


def test_a_layer_whose_output_is_also_the_models_is_left_as_it_is():
    inputs = keras.Input((6,))
    early = keras.layers.Dense(3, name="early")(inputs)
    late = keras.layers.BatchNormalization(name="late")(early)
    model = with_random_weights(keras.Model(inputs, [early, late]))
    x = RANDOM.normal(size=6)
    for output in ("early", "late"):
        check_alike(model, x, output=output)


def test_layers_are_seen_as_the_user_made_them():
    model = classifier(LAYERS.Conv2D, (6, 6, 3), filters=4, kernel_size=3)
    x = RANDOM.normal(size=(6, 6, 3))
    engine, plain = both(model)
    for layer in (model.layers[1].name, model.layers[2].name):
        for method in (GradCAM(layer), LayerIntegratedGradients(layer, steps=4)):
            ours, theirs = (each.attribute(x, 1, method) for each in (engine, plain))
            np.testing.assert_allclose(ours.values, theirs.values, rtol=1e-5)
    assert engine.optimized


class WithActivationInCode(keras.Model):
    def __init__(self):
        super().__init__()
        self.taken, self.above = LAYERS.Conv2D(4, 3, name="taken"), LAYERS.Conv2D(5, 3)
        self.norm, self.scores = LAYERS.BatchNormalization(name="norm"), LAYERS.Dense(3)

    def call(self, x):
        x = self.above(tf.nn.relu(self.norm(self.taken(x))))
        return self.scores(tf.reduce_max(x, axis=(1, 2)))


@pytest.mark.parametrize("layer", [None, "taken", "norm", "norm:Relu"])
def test_feature_maps_are_those_of_the_layers_as_the_user_made_them(layer):
    model = WithActivationInCode()
    model(np.zeros((1, 8, 8, 3), np.float32))
    engine, plain = both(with_random_weights(model))
    for kernel in (model.above.kernel, model.scores.kernel):
        kernel.assign(np.abs(kernel))  # so that the map is not empty by chance
    image = RANDOM.normal(size=(8, 8, 3))
    ours, theirs = (each.attribute(image, 1, GradCAM(layer)) for each in (engine, plain))
    assert engine.optimized == "1 batch normalisation folded"
    assert ours.method == theirs.method
    assert theirs.values.any()
    np.testing.assert_allclose(ours.values, theirs.values, rtol=1e-3, atol=1e-5)


def test_the_users_model_is_left_alone():
    model = classifier(LAYERS.Conv2D, (6, 6, 3), filters=4, kernel_size=3)
    x = RANDOM.normal(size=(1, 6, 6, 3)).astype(np.float32)
    weights, answer, layers = model.get_weights(), model(x), [*model.layers]
    engine = AttributionEngine(model)
    engine.attribute(x[0], 1)
    assert engine.optimized
    assert model.layers == layers
    assert all(np.array_equal(*pair) for pair in zip(model.get_weights(), weights, strict=True))
    np.testing.assert_array_equal(model(x), answer)
    model.compile("sgd", "mse")
    model.fit(x, np.ones((1, 3)), verbose=0)
    assert not np.array_equal(model.get_weights()[-3], weights[-3])  # it still learns variances


@pytest.mark.parametrize(
    "changed", ["kernel", "bias", "gamma", "beta", "moving_mean", "moving_variance"]
)
def test_new_weights_are_folded_again(changed):
    model = classifier(LAYERS.Conv2D, (6, 6, 3), filters=4, kernel_size=3)
    x = RANDOM.normal(size=(6, 6, 3))
    engine, plain = both(model)
    before = engine.attribute(x, 1, Saliency())
    conv, norm = model.layers[1:3]
    variable = getattr(norm, changed, None)
    if variable is None:
        variable = getattr(conv, changed)
    variable.assign(1.5 * variable + 0.25)
    after, expected = (each.attribute(x, 1, Saliency()) for each in (engine, plain))
    assert after.evaluations == 1
    assert after.score == pytest.approx(expected.score, rel=1e-4)
    assert after.score != pytest.approx(before.score, rel=1e-3)
    np.testing.assert_allclose(after.values, expected.values, rtol=1e-3, atol=1e-5)
    assert engine.optimized


def test_a_wrong_fold_is_noticed_the_original_kept_and_the_reason_logged(monkeypatch, caplog):
    right = Fold.weights
    monkeypatch.setattr(Fold, "weights", lambda fold: tuple(1.001 * each for each in right(fold)))
    model = classifier(LAYERS.Conv2D, (6, 6, 3), filters=4, kernel_size=3)
    engine = check_alike(model, RANDOM.normal(size=(6, 6, 3)))
    assert engine.optimized is None
    (record,) = logged(caplog)
    assert (record.name, record.levelno) == ("tfinterp_widgets", logging.WARNING)
    assert "scores would be off" in record.getMessage()


def test_weights_with_which_folding_goes_wrong_bring_the_original_back(caplog):
    model = classifier(LAYERS.Conv2D, (6, 6, 3), filters=4, kernel_size=3)
    x = RANDOM.normal(size=(6, 6, 3))
    engine, plain = both(model)
    engine.attribute(x, 1, Saliency())
    assert engine.optimized
    # A mean so large that float32 cannot hold a score beside it.
    model.layers[2].moving_mean.assign(np.full(4, 3e6))
    model.layers[1].bias.assign(np.full(4, 3e6))
    ours, theirs = (each.attribute(x, 1, Saliency()) for each in (engine, plain))
    np.testing.assert_array_equal(ours.values, theirs.values)
    assert engine.optimized is None
    assert len(logged(caplog)) == 1


class Counting(keras.layers.Layer):
    """Counts how often it is run: TensorFlow cannot leave it out by itself."""

    runs = 0

    def call(self, inputs):
        def count(values):
            type(self).runs += 1
            return values

        outputs = tf.numpy_function(count, [inputs], tf.float32)
        return tf.ensure_shape(outputs, inputs.shape)

    def compute_output_shape(self, shape):
        return shape


@pytest.mark.parametrize("keyed", [False, True])
def test_unused_outputs_are_not_computed(keyed):
    inputs = keras.Input((6,))
    used = keras.layers.Dense(3, name="used", activation="softmax")(inputs)
    unused = keras.layers.Dense(2, name="unused")(Counting()(inputs))
    model = keras.Model(inputs, {"used": used, "unused": unused} if keyed else [unused, used])
    engine = AttributionEngine(model, output="used")
    x = RANDOM.normal(size=6)
    engine.attribute(x, 1)
    assert engine.optimized == "unused outputs cut"
    Counting.runs = 0
    ours = engine.attribute(2 * x, 1)
    assert Counting.runs == 0
    plain = AttributionEngine(model, output="used", optimize=False).attribute(2 * x, 1)
    assert Counting.runs > 0
    np.testing.assert_allclose(ours.values, plain.values, rtol=1e-4, atol=1e-6)


def test_a_model_whose_gradient_is_none_still_answers_what_needs_none(caplog):
    model = keras.Sequential(
        [
            keras.Input((4,), dtype="int32"),
            keras.layers.Embedding(10, 3),
            keras.layers.Dense(4),
            keras.layers.BatchNormalization(),
            keras.layers.Flatten(),
            keras.layers.Dense(2),
        ]
    )
    engine = AttributionEngine(model)
    assert len(engine.predict(np.array([1, 2, 3, 4]))) == 2
    assert engine.optimized is None
    assert "no gradient" in caplog.text


@pytest.mark.parametrize("optimize", [None, 1, "yes"])
def test_optimize_is_true_or_false(classifier, optimize):
    with pytest.raises(TypeError, match="expected True or False"):
        AttributionEngine(classifier, optimize=optimize)
