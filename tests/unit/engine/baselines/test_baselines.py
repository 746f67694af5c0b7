"""Baselines: what "nothing there" looks like."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from tfinterp_widgets.engine import baselines
from tfinterp_widgets.engine.baselines import BASELINES, as_baseline

images = npst.arrays(
    np.float32,
    st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 4)),
    elements=st.floats(0, 255, width=32),
)


@given(images)
@pytest.mark.parametrize("name", BASELINES)
def test_all_of_the_menu_stay_in_range_and_leave_the_input_alone(name, x):
    before = x.copy()
    made = BASELINES[name].make(0.0, 255.0).of(x)
    assert made.shape == x.shape
    assert made.dtype == np.float32
    assert made.min() >= -1e-3
    assert made.max() <= 255 + 1e-3
    assert (x == before).all()


def test_constant_takes_one_value_or_one_per_channel():
    x = np.ones((2, 2, 3), np.float32)
    assert (baselines.Constant(4).of(x) == 4).all()
    assert (baselines.Constant([1, 2, 3]).of(x) == [1, 2, 3]).all()
    assert baselines.Constant([1, 2]) == baselines.Constant((1.0, 2.0))


def test_noise_is_seeded_and_has_the_inputs_mean_and_spread():
    x = np.random.default_rng(0).normal([50, 100, 150], 10, (64, 64, 3)).astype(np.float32)
    noise = baselines.Noise(seed=5).of(x)
    assert (noise == baselines.Noise(seed=5).of(x)).all()
    assert (noise != baselines.Noise(seed=6).of(x)).any()
    assert noise.mean(axis=(0, 1)) == pytest.approx([50, 100, 150], abs=1)
    assert noise.std(axis=(0, 1)) == pytest.approx([10, 10, 10], abs=1)


def test_blur_is_a_gaussian_over_space_alone():
    x = np.zeros((31, 31, 2), np.float32)
    x[15, 15, 0] = 1
    blurred = baselines.Blur(2).of(x)
    assert blurred[..., 0].sum() == pytest.approx(1, rel=1e-4)
    assert (blurred[..., 1] == 0).all()
    # A Gaussian falls to exp(-1/2) of its peak at one standard deviation.
    assert blurred[17, 15, 0] / blurred[15, 15, 0] == pytest.approx(np.exp(-0.5), rel=1e-3)


def test_mean_is_per_channel():
    x = np.arange(12, dtype=np.float32).reshape(2, 2, 3)
    assert (baselines.Mean().of(x)[0, 1] == [4.5, 5.5, 6.5]).all()


def test_blur_needs_an_image_and_the_others_do_not():
    row = np.array([1.0, 2.0, 3.0], np.float32)
    with pytest.raises(ValueError, match=r"shape \(3,\)"):
        baselines.Blur().of(row)
    assert (baselines.Mean().of(row) == 2).all()
    assert (baselines.Noise().of(row) != row).any()
    assert baselines.Constant(1).of(row).shape == (3,)


def test_an_array_of_the_users_is_copied():
    mine = np.ones((2, 2, 3))
    baseline = as_baseline(mine)
    mine[:] = 7
    assert (baseline.of(np.zeros((2, 2, 3), np.float32)) == 1).all()
