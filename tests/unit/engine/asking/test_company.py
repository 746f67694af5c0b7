"""Inputs of a batch that go through the model together, each for its own target."""

from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import (
    AttributionEngine,
    GradCAM,
    GuidedBackprop,
    InputXGradient,
    IntegratedGradients,
    LayerCAM,
    Saliency,
)
from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.computing.failing import ModelFailedError
from tfinterp_widgets.engine.computing.gradients import GradientGraphs
from tfinterp_widgets.engine.computing.own_targets import OwnTargets


def cubes(batch):
    """F_k(x) = (k + 1) * sum of x³, whose gradient is 3 (k + 1) x²."""
    return tf.reduce_sum(batch**3, axis=1, keepdims=True) * tf.range(1.0, 7.0)


@pytest.fixture
def passes(monkeypatch):
    """Of how many points each pass was that differentiated a model at its inputs."""
    seen = []
    together, alone = GradientGraphs.of_each, GradientGraphs.of_lone_point

    def of_each(self):
        cut, run = together(self)
        return OwnTargets(
            cut, lambda points, targets: seen.append(len(points)) or run(points, targets)
        )

    def of_lone_point(self, point, *how):
        seen.append(len(point))
        return alone(self, point, *how)

    monkeypatch.setattr(GradientGraphs, "of_each", of_each)
    monkeypatch.setattr(GradientGraphs, "of_lone_point", of_lone_point)
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


def test_only_those_still_to_be_answered_go_along(passes):
    X = np.random.default_rng(0).normal(size=(6, 3))
    engine = AttributionEngine(cubes, batch_size=8)
    for k in range(2):
        engine.attribute(X[k], 0, Saliency())
    passes.clear()
    answers = engine.attribute_batch(X, 0, Saliency())
    assert passes == [4]
    assert [a.evaluations for a in answers] == [0, 0, 1, 1, 1, 1]


def test_who_asks_nothing_at_the_inputs_reads_none_ahead():
    read = []

    def preprocess(batch):
        read.append(len(batch))
        return batch

    X = np.random.default_rng(0).normal(size=(6, 3))
    engine = AttributionEngine(cubes, preprocess=preprocess)
    estimates = engine.refine_batch(X, 0, IntegratedGradients(64, rule="midpoint"))
    next(estimates)
    of_one = len(read)
    while next(estimates)[0] == 0:
        pass
    assert len(read) == 2 * of_one


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


def test_an_input_that_cannot_be_read_is_refused_in_its_turn():
    X = list(np.random.default_rng(0).normal(size=(6, 3)))
    X[3] = np.array([1.0, np.nan, 2.0])
    answered = []
    with pytest.raises(ValueError, match="NaN") as caught:
        answered.extend(n for n, _ in AttributionEngine(cubes).refine_batch(X, 0, Saliency()))
    assert answered == [0, 1, 2]
    assert "input 3 of 6" in caught.value.__notes__[0]


def test_a_model_that_stops_at_one_input_answers_those_before():
    def checking(batch):
        tf.debugging.assert_less(tf.reduce_max(batch), 10.0)
        return cubes(batch)

    X = np.random.default_rng(0).normal(size=(6, 3))
    X[2, 1] = 11
    answered = []
    with pytest.raises(ModelFailedError):
        answered.extend(n for n, _ in AttributionEngine(checking).refine_batch(X, 0, Saliency()))
    assert answered == [0, 1]


def test_in_half_precision_a_huge_gradient_does_not_cost_a_tiny_one_its_digits():
    layers = [keras.layers.Dense(8, dtype="mixed_float16") for _ in range(2)]
    net = keras.Sequential([keras.Input((12,), dtype="float32"), *layers])
    rng = np.random.default_rng(0)
    spread = rng.uniform(0.5, 1, (8, 8)) * np.array([100.0, 1e-5, *[1.0] * 6])
    net.set_weights([1e-4 * rng.uniform(0.5, 1, (12, 8)), np.zeros(8), spread, np.zeros(8)])
    X = rng.normal(size=(4, 12))
    answers = AttributionEngine(net).attribute_batch(X, [0, 1, 0, 1], Saliency())
    for a, x in zip(answers, X, strict=True):
        alone = AttributionEngine(net).attribute(x, a.target, Saliency())
        assert a.values.all()
        assert a.values == pytest.approx(alone.values, rel=1e-3)


def test_the_chunk_is_found_for_what_a_method_asks():
    rng = np.random.default_rng(0)
    layers = [keras.layers.Conv2D(4, 3), keras.layers.GlobalAveragePooling2D()]
    net = keras.Sequential([keras.Input((8, 8, 3)), *layers, keras.layers.Dense(3)])
    engine = AttributionEngine(net)
    engine.attribute_batch(rng.normal(size=(40, 8, 8, 3)), 0, GradCAM())
    (model,) = engine._models._by_layout.values()
    (graph,) = model.inside._graphs._graphs.values()
    assert max(graph.sizes) > 4


@pytest.mark.parametrize("method", [Saliency(), InputXGradient()], ids=["Saliency", "Gradient"])
def test_models_that_take_a_fixed_batch_several_inputs_or_few_points(method):
    left, right = keras.Input((2,), name="left"), keras.Input((3,), name="right")
    scores = keras.layers.Dense(4)(keras.layers.Concatenate()([left, right]) ** 3)
    fixed = keras.Input((5,), batch_size=4)
    rng = np.random.default_rng(2)
    rows = rng.normal(size=(21, 5))
    parted = {"left": rows[:, :2], "right": rows[:, 2:]}

    def crowded(batch):
        if batch.shape[0] > 3:
            raise tf.errors.ResourceExhaustedError(None, None, "out of memory")
        return cubes(batch)

    for model, X in (
        (keras.Model([left, right], scores), parted),
        (keras.Model(fixed, keras.layers.Dense(4)(fixed**3)), rows),
        (crowded, rows),
    ):
        targets = [number % 4 for number in range(21)]
        answers = AttributionEngine(model).attribute_batch(X, targets, method)
        alone = AttributionEngine(model)
        for k in (0, 3, 4, 5, 20):
            x = {name: array[k] for name, array in X.items()} if isinstance(X, dict) else X[k]
            expected = alone.attribute(x, targets[k], method).values
            for name in expected if isinstance(expected, dict) else [...]:
                assert answers[k].values[name] == pytest.approx(expected[name], rel=1e-4)


def test_a_question_that_was_changed_gets_its_own_answer():
    X = np.random.default_rng(0).normal(size=(3, 3)).astype(np.float32)
    for question in AttributionEngine(cubes)._questions.ask_batch(X, 0, previews=False):
        elsewhere = replace(question, point=2 * question.point)
        for asked, expected in (
            (question, 3 * question.point**2),
            (replace(question, target=1), 6 * question.point**2),
            (elsewhere, 12 * question.point**2),
        ):
            assert asked.gradient()[1].numpy() == pytest.approx(expected, rel=1e-5)


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
    X = np.random.default_rng(0).normal(size=(4, 3))
    questions = AttributionEngine(net)._questions.ask_batch(X, 0, previews=False)
    next(questions).gradient()
    double(net)
    together = next(questions)
    together.gradient()
    together.check_weights()  # was answered before
    for run in (lambda question: question.gradients(tf.ones((2, 3))), Question.outputs):
        alone = next(questions)
        alone.gradient()
        run(alone)
        with pytest.raises(RuntimeError, match="weights changed"):
            alone.check_weights()


def test_a_question_may_be_answered_after_its_turn():
    X = np.random.default_rng(0).normal(size=(3, 3)).astype(np.float32)
    questions = list(AttributionEngine(cubes)._questions.ask_batch(X, 0, previews=False))
    for question in reversed(questions):
        assert question.gradient()[1].numpy() == pytest.approx(3 * question.point**2, rel=1e-5)
