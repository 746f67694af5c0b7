"""Previews in bfloat16."""

import keras
import numpy as np
import pytest
import tensorflow as tf
import tf_keras

from tfinterp_widgets.engine import (
    AttributionEngine,
    GradCAM,
    IntegratedGradients,
    Saliency,
)

RANDOM = np.random.default_rng(4)
IMAGE = RANDOM.normal(size=(8, 8, 3)).astype(np.float32)


def small(package, normalised=True):
    package.utils.set_random_seed(3)
    layers = package.layers
    model = package.Sequential(
        [
            package.Input((8, 8, 3)),
            layers.Conv2D(8, 3, activation=None if normalised else "elu", name="conv"),
            *([layers.BatchNormalization(), layers.ELU()] if normalised else []),
            layers.Flatten(),
            layers.Dense(16, activation="tanh"),
            layers.Dense(4, activation="softmax"),
        ]
    )
    model(IMAGE[None])
    return model


def multiplied_in(engine):
    """The dtypes in which the compiled gradients convolve and multiply, in their order."""
    (model,) = engine._models._by_layout.values()
    chunks = model._gradients._classes[1]
    graph = chunks._lone or next(iter(chunks._graphs.values()))
    return [
        operation.outputs[0].dtype
        for operation in graph.graph.get_operations()
        if operation.type in ("Conv2D", "MatMul") and "gradient" not in operation.name
    ]


@pytest.mark.parametrize("package", [keras, tf_keras], ids=["keras", "tf_keras"])
@pytest.mark.parametrize("normalised", [True, False], ids=["folded", "plain"])
def test_answers_are_near_those_of_float32(package, normalised):
    model = small(package, normalised)
    rough, exact = (AttributionEngine(model, precision=p) for p in ("bfloat16", "float32"))
    for method in (Saliency(), IntegratedGradients(16, rule="graded")):
        ours, theirs = (engine.attribute(IMAGE, 1, method) for engine in (rough, exact))
        assert ours.values.dtype == np.float32
        difference = np.abs(ours.values - theirs.values).sum() / np.abs(theirs.values).sum()
        assert 1e-6 < difference < 0.05
        assert ours.score == pytest.approx(theirs.score, abs=0.02)
    assert bool(rough.optimized) == normalised
    half, full = tf.bfloat16, tf.float32
    assert multiplied_in(rough)[:3] == [half, half, full]  # the scores are not rounded
    assert multiplied_in(exact)[:3] == [full, full, full]


def test_sums_of_many_steps_are_float32():
    model = small(keras, normalised=False)
    a = AttributionEngine(model, precision="bfloat16").attribute(
        IMAGE, 1, IntegratedGradients(256, rule="graded")
    )
    # 256 steps summed in bfloat16, with its 8 bits, would stop growing on the way.
    assert a.relative_error < 0.02


def test_einsum_dense_and_attention():
    inputs = keras.Input((6, 8))
    x = keras.layers.MultiHeadAttention(2, 4)(inputs, inputs)
    x = keras.layers.LayerNormalization()(x + inputs)
    x = keras.layers.EinsumDense("abc,cd->abd", (None, 5), bias_axes="d", activation="relu")(x)
    x = keras.layers.GlobalAveragePooling1D()(x)
    model = keras.Model(inputs, keras.layers.Dense(3)(x))
    x = RANDOM.normal(size=(6, 8))
    rough, exact = (
        AttributionEngine(model, precision=p).attribute(x, 1, Saliency())
        for p in ("bfloat16", "float32")
    )
    difference = np.abs(rough.values - exact.values).sum() / np.abs(exact.values).sum()
    assert 1e-6 < difference < 0.1


def test_layers_are_looked_at_in_float32():
    model = small(keras)
    rough, exact = (
        AttributionEngine(model, precision=p).attribute(IMAGE, 1, GradCAM("conv"))
        for p in ("bfloat16", "float32")
    )
    np.testing.assert_allclose(rough.values, exact.values, rtol=1e-5)


def test_the_two_precisions_are_never_mixed_in_a_cache():
    model = small(keras)
    weights = {
        AttributionEngine(model, precision=p, optimize=False).ask(IMAGE).weights
        for p in ("bfloat16", "float32")
    }
    assert len(weights) == 2


def test_new_weights_are_noticed():
    model = small(keras)
    engine = AttributionEngine(model, precision="bfloat16")
    before = engine.attribute(IMAGE, 1, Saliency())
    model.set_weights([1.5 * each for each in model.get_weights()])
    after = engine.attribute(IMAGE, 1, Saliency())
    exact = AttributionEngine(model).attribute(IMAGE, 1, Saliency())
    assert after.evaluations == 1
    assert after.score != pytest.approx(before.score, rel=0.05)
    assert after.score == pytest.approx(exact.score, abs=0.1)


def test_functions_have_no_layers_to_round():
    with pytest.raises(TypeError, match="Hand over the Keras model itself"):
        AttributionEngine(lambda batch: tf.reduce_sum(batch, axis=1), precision="bfloat16")


@pytest.mark.parametrize("precision", ["float16", None, 32])
def test_other_precisions_are_refused(classifier, precision):
    with pytest.raises(ValueError, match='expected "float32" or "bfloat16"'):
        AttributionEngine(classifier, precision=precision)
