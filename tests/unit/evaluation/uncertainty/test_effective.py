"""How many trials rows with weights are worth."""

import numpy as np
import pytest

from tfinterp_widgets.evaluation.uncertainty.effective import effective_rows, effective_trials
from tfinterp_widgets.evaluation.uncertainty.wilson import wilson


def test_rows_that_count_alike_are_as_many_as_they_are():
    assert effective_rows(np.array([7 * 3.0]), np.array([7 * 9.0])) == pytest.approx([7])


def test_no_weight_is_no_row():
    assert effective_rows(np.zeros(1), np.zeros(1)) == [0]


def test_trials_are_as_many_as_vary_that_much_and_no_more_than_the_rows():
    share, rows = np.array([0.2, 0.2, 0.0, np.nan]), np.array([100.0, 100, 100, 100])
    variance = np.array([0.2 * 0.8 / 40, 0.2 * 0.8 / 400, 0.0, np.nan])
    assert effective_trials(share, variance, rows) == pytest.approx([40, 100, 100, 100])


@pytest.mark.parametrize("heavier", [1, 10])
def test_shares_of_rows_with_weights_are_covered(heavier):
    # Positives, which are seldom, are right less often and count more.
    generator = np.random.default_rng(heavier)
    runs, rows = 3000, 300
    positive = generator.random((runs, rows)) < 0.1
    right = generator.random((runs, rows)) < np.where(positive, 0.5, 0.95)
    weights = np.where(positive, heavier, 1) * generator.exponential(1, (runs, rows))
    truth = (0.1 * heavier * 0.5 + 0.9 * 0.95) / (0.1 * heavier + 0.9)
    total = weights.sum(axis=1)
    share = (weights * right).sum(axis=1) / total
    influence = weights * (right - share[:, np.newaxis]) / total[:, np.newaxis]
    effective = effective_rows(total, (weights**2).sum(axis=1))
    trials = effective_trials(share, (influence**2).sum(axis=1), effective)
    low, high = wilson(share * trials, trials)
    assert 0.93 <= ((low <= truth) & (truth <= high)).mean() <= 0.985
