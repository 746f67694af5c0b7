"""Draws of counts and of rows: their distribution, their sizes, and how often intervals cover."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import kstest

from tfinterp_widgets.evaluation.uncertainty.bootstrap import (
    BLOCK,
    RowBootstrap,
    count_draws,
    draw_rows,
    draw_sizes,
)
from tfinterp_widgets.evaluation.uncertainty.percentiles import percentile_intervals

Floats = NDArray[np.float64]


def f1(counts: NDArray[np.int64]) -> Floats:
    """F1 of counts of true positives, false positives and false negatives (last axis)."""
    hits, alarms, misses = np.moveaxis(counts, -1, 0)
    total = 2 * hits + alarms + misses
    return np.divide(2 * hits, total, out=np.full(total.shape, np.nan), where=total > 0)


def means_of(numbers: Floats) -> RowBootstrap:
    """The bootstrap of the mean of each column's rows, as slices of one long order."""
    flat = numbers.T.ravel()
    n, slices = numbers.shape

    def statistic(rows: NDArray[np.int64], drawn: NDArray[np.int64]) -> Floats:
        return flat[rows].reshape(drawn.size, drawn[0]).mean(axis=1)[np.newaxis]

    return RowBootstrap(statistic, [n] * slices, np.random.default_rng(1))


def enough(covered: int, runs: int, share: float = 0.95) -> bool:
    """Whether so many cover that a true `share` is no surprise: four standard deviations."""
    return covered >= share * runs - 4 * np.sqrt(runs * share * (1 - share))


def test_counts_drawn_are_those_of_rows_drawn() -> None:
    generator = np.random.default_rng(0)
    kinds = np.repeat([0, 1, 2, 3], [12, 3, 20, 5])
    rows = generator.integers(kinds.size, size=(4000, kinds.size))
    by_rows = np.stack([(kinds[rows] == kind).sum(axis=1) for kind in range(4)], axis=1)
    by_counts = count_draws([[12, 3, 20, 5]], generator, draws=4000)[:, 0]
    assert by_counts.mean(axis=0) == pytest.approx(by_rows.mean(axis=0), rel=0.05)
    assert np.cov(by_counts.T) == pytest.approx(np.cov(by_rows.T), abs=0.6)


def test_an_empty_slice_is_drawn_empty() -> None:
    drawn = count_draws([[0, 0, 0], [1, 0, 2]], np.random.default_rng(0), draws=10)
    assert np.all(drawn[:, 0] == 0)
    assert np.all(drawn[:, 1].sum(axis=1) == 3)


def test_rows_are_drawn_evenly_and_slices_stay_apart() -> None:
    sizes = np.array([4, 0, 100])
    drawn = np.array([4000, 0, 100_000])
    rows = draw_rows(sizes, drawn, np.random.default_rng(2))
    assert np.all(np.diff(rows) >= 0)
    assert rows[:4000].max() == 3
    assert rows[4000:].min() == 4
    assert np.bincount(rows[:4000]) == pytest.approx(1000, abs=130)
    assert kstest((rows[4000:] - 4 + 0.5) / 100, "uniform").statistic < 0.01


def test_large_slices_are_drawn_in_part_and_rare_carriers_in_larger_parts() -> None:
    sizes = [100, 2000, 10**6, 10**6, 10**6]
    carriers = [5, 1000, 5 * 10**5, 10**4, 50]
    assert draw_sizes(sizes, carriers).tolist() == [100, 2000, 2000, 10_000, 10**6]
    assert draw_sizes([300, 10**7]).tolist() == [300, 2000]


def test_it_streams_and_goes_on_where_it_was_left() -> None:
    bootstrap = means_of(np.random.default_rng(0).standard_normal((50, 3)))
    run = bootstrap.run()
    first = next(run)
    run.close()
    assert bootstrap.draws.shape == (BLOCK, 1, 3)
    shares = [first, *bootstrap.run()]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert bootstrap.draws.shape[0] == len(shares) * BLOCK


def test_the_same_seed_gives_the_same_interval() -> None:
    numbers = np.random.default_rng(0).standard_normal((50, 3))
    found = [means_of(numbers).intervals(numbers.mean(axis=0)[np.newaxis])[0] for _ in range(2)]
    assert np.array_equal(found[0].low, found[1].low)


@pytest.mark.parametrize("n", [10, 30, 100])
def test_means_of_rows_are_covered(n: int) -> None:
    numbers = np.random.default_rng(3).standard_normal((n, 1000))
    found = means_of(numbers).intervals(numbers.mean(axis=0)[np.newaxis])[0]
    assert enough(int(((found.low <= 0) & (found.high >= 0)).sum()), 1000)


def test_means_of_few_drawn_of_many_rows_have_the_width_of_theory() -> None:
    numbers = np.random.default_rng(3).standard_normal((20_000, 30))
    found = means_of(numbers).intervals(numbers.mean(axis=0)[np.newaxis])[0]
    assert (found.high - found.low).mean() == pytest.approx(2 * 1.96 / np.sqrt(20_000), rel=0.04)


@pytest.mark.parametrize("n", [60, 1000])
def test_f1_is_covered(n: int) -> None:
    shares = [0.3, 0.1, 0.15, 0.45]
    truth = 2 * 0.3 / (2 * 0.3 + 0.1 + 0.15)
    generator = np.random.default_rng(5)
    counts = generator.multinomial(n, shares, size=1000)
    draws = f1(count_draws(counts, generator)[..., :3])
    found = percentile_intervals(draws, f1(counts[:, :3]), carriers=counts[:, :3].sum(axis=1))
    assert enough(int(((found.low <= truth) & (truth <= found.high)).sum()), 1000, share=0.94)
