"""Inputs of a batch that go through the model together, each for its own target."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import (
    AttributionEngine,
    GradCAM,
    GuidedBackprop,
    InputXGradient,
    LayerCAM,
    Saliency,
)
from tfinterp_widgets.engine.computing import differentiable


def cubes(batch):
    """F_k(x) = (k + 1) * sum of x³, whose gradient is 3 (k + 1) x²."""
    return tf.reduce_sum(batch**3, axis=1, keepdims=True) * tf.range(1.0, 7.0)


@pytest.fixture
def passes(monkeypatch):
    """Of how many points each pass through a model was that was differentiated."""
    seen = []

    def noting(name, original):
        def run(self, points, *how):
            seen.append(len(points))
            return original(self, points, *how)

        monkeypatch.setattr(differentiable.Differentiable, name, run)

    for name in ("gradient_of", "gradients_of_each"):
        noting(name, getattr(differentiable.Differentiable, name))
    return seen


@pytest.mark.parametrize("count", [1, 2, 9, 20])
@pytest.mark.parametrize("batch_size", [1, 8, "auto"])
def test_each_input_gets_the_gradient_of_its_own_target(count, batch_size):
    X = np.random.default_rng(0).normal(size=(count, 3))
    targets = [(k % 6, (k + 1) % 6) if k % 3 else k % 6 for k in range(count)]
    slopes = [t[0] - t[1] if isinstance(t, tuple) else t + 1 for t in targets]
    engine = AttributionEngine(cubes, batch_size=batch_size)
    for method, expected in ((Saliency(), 3 * X**2), (InputXGradient(), 3 * X**3)):
        answers = engine.attribute_batch(X, targets, method)
        assert [a.target for a in answers] == targets
        assert [a.evaluations for a in answers] == [1] * count
        for a, slope, of_one in zip(answers, slopes, expected, strict=True):
            assert a.values == pytest.approx(slope * of_one, rel=1e-5)
            assert a.final


def test_a_chunk_of_inputs_takes_one_pass(passes):
    X = np.random.default_rng(0).normal(size=(20, 3))
    engine = AttributionEngine(cubes, batch_size=8)
    engine.attribute_batch(X, 0, Saliency())
    assert passes == [8, 8, 4]
    passes.clear()
    assert [a.evaluations for a in engine.attribute_batch(X, 0, Saliency())] == [0] * 20
    assert passes == []


@pytest.mark.parametrize("method", [GradCAM(), LayerCAM("conv"), GuidedBackprop()])
def test_what_layers_return_takes_one_pass_as_well(method):
    sizes = []

    def note(points):
        sizes.append(len(points))
        return points

    def noted(x):
        seen = tf.ensure_shape(tf.py_function(note, [x], x.dtype), x.shape)
        return x + 0 * tf.stop_gradient(seen)

    image = keras.Input((8, 8, 3))
    maps = keras.layers.Conv2D(4, 3, activation="relu", name="conv")(
        keras.layers.Lambda(noted)(image)
    )
    scores = keras.layers.Dense(3)(keras.layers.GlobalAveragePooling2D()(maps))
    engine = AttributionEngine(keras.Model(image, scores), batch_size=8)
    X = np.random.default_rng(0).normal(size=(20, 8, 8, 3))
    engine.attribute(X[-1] + 1, 0, method)  # what is done once for a model
    sizes.clear()
    engine.attribute_batch(X, 0, method)
    assert sizes == [8, 8, 4]


def test_the_first_answers_need_not_wait_for_a_full_chunk_and_closing_stops(passes):
    X = np.random.default_rng(0).normal(size=(20, 3))
    estimates = AttributionEngine(cubes, batch_size=8).refine_batch(X, 0, Saliency())
    assert [next(estimates)[0] for _ in range(5)] == [0, 1, 2, 3, 4]
    assert passes == [4, 8]
    estimates.close()
    assert passes == [4, 8]


def test_only_those_still_to_be_answered_go_along(passes):
    X = np.random.default_rng(0).normal(size=(6, 3))
    engine = AttributionEngine(cubes, batch_size=8)
    for k in range(2):
        engine.attribute(X[k], 0, Saliency())
    passes.clear()
    answers = engine.attribute_batch(X, 0, Saliency())
    assert passes == [4]
    assert [a.evaluations for a in answers] == [0, 0, 1, 1, 1, 1]


def test_a_function_as_target_goes_by_itself_and_among_others(passes):
    X = np.random.default_rng(0).normal(size=(4, 3))
    engine = AttributionEngine(cubes, batch_size=8)
    targets = [0, lambda scores: 2 * scores[:, 5], 1, 2]
    answers = engine.attribute_batch(X, targets, Saliency())
    assert passes == [3, 1]
    for a, x, slope in zip(answers, X, [1, 12, 2, 3], strict=True):
        assert a.values == pytest.approx(3 * slope * x**2, rel=1e-5)


def test_what_is_wrong_with_one_input_is_not_said_of_the_others():
    def model(batch):
        scores = tf.reduce_sum(tf.nn.relu(batch) + tf.sqrt(tf.abs(batch - 5)), axis=1)
        return tf.stack([scores, tf.reduce_sum(tf.nn.relu(batch), axis=1)], axis=1)

    X = np.array([[1.0, 2.0], [-1.0, -2.0], [5.0, 1.0], [3.0, 4.0]])
    engine = AttributionEngine(model)
    flat = engine.attribute_batch(X, 1, Saliency())
    assert [a.warning is not None for a in flat] == [False, True, False, False]
    answered = []
    with pytest.raises(ValueError, match="NaN or infinite"):
        answered.extend(number for number, _ in engine.refine_batch(X, 0, Saliency()))
    assert answered == [0, 1]


def test_inputs_of_several_sizes_and_half_precision_models():
    keras.utils.set_random_seed(0)
    layers = [keras.layers.Conv2D(4, 3), keras.layers.GlobalAveragePooling2D()]
    model = keras.Sequential([keras.Input((None, None, 3)), *layers, keras.layers.Dense(3)])
    half = keras.Sequential(
        [
            keras.Input((12,), dtype="float32"),
            keras.layers.Dense(8, "relu", dtype="mixed_float16"),
            keras.layers.Dense(3, dtype="mixed_float16"),
        ]
    )
    rng = np.random.default_rng(1)
    images = [rng.normal(size=(size, 8, 3)) for size in (8, 8, 9, 8, 9, 9)]
    rows = list(rng.normal(size=(6, 12)))
    for made, X in ((model, images), (half, rows)):
        answers = AttributionEngine(made).attribute_batch(X, [0, 1, 2, 0, 1, 2], Saliency())
        for a, x in zip(answers, X, strict=True):
            alone = AttributionEngine(made).attribute(x, a.target, Saliency())
            assert a.values == pytest.approx(alone.values, rel=1e-2, abs=1e-5)


@pytest.fixture
def net():
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])


def double(net):
    net.set_weights([2 * weights for weights in net.get_weights()])


def test_weights_that_change_are_noticed_by_the_next_pass(net):
    X = np.random.default_rng(0).normal(size=(8, 3))
    before = net.get_weights()[0][:, 0]
    estimates = AttributionEngine(net, batch_size=8).refine_batch(X, 0, Saliency())
    answers = [next(estimates)[1]]
    double(net)
    with pytest.raises(RuntimeError, match="weights changed"):
        answers.extend(answer for _, answer in estimates)
    # These were computed before.
    assert [a.values for a in answers] == [pytest.approx(before)] * 4


def test_who_runs_the_model_alone_reads_the_weights_again(net):
    X = np.random.default_rng(0).normal(size=(3, 3))
    engine = AttributionEngine(net)
    together, alone, forward = engine._questions.ask_batch(X, 0, previews=False)
    for question in (together, alone, forward):
        question.gradient()
    double(net)
    alone.gradients(tf.ones((2, 3)))
    forward.outputs()
    together.check_weights()
    for question in (alone, forward):
        with pytest.raises(RuntimeError, match="weights changed"):
            question.check_weights()
