"""IDGI against closed forms, and where its gradient leaves it without a direction."""

import itertools

import numpy as np
import pytest
import tensorflow as tf
from path_cases import linear_score, tanh_score, weights

from tfinterp_widgets.engine import IDGI, AttributionEngine
from tfinterp_widgets.engine.methods.idgi import _directions


def by_hand(score, gradient, x, start, steps):
    """The paper, in a loop."""
    points = [start + (x - start) * j / steps for j in range(steps + 1)]
    values = np.zeros_like(x)
    for here, there in itertools.pairwise(points):
        g = gradient(here)
        values += (score(there) - score(here)) * g**2 / (g**2).sum()
    return values


@pytest.mark.parametrize("steps", [1, 2, 17])
def test_of_a_linear_score_values_are_shares_by_the_squared_weights(steps):
    kernel = np.array([3.0, -4.0, 0.0, 12.0], np.float32)
    x, start = np.array([1.0, 2.0, 7.0, -1.0]), np.array([0.5, 2.0, -3.0, 1.0])
    a = AttributionEngine(linear_score(kernel)).attribute(x, method=IDGI(steps, start))
    change = float(kernel @ (x - start))
    assert a.values == pytest.approx(change * kernel**2 / 169, rel=1e-5)
    # The second value is its baseline's, and gets its part all the same; w (x - x') it is not.
    assert a.values[1] == pytest.approx(change * 16 / 169, rel=1e-5)


@pytest.mark.parametrize("steps", [1, 5, 40])
def test_agrees_with_a_loop(steps):
    shape = (4, 3, 2)
    kernel = weights(shape) / 3
    random = np.random.default_rng(2)
    x, start = random.normal(size=(2, *shape))

    def inner(x):
        return np.tensordot(kernel.astype(np.float64), x, 3)

    expected = by_hand(
        lambda x: np.tanh(inner(x)).sum(),
        lambda x: np.tensordot(1 - np.tanh(inner(x)) ** 2, kernel, 1),
        x,
        start,
        steps,
    )
    a = AttributionEngine(tanh_score(kernel)).attribute(x, method=IDGI(steps, start))
    assert a.values == pytest.approx(expected, rel=1e-3, abs=1e-5)


@pytest.mark.parametrize("steps", [1, 2, 7, 64])
def test_the_sum_is_the_change_of_the_score_however_few_the_steps(classifier, image, steps):
    a = AttributionEngine(classifier).attribute(image, 2, IDGI(steps, 0.7))
    assert a.convergence_delta == pytest.approx(0, abs=1e-5)
    assert a.values.min() < 0 or a.values.max() > 0


# At 0 the gradient of a square is 0; beyond 1 that of x clipped at 1 is.
@pytest.mark.parametrize(
    "function",
    [tf.square, lambda x: tf.minimum(x, 1.0), lambda x: tf.square(tf.clip_by_value(x, 0.4, 1))],
    ids=["at the start", "at the end", "at both"],
)
@pytest.mark.parametrize("steps", [8, 9])
@pytest.mark.parametrize("batch_size", [1, 3, 16])
def test_a_step_without_direction_hands_its_change_on(separable, function, steps, batch_size):
    x = np.array([3.0, 3.0])
    engine = separable(function, batch_size=batch_size)
    for estimate in engine.refine(x, method=IDGI(steps)):
        seen = estimate.evaluations / steps
        if seen > 0.35:  # by then there was a gradient
            change = estimate.score - estimate.baseline_score
            assert estimate.values == pytest.approx(np.full(2, change / 2), rel=1e-5)
    assert estimate.final


def test_a_score_that_is_flat_all_along_gets_zeros(separable):
    # Nothing in between tells what the difference of the ends is due to.
    a = separable(lambda x: tf.cast(x > 0.95, tf.float32) + 0 * x).attribute(
        np.ones(3), method=IDGI(4)
    )
    assert (a.values == 0).all()
    assert a.convergence_delta == pytest.approx(-3)


@pytest.mark.parametrize("scale", [1e-37, 1e-25, 1.0, 1e15, 1e30])
def test_gradients_beyond_the_range_of_squares_keep_their_direction(scale):
    gradients = scale * np.array([[3.0, -4.0, 0.0], [0.0, 0.0, 0.0]])
    has_one, directions = _directions(tf.constant(gradients, tf.float32))
    assert has_one.tolist() == [True, False]
    assert directions.numpy() == pytest.approx(np.array([[9, 16, 0], [0, 0, 0]]) / 25, rel=1e-5)
