"""Wilson's interval: published values, scipy's, and how often it holds the truth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from tfinterp_widgets.evaluation.uncertainty.wilson import quantile, wilson

# Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
PUBLISHED = {
    (81, 263): (0.2553, 0.3662),
    (15, 148): (0.0624, 0.1605),
    (0, 20): (0.0, 0.1611),
    (1, 29): (0.0061, 0.1718),
}


@pytest.mark.parametrize(("counts", "ends"), PUBLISHED.items())
def test_published_values(counts: tuple[int, int], ends: tuple[float, float]) -> None:
    assert wilson(*counts) == pytest.approx(ends, abs=5e-5)


@given(st.integers(1, 10**6), st.floats(0, 1), st.sampled_from([0.5, 0.9, 0.95, 0.999]))
def test_agrees_with_scipy(trials: int, share: float, level: float) -> None:
    hits = int(share * trials)
    expected = binomtest(hits, trials).proportion_ci(level, method="wilson")
    assert wilson(hits, trials, level) == pytest.approx(tuple(expected), abs=1e-12)


def test_ends_are_exact_where_nothing_or_everything_hits() -> None:
    trials = np.arange(1, 2000)
    assert np.all(wilson(0, trials)[0] == 0)
    assert np.all(wilson(trials, trials)[1] == 1)


def test_no_trials_have_no_interval() -> None:
    low, high = wilson([0, 3], [0, 10])
    assert np.isnan([low[0], high[0]]).all()
    assert not np.isnan([low[1], high[1]]).any()


def test_covers_on_average_what_it_says() -> None:
    # Exact, without simulation: for each true p, the chance of the counts whose interval holds it.
    for trials in (10, 50, 400):
        hits = np.arange(trials + 1)
        low, high = wilson(hits, trials)
        truths = (np.arange(200) + 0.5) / 200
        covers = [binom.pmf(hits, trials, p)[(low <= p) & (p <= high)].sum() for p in truths]
        assert np.mean(covers) == pytest.approx(0.95, abs=0.006)


@pytest.mark.parametrize("level", [0, 1, -0.5, 95, float("nan")])
def test_a_level_that_is_no_share_is_refused(level: float) -> None:
    with pytest.raises(ValueError, match="expected a share between 0 and 1"):
        quantile(level)


@pytest.mark.parametrize("hits", [-1, 11])
def test_hits_outside_the_trials_are_refused(hits: int) -> None:
    with pytest.raises(ValueError, match="expected 0 <= hits <= trials"):
        wilson(hits, 10)
