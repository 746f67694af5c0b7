"""Any shape, dtype, baseline and target: four methods whose answers are then exact by hand."""

import itertools

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from tfinterp_widgets.engine import (
    IDGI,
    AttributionEngine,
    IntegratedGradients,
    KernelSHAP,
    Occlusion,
    baselines,
)
from tfinterp_widgets.engine.baselines import as_baseline

CLASSES = 3
DTYPES = [np.uint8, np.int64, np.float16, np.float32, np.float64, bool]
SHAPES = [(1,), (6,), (3, 2), (1, 4), (2, 3, 1), (3, 2, 3)]


def model(batch):
    """Score c is ``sum_i cos(1 + c + 3 i) g(x_i)``: values are independent of one another."""
    flat = tf.reshape(batch, (tf.shape(batch)[0], -1))
    places = tf.range(tf.shape(flat)[1], dtype=tf.float32)
    weights = tf.cos(1 + tf.range(CLASSES, dtype=tf.float32)[:, None] + 3 * places)
    return tf.ensure_shape((flat + flat**2 / 2) @ tf.transpose(weights), (None, CLASSES))


def shares(x, start, target):
    """What each value does to the score of a target, between two inputs."""
    x, start = np.float64(x), np.float64(start)
    gains = (x + x**2 / 2 - start - start**2 / 2).ravel()
    weights = np.cos(1 + np.arange(CLASSES)[:, None] + 3 * np.arange(gains.size))
    return (of_rows(target, weights) * gains).reshape(x.shape)


def of_rows(target, rows):
    """Each column's number for a target, of rows that stand for the classes."""
    if callable(target):
        return target(rows.T)
    return rows[target[0]] - rows[target[1]] if isinstance(target, tuple) else rows[target]


def twice_the_first(scores):
    return 2 * scores[:, 0] - scores[:, 1]


classes = st.integers(0, CLASSES - 1)
targets = st.one_of(
    classes,
    classes.map(np.int16),
    st.permutations(range(CLASSES)).map(lambda order: tuple(order[:2])),
    st.just(twice_the_first),
    st.none(),
)


@st.composite
def inputs(draw):
    seed, shape = draw(st.integers(0, 2**20)), draw(st.sampled_from(SHAPES))
    drawn = np.random.default_rng(seed).uniform(0, 3, shape)
    return drawn.astype(draw(st.sampled_from(DTYPES)))


@st.composite
def baselines_of(draw, x):
    """A baseline of any kind that fits the input, and the arrays that it stands for."""
    rng = np.random.default_rng(draw(st.integers(0, 2**20)))
    number = st.floats(-2, 2, width=16)
    kinds = [
        draw(number),
        baselines.Constant(draw(st.lists(number, min_size=x.shape[-1], max_size=x.shape[-1]))),
        baselines.Mean(),
        baselines.Noise(seed=draw(st.integers(0, 9))),
        baselines.Uniform(-1, 1, seed=draw(st.integers(0, 9))),
        baselines.dataset_mean(rng.normal(size=(4, *x.shape))),
        rng.normal(size=x.shape).astype(draw(st.sampled_from([np.float16, np.float64]))),
    ]
    if x.ndim == 3:
        kinds.append(baselines.Blur(draw(st.floats(0.5, 3))))
    return draw(st.sampled_from(kinds))


@st.composite
def questions(draw):
    x = draw(inputs())
    return x, draw(baselines_of(x)), draw(targets)


@pytest.fixture(scope="module")
def engine():
    return AttributionEngine(model, batch_size=8)


any_question = given(questions())
few = settings(max_examples=25, deadline=None)


def answered(engine, question, method):
    """The answer, whose ends are checked; its values and those that are right, flattened."""
    x, baseline, target = question
    start = as_baseline(baseline).of(x.astype(np.float32))
    a = engine.attribute(x, target, method(baseline=baseline))
    resolved = a.target
    if target is None:
        assert resolved == np.argmax([shares(x, 0 * start, c).sum() for c in range(CLASSES)])
    else:
        assert resolved == target
    np.testing.assert_array_equal(a.baseline, start)
    right = shares(x, start, resolved)
    assert a.values.dtype == np.float32
    assert a.score - a.baseline_score == close(right.sum(), right)
    return a, right


def close(expected, right):
    """Equal to float32's rounding of a sum of such numbers."""
    return pytest.approx(expected, rel=1e-4, abs=1e-5 * (10 + np.abs(right).sum()))


@few
@any_question
def test_integrated_gradients_give_each_value_its_share(engine, question):
    a, right = answered(
        engine, question, lambda **of: IntegratedGradients(3, rule="gauss-legendre", **of)
    )
    assert a.values == close(right, right)
    assert a.convergence_delta == close(0, right)


@few
@any_question
def test_idgi_sums_to_the_difference(engine, question):
    a, right = answered(engine, question, lambda **of: IDGI(8, **of))
    assert a.values.sum() == close(right.sum(), right)


@few
@any_question
def test_hiding_one_pixel_at_a_time_takes_its_share_away(engine, question):
    x, baseline, target = question
    if target is None:
        target = 0
    start = as_baseline(baseline).of(x.astype(np.float32))
    a = engine.attribute(x, target, Occlusion(window=1, stride=1, baseline=baseline))
    right = shares(x, start, target)
    np.testing.assert_array_equal(a.baseline, start)
    per_pixel = right.sum(axis=-1, keepdims=True) if x.ndim == 3 else right
    assert a.values == close(per_pixel, right)


@few
@any_question
def test_kernel_shap_gives_each_region_its_share(engine, question):
    a, right = answered(
        engine,
        question,
        lambda **of: KernelSHAP(samples=64, regions="patches", region_count=4, **of),
    )
    if len(right.shape) < 3:
        assert a.values == close(right, right)
        return
    height, width, _ = right.shape
    for rows in halves(height):
        for columns in halves(width):
            pixels = a.values[rows, columns]  # which share evenly
            assert np.ptp(pixels) == 0
            assert pixels.sum() == close(right[rows, columns].sum(), right)


def halves(length):
    """Where the two patches along an axis lie; one, where there is no room for two."""
    edges = [0, *({-(-length // 2)} - {length}), length]
    return [slice(*edge) for edge in itertools.pairwise(edges)]
