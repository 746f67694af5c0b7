"""The jackknife over groups: closed form for a mean, and coverage."""

import numpy as np
import pytest
from scipy.stats import t

from tfinterp_widgets.evaluation.uncertainty.intervals import TOO_OFTEN_UNDEFINED
from tfinterp_widgets.evaluation.uncertainty.jackknife import (
    GROUPS,
    jackknife_intervals,
    random_groups,
)


def test_of_a_mean_it_is_the_t_interval_over_the_means_of_the_groups() -> None:
    numbers = np.random.default_rng(0).standard_normal((GROUPS, 7))
    total = numbers.sum()
    without = (total - numbers.sum(axis=1)) / (numbers.size - 7)
    found = jackknife_intervals(without[:, np.newaxis], np.array([numbers.mean()]))
    means = numbers.mean(axis=1)
    half = t.ppf(0.975, GROUPS - 1) * means.std(ddof=1) / np.sqrt(GROUPS)
    assert found.low == pytest.approx([numbers.mean() - half])
    assert found.high == pytest.approx([numbers.mean() + half])


def test_it_covers_a_mean_of_many_rows() -> None:
    generator = np.random.default_rng(1)
    runs, n = 500, 400
    numbers = generator.standard_normal((runs, n))
    groups = np.stack([random_groups(n, generator) for _ in range(runs)])
    kept = [(groups != group) for group in range(GROUPS)]
    without = np.stack([(numbers * keep).sum(axis=1) / keep.sum(axis=1) for keep in kept])
    found = jackknife_intervals(without, numbers.mean(axis=1))
    covered = int(((found.low <= 0) & (found.high >= 0)).sum())
    # Groups of unequal size make it a little too wide; four standard deviations of the count.
    assert abs(covered - 0.95 * runs) <= 4 * np.sqrt(runs * 0.95 * 0.05)


def test_a_value_that_a_group_takes_along_has_no_interval() -> None:
    without = np.tile(np.linspace(0.4, 0.6, GROUPS)[:, np.newaxis], 2)
    without[3, 1] = np.nan
    found = jackknife_intervals(without, np.array([0.5, 0.5]))
    assert np.isnan(found.low).tolist() == [False, True]
    assert found.missing == {1: TOO_OFTEN_UNDEFINED}


def test_groups_are_about_equally_large() -> None:
    sizes = np.bincount(random_groups(200_000, np.random.default_rng(0)), minlength=GROUPS)
    assert sizes == pytest.approx(10_000, abs=500)
