"""Intervals from how rows move a statistic: against formulas, and what they do at the edges."""

import numpy as np
import pytest
from scipy.stats import t

from tfinterp_widgets.evaluation.uncertainty.intervals import NO_SPREAD, TOO_FEW, Intervals
from tfinterp_widgets.evaluation.uncertainty.linearised import (
    Spread,
    relative_interval,
    share_interval,
    skewed_interval,
    symmetric_interval,
)
from tfinterp_widgets.evaluation.uncertainty.wilson import wilson


def of_means(rows):
    """The mean of each row of numbers, and how it varies."""
    count = rows.shape[1]
    mean = rows.mean(axis=1)
    influence = (rows - mean[:, np.newaxis]) / count
    squares, cubes = (influence**2).sum(axis=1), (influence**3).sum(axis=1)
    return mean, Spread.of(squares, cubes, np.full(mean.size, float(count)))


def test_a_mean_of_symmetric_numbers_has_students_interval():
    numbers = np.concatenate([np.arange(1.0, 9), -np.arange(1.0, 9)])[np.newaxis] + 5
    mean, spread = of_means(numbers)
    expected = t.interval(0.95, 15, loc=5, scale=numbers.std(ddof=1) / 4)
    for interval in (skewed_interval, symmetric_interval):
        low, high = interval(mean, spread)
        assert (low[0], high[0]) == pytest.approx(expected)


def test_halls_interval_is_where_his_cubic_of_the_studentised_mean_is_students_quantile():
    numbers = np.random.default_rng(0).exponential(1, (3, 25))
    mean, spread = of_means(numbers)
    error = numbers.std(axis=1, ddof=1) / 5
    skew = ((numbers - mean[:, np.newaxis]) ** 3).mean(axis=1) / numbers.std(axis=1) ** 3 / 5
    for end, sign in zip(skewed_interval(mean, spread), (1, -1), strict=True):
        studentised = (mean - end) / error
        cubic = studentised + skew * studentised**2 / 3 + skew**2 * studentised**3 / 27 + skew / 6
        assert cubic == pytest.approx(sign * t.ppf(0.975, 24))


def test_a_skewed_mean_reaches_further_to_the_side_of_its_tail():
    mean, spread = of_means(np.random.default_rng(1).exponential(1, (200, 30)))
    low, high = skewed_interval(mean, spread)
    assert ((high - mean) > (mean - low))[spread.skewness > 0].all()


def test_means_of_skewed_numbers_are_covered_more_often_than_by_student():
    mean, spread = of_means(np.random.default_rng(2).lognormal(0, 1, (4000, 30)))
    truth = np.exp(0.5)
    shares = []
    for interval in (skewed_interval, symmetric_interval):
        low, high = interval(mean, spread)
        shares.append(((low <= truth) & (truth <= high)).mean())
    assert shares[0] > 0.91
    assert shares[1] < 0.89


def test_a_ratio_is_a_factor_away_to_either_side():
    one = np.ones(1)
    low, high = relative_interval(2 * one, Spread(0.04 * one, 0 * one, 1e9 * one))
    assert (high / 2, 2 / low) == pytest.approx((np.exp(1.959964 * 0.1), np.exp(1.959964 * 0.1)))


def test_a_share_stays_in_its_range_and_has_wilsons_interval_at_the_ends():
    value = np.array([0.0, 0.02, 0.98, 1.0])
    spread = Spread(np.array([0.0, 4e-4, 4e-4, 0.0]), np.zeros(4), np.full(4, 12.0))
    low, high = share_interval(value, spread)
    assert ((low >= 0) & (high <= 1) & (low < high)).all()
    assert low + high[::-1] == pytest.approx(np.ones(4))
    assert (low[0], high[0]) == tuple(float(end[0]) for end in wilson([0], [12]))


def test_rows_that_are_alike_or_alone_tell_no_interval_and_say_so():
    spread = Spread(np.array([0.0, 1.0, 1.0]), np.zeros(3), np.array([9.0, 1.0, 9.0]))
    value = np.array([0.3, 0.3, np.nan])
    found = Intervals.where_known(value, *skewed_interval(value, spread), spread.carriers)
    assert np.isnan([found.low, found.high]).all()
    assert found.missing == {0: NO_SPREAD, 1: TOO_FEW}
