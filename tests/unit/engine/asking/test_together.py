"""Several targets of one input in one pass: the same answers, and less work."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import AttributionEngine, IntegratedGradients, differentiable
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
        method = METHODS[name](layer="conv2d")
    else:
        method = METHODS[name]()
    together = AttributionEngine(classifier).attribute_many(image, [2, 4], method)
    for target, mine in zip([2, 4], together, strict=True):
        alone = AttributionEngine(classifier).attribute(image, target, method)
        assert mine.values == pytest.approx(alone.values, rel=2e-3, abs=1e-5)


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
