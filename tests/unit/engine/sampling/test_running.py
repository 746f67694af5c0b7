"""Streams of random numbers and their moments: what chunks must not change."""

import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine.sampling.draws import normal, uniform
from tfinterp_widgets.engine.sampling.running import RunningMoments


@pytest.mark.parametrize("draw", [normal, uniform])
def test_a_draw_depends_on_its_seed_and_number_alone(draw):
    together = draw(3, 0, 5, (2, 4)).numpy()
    apart = np.concatenate([draw(3, begin, begin + 1, (2, 4)).numpy() for begin in range(5)])
    assert (together == apart).all()
    assert not np.isclose(together, draw(4, 0, 5, (2, 4)).numpy()).any()
    assert len(np.unique(together)) == together.size


@pytest.mark.parametrize("shape", [(), (51,), (3000,), (90, 100, 3)])
def test_draws_are_the_same_wherever_a_stream_is_cut(shape):
    whole = uniform(1, 0, 400, shape).numpy()
    for begin, end in ((0, 1), (5, 12), (3, 3), (250, 260), (399, 400)):
        assert (uniform(1, begin, end, shape).numpy() == whole[begin:end]).all()


def test_any_whole_number_is_a_seed():
    for seed in (2**31, 2**40, 2**63 - 1, 2**64 + 1, 10**40):
        assert uniform(seed, 0, 2, (3,)).shape == (2, 3)


def test_normal_draws_are_standard_and_uniform_ones_lie_between_0_and_1():
    gauss = normal(0, 0, 20, (5000,)).numpy()
    assert gauss.mean() == pytest.approx(0, abs=4 / np.sqrt(gauss.size))
    assert gauss.std() == pytest.approx(1, abs=4 / np.sqrt(2 * gauss.size))
    even = uniform(0, 0, 20, (5000,)).numpy()
    assert even.min() >= 0
    assert even.max() < 1
    assert even.mean() == pytest.approx(0.5, abs=4 * np.sqrt(1 / 12 / even.size))


@pytest.mark.parametrize("chunk", [1, 3, 16, 100])
def test_moments_of_a_stream_are_those_of_the_whole(chunk):
    # Far from 0 and close together: a difference of sums of squares would have no digits left.
    values = (1000 + np.random.default_rng(1).normal(0, 0.1, (100, 3))).astype(np.float32)
    moments = RunningMoments((3,))
    for begin in range(0, 100, chunk):
        moments.add(tf.constant(values[begin : begin + chunk]))
    exact = values.astype(np.float64)
    assert moments.count == 100
    assert moments.mean.numpy() == pytest.approx(exact.mean(axis=0), rel=1e-6)
    assert moments.variance.numpy() == pytest.approx(exact.var(axis=0, ddof=1), rel=0.01)
    assert moments.standard_error.numpy() == pytest.approx(exact.std(axis=0, ddof=1) / 10, rel=0.01)


def test_one_tensor_has_no_variance():
    moments = RunningMoments((1,))
    moments.add(tf.constant([[2.0]]))
    assert np.isnan(moments.variance.numpy()).all()
