"""Expanded percentiles: against the t interval, and where there is no interval."""

import numpy as np
import pytest
from scipy.stats import norm, t

from tfinterp_widgets.evaluation.uncertainty.percentiles import (
    NO_SPREAD,
    TOO_OFTEN_UNDEFINED,
    percentile_intervals,
)

# Evenly spread over a normal distribution: its percentiles are those of the distribution.
NORMAL = norm.ppf(np.arange(1, 20_000) / 20_000)


@pytest.mark.parametrize("n", [5, 8, 12, 40, 1000])
def test_a_mean_gets_its_t_interval(n: int) -> None:
    # The bootstrap's standard error of a mean has the divisor n, Student's n - 1.
    own = 1 / np.sqrt(n)
    draws = (NORMAL * own)[:, np.newaxis]
    found = percentile_intervals(draws, np.zeros(1), carriers=[n])
    students = t.ppf(0.975, n - 1) / np.sqrt(n - 1)
    assert found.high == pytest.approx([students], rel=2e-3)
    assert found.low == pytest.approx([-students], rel=2e-3)
    assert found.missing == {}


def test_levels_are_what_they_say() -> None:
    draws = NORMAL[:, np.newaxis]
    found = percentile_intervals(draws, np.zeros(1), carriers=[10**9], level=0.8)
    assert found.high == pytest.approx(norm.ppf([0.9]), rel=1e-3)


def test_fewer_rows_drawn_are_scaled_back_around_the_value() -> None:
    draws = 7 + NORMAL[:, np.newaxis]
    found = percentile_intervals(draws, np.array([7.5]), carriers=[10**9], shrink=[0.5])
    assert found.low == pytest.approx([7.5 + (7 - 1.96 - 7.5) / 2], abs=2e-3)
    assert found.high == pytest.approx([7.5 + (7 + 1.96 - 7.5) / 2], abs=2e-3)


def test_undefined_draws_are_left_out_while_they_are_few() -> None:
    draws = np.stack([NORMAL, NORMAL], axis=1)
    draws[::25, 0] = np.nan  # 4 %
    draws[::15, 1] = np.nan  # 7 %
    found = percentile_intervals(draws, np.zeros(2), carriers=[10**9, 10**9])
    assert found.high[0] == pytest.approx(1.96, abs=5e-3)
    assert np.isnan([found.low[1], found.high[1]]).all()
    assert found.missing == {1: TOO_OFTEN_UNDEFINED}


def test_one_row_and_rows_all_alike_have_no_interval() -> None:
    draws = np.stack([NORMAL, np.ones_like(NORMAL)], axis=1)
    found = percentile_intervals(draws, np.ones(2), carriers=[1, 50])
    assert np.isnan([found.low, found.high]).all()
    assert found.missing == {0: TOO_OFTEN_UNDEFINED, 1: NO_SPREAD}


def test_an_undefined_value_has_no_interval_and_needs_no_second_reason() -> None:
    draws = np.full((100, 1), np.nan)
    found = percentile_intervals(draws, np.array([np.nan]), carriers=[0])
    assert np.isnan([found.low, found.high]).all()
    assert found.missing == {}


def test_few_draws_do_not_make_an_interval_narrow() -> None:
    # With 39 draws the 2.5 and 97.5 percentiles are the smallest and the largest.
    draws = np.random.default_rng(0).standard_normal((39, 1))
    found = percentile_intervals(draws, np.zeros(1), carriers=[10**9])
    assert found.low == pytest.approx(draws.min(axis=0))
    assert found.high == pytest.approx(draws.max(axis=0))
