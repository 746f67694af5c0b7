"""Guided integrated gradients against paths worked out by hand, and against the authors' code."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from path_cases import counting, pair_results, tanh_score, weights

from tfinterp_widgets.engine import (
    AttributionEngine,
    GuidedIntegratedGradients,
    IntegratedGradients,
)
from tfinterp_widgets.engine.paths.guided import GuidedPath, _smallest

STRAIGHT = [{"fraction": 1.0, "max_dist": 1.0}, {"fraction": 1.0}, {"max_dist": 0.0}]


@pytest.mark.parametrize("straight", STRAIGHT, ids=str)
def test_at_fraction_1_or_distance_0_it_is_the_left_rule(classifier, image, straight):
    engine, start = AttributionEngine(classifier), np.full_like(image, 0.3)
    guided = GuidedIntegratedGradients(30, start, **straight)
    a = engine.attribute(image, 2, guided)
    left = engine.attribute(image, 2, IntegratedGradients(30, start, rule="left"))
    assert a.values == pytest.approx(left.values, rel=1e-4, abs=1e-7)
    assert a.path.alphas == pytest.approx(left.path.alphas)
    assert a.path.scores == pytest.approx(left.path.scores, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("max_dist", [0, 0.02, 1])
def test_elsewhere_it_is_not(classifier, image, max_dist):
    engine = AttributionEngine(classifier)
    a = engine.attribute(image, 2, GuidedIntegratedGradients(30, max_dist=max_dist))
    left = engine.attribute(image, 2, IntegratedGradients(30, rule="left"))
    apart = np.abs(a.values - left.values).max() > 1e-3 * np.abs(left.values).max()
    assert apart == (max_dist > 0)


# F = x y from (0, 1/2) to (1, 1) in two steps; the path is 3/2 long, and the gradient (y, x) starts
# as (1/2, 0). Without a bound y moves first, all its 1/2, and x the rest of this step, 1/4; then x
# alone. With .1 both are at .4 of their ways at least; y goes on to .6, and x fills up to .45.
@pytest.mark.parametrize(
    ("max_dist", "expected"), [(1.0, [0.25 * 0.5 + 0.75, 0.0]), (0.1, [0.225 + 0.44, 0.09])]
)
def test_a_product_of_two_as_worked_out_by_hand(max_dist, expected):
    engine = AttributionEngine(lambda batch: batch[:, 0] * batch[:, 1])
    method = GuidedIntegratedGradients(2, [0.0, 0.5], fraction=0.5, max_dist=max_dist)
    a = engine.attribute(np.ones(2), method=method)
    assert a.values == pytest.approx(expected, rel=1e-5)
    assert a.baseline_score == 0


@pytest.mark.parametrize("run", ["default", "unbounded", "wide"])
def test_agrees_with_the_code_of_the_authors(run):
    """PAIR `saliency` 0.2.1, which is right here but runs only with NumPy before 2.4."""
    peer = pair_results("guided")
    steps, fraction, max_dist = peer[f"{run}_parameters"].tolist()
    method = GuidedIntegratedGradients(int(steps), peer["start"], fraction, max_dist)
    engine = AttributionEngine(tanh_score(weights(peer["x"].shape) / 2))
    a = engine.attribute(peer["x"], method=method)
    assert a.values == pytest.approx(peer[run], abs=1e-5)


@pytest.mark.parametrize(
    ("function", "exact", "slopes_apart"),
    [
        (lambda x: -3 * x, lambda x: -3 * x, lambda *_: 0),
        (lambda x: x**3, lambda x: x**3, lambda a, b: 3 * np.maximum(a**2, b**2)),
        (tf.exp, np.exp, lambda a, b: np.abs(np.exp(a) - np.exp(b))),
    ],
    ids=["linear", "cube", "exponential"],
)
def test_of_a_separable_score_each_value_is_its_own_change_by_whatever_path(
    separable, function, exact, slopes_apart
):
    x, start = np.array([1.5, -0.5, 0.2, 0.0, 1.0]), np.array([-0.3, 0.8, 0.1, 0.5, 1.0])
    method = GuidedIntegratedGradients(60, start, fraction=0.3, max_dist=0.05)
    a = separable(function).attribute(x, method=method)
    # A value that waited moves .1 of its way and a step at once at most, by the gradient before.
    longest = (2 * 0.05 + 1 / 60) * np.abs(x - start)
    missed = np.abs(a.values - (exact(x) - exact(start)))
    assert (missed <= longest * slopes_apart(x, start) + 1e-5).all()
    assert a.values[4] == 0


def test_the_error_shrinks_with_the_distance_not_with_the_steps_alone(classifier, image):
    engine = AttributionEngine(classifier)
    first, more_steps, closer = (
        engine.attribute(image, 2, GuidedIntegratedGradients(steps, max_dist=max_dist))
        for steps, max_dist in ((50, 0.1), (200, 0.1), (200, 0.01))
    )
    assert more_steps.relative_error > first.relative_error / 2
    assert closer.relative_error < first.relative_error / 4


def test_values_with_equal_gradients_move_together():
    engine = AttributionEngine(lambda batch: tf.reduce_sum(batch, axis=1) ** 3)
    method = GuidedIntegratedGradients(7, fraction=0.1, max_dist=1)
    a = engine.attribute(np.ones(12), method=method)
    left = engine.attribute(np.ones(12), method=IntegratedGradients(7, rule="left"))
    assert a.values == pytest.approx(left.values, rel=1e-5)


def test_points_are_evaluated_one_by_one_without_padding(image):
    model, sizes = counting(lambda x: x**2)
    engine = AttributionEngine(model)
    engine.attribute(image, method=IntegratedGradients(8))  # a chunk is compiled already
    engine.attribute(image, method=GuidedIntegratedGradients(12))
    assert sizes[-12:] == [1] * 12


def test_a_model_with_one_batch_size_is_padded_to_it():
    fixed = keras.Input((3,), batch_size=5)
    model = keras.Model(fixed, keras.ops.sum(fixed**2, axis=1, keepdims=True))
    a = AttributionEngine(model).attribute(
        np.ones(3), method=GuidedIntegratedGradients(20, fraction=1)
    )
    assert a.values == pytest.approx(np.full(3, 0.95), abs=1e-4)


@given(
    slopes=st.lists(st.floats(0, 2.0**100, width=32), min_size=1, max_size=40),
    missing=st.integers(0, 5),
    rank=st.integers(0, 50),
)
@settings(deadline=None, max_examples=60)
def test_counting_finds_what_sorting_finds(slopes, missing, rank):
    values = np.float32([*slopes, *[np.inf] * missing])
    np.random.default_rng(rank).shuffle(values)
    found = _smallest(tf.constant(values), tf.constant(rank)).numpy()
    assert found == np.sort(np.float32(slopes))[min(rank, len(slopes) - 1)]


@given(
    seed=st.integers(0, 99),
    size=st.integers(1, 30),
    steps=st.integers(1, 12),
    fraction=st.floats(0.01, 1),
    max_dist=st.floats(0, 1),
)
@settings(deadline=None, max_examples=40)
def test_the_path_keeps_its_pace_its_bounds_and_its_direction(
    seed, size, steps, fraction, max_dist
):
    random = np.random.default_rng(seed)
    start, end = random.normal(size=(2, size)).astype(np.float32)
    path = GuidedPath(start, end, fraction, max_dist)
    lengths = np.abs(end - start)
    total = np.zeros(size)
    for step in range(1, steps + 1):
        # Rounded, so that many are equal.
        gradient = tf.constant(random.normal(size=size).round(1), tf.float32)
        move = path.advance(gradient, step / steps).numpy()
        assert (move * np.sign(end - start) >= -1e-6).all()
        total += move
        shares = (path.point.numpy() - start) / (end - start)
        assert (shares * lengths).sum() == pytest.approx(step / steps * lengths.sum(), rel=1e-4)
        allowed = max_dist + 1e-3
        assert (np.abs(shares - step / steps) * lengths <= allowed * lengths + 1e-5).all()
    assert path.point.numpy() == pytest.approx(end, abs=1e-5)
    assert total == pytest.approx(end - start, abs=1e-4)


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({"fraction": 0}, ValueError, "fraction=0.*at least 0.01"),
        ({"fraction": 1.5}, ValueError, "at most 1"),
        ({"fraction": "all"}, TypeError, "fraction"),
        ({"max_dist": -0.1}, ValueError, "max_dist.*at least 0"),
        ({"max_dist": np.nan}, ValueError, "max_dist.*finite"),
        ({"max_dist": None}, TypeError, "max_dist"),
    ],
)
def test_bad_parameters(arguments, kind, message):
    with pytest.raises(kind, match=message):
        GuidedIntegratedGradients(**arguments)
