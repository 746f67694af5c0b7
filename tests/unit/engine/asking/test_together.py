"""Several targets of one input in one pass: the same answers, and less work."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import (
    AttributionEngine,
    GradCAM,
    GradCAMPlusPlus,
    GuidedBackprop,
    IntegratedGradients,
    LayerCAM,
    LayerIntegratedGradients,
    ScoreCAM,
)
from tfinterp_widgets.engine.computing import differentiable
from tfinterp_widgets.engine.methods import METHODS

TARGETS = [3, 0, (1, 4), 2, None]


@pytest.fixture
def runs(monkeypatch):
    """How many targets each pass through the model differentiated."""
    seen = []
    original = differentiable.Differentiable.gradients_of

    def gradients_of(self, points, targets):
        seen.append(len(targets))
        return original(self, points, targets)

    monkeypatch.setattr(differentiable.Differentiable, "gradients_of", gradients_of)
    return seen


def one_by_one(classifier, image, method):
    return [AttributionEngine(classifier).attribute(image, each, method) for each in TARGETS]


@pytest.mark.parametrize("batch_size", [1, 5, "auto"])
@pytest.mark.parametrize("rule", ["graded", "trapezoid", "midpoint"])
def test_the_answers_are_those_of_one_target_alone(classifier, image, runs, rule, batch_size):
    method = IntegratedGradients(32, rule=rule)
    together = AttributionEngine(classifier, batch_size=batch_size).attribute_many(
        image, TARGETS, method
    )
    assert set(runs) == {5}
    for mine, alone in zip(together, one_by_one(classifier, image, method), strict=True):
        assert mine.target == alone.target
        assert mine.score == pytest.approx(alone.score)
        assert mine.values == pytest.approx(alone.values, rel=1e-3, abs=1e-6)
        assert mine.evaluations == alone.evaluations
        assert mine.final


def test_targets_whose_rules_differ_go_on_in_groups(image, runs):
    # F_0 and F_2 saturate at once, F_1 and F_3 grow evenly: auto takes two rules.
    def model(batch):
        total = tf.reduce_sum(batch, axis=(1, 2, 3))
        return tf.stack([tf.tanh(20 * total), total, tf.tanh(30 * total), 2 * total], axis=1)

    x = np.abs(image)
    together = AttributionEngine(model, batch_size=4).attribute_many(x, range(4))
    shared = list(runs)
    rules = [a.method.rule for a in together]
    assert rules == ["graded", "trapezoid", "graded", "trapezoid"]
    for target, mine in enumerate(together):
        alone = AttributionEngine(model, batch_size=4).attribute(x, target)
        assert mine.values == pytest.approx(alone.values, rel=1e-3, abs=1e-6)
    # The first pass was for all four; what follows is shared by those who go the same way.
    assert shared[:2] == [4, 3]
    assert set(shared[2:]) == {2}


def test_known_answers_are_not_computed_again(classifier, image, runs):
    engine = AttributionEngine(classifier)
    method = IntegratedGradients(16, rule="graded")
    engine.attribute(image, 3, method)
    runs.clear()
    answers = engine.attribute_many(image, [3, 0, 1], method)
    assert [a.evaluations for a in answers] == [0, 16, 16]
    assert [a.evaluations for a in engine.attribute_many(image, [3, 0, 1], method)] == [0, 0, 0]


@pytest.mark.parametrize("name", METHODS)
def test_every_method_answers_as_it_does_alone(name, classifier, image):
    if name == "LayerIntegratedGradients":
        method = METHODS[name](layer=classifier.layers[0].name)
    else:
        method = METHODS[name]()
    together = AttributionEngine(classifier).attribute_many(image, [2, 4], method)
    for target, mine in zip([2, 4], together, strict=True):
        alone = AttributionEngine(classifier).attribute(image, target, method)
        assert mine.values == pytest.approx(alone.values, rel=2e-3, abs=1e-5)


@pytest.fixture
def counted():
    """A classifier of images, and a list in which it notes every forward pass."""
    passes = []

    def noted(batch):
        seen = tf.numpy_function(lambda x: passes.append(len(x)) or x, [batch], tf.float32)
        seen.set_shape(batch.shape)
        return batch + 0 * tf.stop_gradient(seen)

    keras.utils.set_random_seed(7)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            keras.layers.Lambda(noted, output_shape=(8, 8, 3)),
            keras.layers.Conv2D(8, 3, activation="relu", name="conv"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(5),
        ]
    )
    return model, passes


LOOK_INSIDE = [
    GradCAM(),
    GradCAMPlusPlus(),
    LayerCAM(),
    ScoreCAM(),
    GuidedBackprop(),
    LayerIntegratedGradients("conv", 8, rule="graded"),
]


@pytest.mark.parametrize("method", LOOK_INSIDE, ids=lambda method: type(method).__name__)
def test_methods_that_look_inside_need_no_more_passes_for_all_targets_than_for_one(
    method, counted, image
):
    model, passes = counted
    engine = AttributionEngine(model, batch_size=4)
    targets = [3, 0, (1, 4), 2]
    engine.attribute_many(image, targets, method)
    engine.attribute(image, 4, method)  # whatever is done once is done
    passes.clear()
    engine.attribute(2 * image, 4, method)
    of_one = list(passes)
    passes.clear()
    together = engine.attribute_many(3 * image, targets, method)
    assert passes == of_one
    if together[0].evaluations == 1:
        assert len(passes) == 1
    for target, mine in zip(targets, together, strict=True):
        alone = AttributionEngine(model).attribute(3 * image, target, method)
        assert mine.values == pytest.approx(alone.values, rel=1e-3, abs=1e-6)
        assert mine.score == pytest.approx(alone.score, rel=1e-5)
        assert mine.evaluations == alone.evaluations


@pytest.mark.parametrize("method", [GradCAM(), GuidedBackprop(), IntegratedGradients(8)], ids=repr)
def test_a_function_among_the_targets_has_passes_of_its_own(method, classifier, image):
    def difference(scores):
        return scores[:, 1] - scores[:, 4]

    answers = AttributionEngine(classifier).attribute_many(image, [difference, 2, (1, 4)], method)
    alone = AttributionEngine(classifier).attribute(image, 2, method)
    assert answers[1].values == pytest.approx(alone.values, rel=1e-3, abs=1e-6)
    assert answers[0].values == pytest.approx(answers[2].values, rel=1e-3, abs=1e-6)
    assert np.abs(answers[0].values - answers[1].values).max() > 1e-3


def test_estimates_of_all_come_in_step_and_closing_stops_the_work(classifier, image, runs):
    engine = AttributionEngine(classifier, batch_size=4)
    estimates = engine.refine_many(image, [0, 1, 2], IntegratedGradients(64, rule="graded"))
    first = next(estimates)
    assert [a.progress for a in first] == [4 / 64] * 3
    done = len(runs)
    estimates.close()
    assert len(runs) == done


def test_more_targets_than_fit_go_through_group_by_group(runs):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(20)])
    method = IntegratedGradients(4)
    answers = AttributionEngine(model).attribute_many(np.ones(3), range(20), method)
    kernel = model.get_weights()[0]
    for target, answer in enumerate(answers):
        assert answer.values == pytest.approx(kernel[:, target])
    assert max(runs) <= 8


@pytest.mark.parametrize(
    ("targets", "kind", "message"),
    [
        ([], ValueError, "empty"),
        (3, TypeError, "list of targets"),
        ("cat", TypeError, "list of targets"),
        ([1, 9], ValueError, "target 9"),
        ([1, "cat"], TypeError, "class_names.index"),
    ],
)
def test_bad_targets(classifier, image, targets, kind, message):
    with pytest.raises(kind, match=message):
        AttributionEngine(classifier).attribute_many(image, targets)
