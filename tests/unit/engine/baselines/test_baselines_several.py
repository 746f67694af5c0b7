"""Uniform noise, baselines from a data set, and several at once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfinterp_widgets.engine import baselines
from tfinterp_widgets.engine.baselines import as_average, as_baseline, as_baseline_or_average

X = np.zeros((40, 40, 3), np.float32)
DATA = np.arange(60, dtype=np.float32).reshape(20, 3)


class Own:
    """A baseline of the user's own."""

    def of(self, x):
        return x / 2


def test_uniform_noise_fills_its_range_evenly_and_is_seeded():
    noise = baselines.Uniform(-10, 30, seed=5).of(X)
    assert (noise.dtype, noise.shape) == (np.float32, X.shape)
    counts, _ = np.histogram(noise, bins=4, range=(-10, 30))
    assert counts == pytest.approx(np.full(4, X.size / 4), rel=0.1)
    assert (noise == baselines.Uniform(-10, 30, seed=5).of(X)).all()
    assert (noise != baselines.Uniform(-10, 30, seed=6).of(X)).any()


def test_uniform_noise_without_bounds_takes_those_of_the_input():
    x = np.array([3.0, 7.0] * 500, np.float32)
    noise = baselines.Uniform().of(x)
    assert 3 <= noise.min() < 3.1
    assert 6.9 < noise.max() <= 7
    assert baselines.Uniform(high=5).of(x).max() <= 5


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.integers(0, 2**40))
def test_uniform_noise_stays_between_its_bounds(low, width, seed):
    noise = baselines.Uniform(low, low + width, seed).of(np.zeros(9, np.float32))
    assert (noise >= np.float32(low)).all()
    assert (noise <= np.float32(low + width)).all()


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({"low": 3, "high": 1}, ValueError, "low to be the smaller"),
        ({"low": np.nan}, ValueError, "low=nan.*finite"),
        ({"high": "white"}, TypeError, "high='white'.*a number"),
        ({"seed": -1}, ValueError, "seed"),
        ({"lo": 1}, TypeError, "did you mean 'low'"),
    ],
)
def test_bad_bounds(arguments, kind, message):
    with pytest.raises(kind, match=message):
        baselines.Uniform(**arguments)


def test_a_single_bound_beyond_the_input_is_refused_when_it_is_met():
    with pytest.raises(ValueError, match="Give both bounds"):
        baselines.Uniform(low=1).of(X)


def test_the_mean_of_a_data_set_is_value_by_value():
    mean = baselines.dataset_mean(DATA)
    assert mean.of(DATA[0]) == pytest.approx(DATA.mean(axis=0))
    # Summed up in float32, many large numbers would lose their last digits.
    large = np.full((100_000, 2), 16_777.3, np.float32)
    assert baselines.dataset_mean(large).values == pytest.approx(large[0], rel=1e-7)


def test_a_draw_is_of_different_rows_of_the_data_seeded_and_copied():
    data = DATA.copy()
    drawn = baselines.draw(data, k=7, seed=3)
    rows = np.stack([member.of(data[0]) for member in drawn.members])
    assert len(np.unique(rows, axis=0)) == 7
    assert all((row == DATA).all(axis=1).any() for row in rows)
    data[:] = -1
    assert (drawn.members[0].of(data[0]) == rows[0]).all()
    again = [member.values for member in baselines.draw(DATA, k=7, seed=3).members]
    assert (np.stack(again) == rows).all()
    other = [member.values for member in baselines.draw(DATA, k=7, seed=4).members]
    assert (np.stack(other) != rows).any()
    assert len(baselines.draw(DATA, k=20).members) == 20


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda: baselines.draw(DATA, k=21), ValueError, r"k=21.*data set of 20"),
        (lambda: baselines.draw(DATA, k=0), ValueError, "k=0"),
        (lambda: baselines.draw(DATA, k=2, seed="a"), TypeError, "seed"),
        (lambda: baselines.draw([1.0, 2.0]), ValueError, r"shape \(2,\).*\(N, \.\.\.\)"),
        (lambda: baselines.draw(np.zeros((0, 3))), ValueError, r"\(0, 3\)"),
        (lambda: baselines.draw([["a"]]), TypeError, "data set.*real numbers"),
        (lambda: baselines.draw(np.full((3, 2), np.nan), k=1), ValueError, "NaN"),
        (lambda: baselines.dataset_mean(3.0), ValueError, "N inputs"),
        (lambda: baselines.dataset_mean([[np.inf]]), ValueError, "infinite"),
        (lambda: baselines.average_of([]), ValueError, "at least one"),
        (lambda: baselines.average_of(3), TypeError, "a list of baselines"),
        (lambda: baselines.average_of(["black"]), TypeError, "black"),
        (lambda: baselines.average_of([baselines.average_of([0])]), TypeError, "single one"),
    ],
)
def test_bad_data_and_lists(make, kind, message):
    with pytest.raises(kind, match=message):
        make()


def test_average_of_takes_whatever_is_a_baseline():
    average = baselines.average_of([0, np.ones((2, 2)), baselines.Mean(), Own()])
    assert [type(member).__name__ for member in average.members] == [
        "Constant",
        "Given",
        "Mean",
        "Own",
    ]
    assert repr(average) == "<Average of 4 baselines>"


def test_an_average_is_no_single_baseline():
    with pytest.raises(TypeError, match="IntegratedGradients and ExpectedGradients"):
        as_baseline(baselines.average_of([0, 1]))


def test_a_list_with_a_baseline_in_it_is_several_and_a_list_of_numbers_is_an_array():
    assert len(as_baseline_or_average([baselines.Blur(), 0]).members) == 2
    assert as_baseline_or_average([1.0, 2.0]).values.tolist() == [1, 2]
    assert as_baseline_or_average(3) == baselines.Constant(3)
    average = baselines.average_of([1])
    assert as_baseline_or_average(average) is average
    with pytest.raises(TypeError, match="Blur"):
        as_baseline_or_average([baselines.Blur])


def test_where_several_are_expected_an_array_is_a_data_set_made_into_baselines_row_by_row():
    average = as_average(DATA)
    assert len(average.members) == 20
    assert average.members[3].values.tolist() == DATA[3].tolist()
    assert [member.values[0] for member in average.members[:3]] == [0, 3, 6]
    assert len(as_average(baselines.Mean()).members) == 1
    assert len(as_average([baselines.Mean(), 5]).members) == 2
    assert as_average(average) is average
