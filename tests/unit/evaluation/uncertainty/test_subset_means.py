"""Tails of means of rows drawn without replacement, against exact distributions."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.uncertainty.subset_means import Stratum, subset_mean_tail

Floats = NDArray[np.float64]
RNG = np.random.default_rng(0)
POPULATIONS = {
    "even": RNG.integers(0, 100, 200),
    "skewed": RNG.exponential(30, 300).astype(int),
    "mostly zero": (RNG.random(250) < 0.2) * RNG.integers(1, 60, 250),
}


def chances_of_sums(numbers: NDArray[np.int64], drawn: int) -> Floats:
    """The chance of each sum of `drawn` of the numbers, counted out: exact but for rounding."""
    ways = np.zeros((drawn + 1, numbers.sum() + 1))
    ways[0, 0] = 1
    for number in numbers:
        for k in range(drawn, 0, -1):
            ways[k, number:] += ways[k - 1, : ways.shape[1] - number]
    return ways[drawn] / ways[drawn].sum()


def tail_from(chances: Floats) -> Floats:
    """The chance of each sum or more, sums equal to it counted half: they are not continuous."""
    return np.cumsum(chances[::-1])[::-1] - chances / 2


@pytest.mark.parametrize("name", POPULATIONS)
@pytest.mark.parametrize("drawn", [10, 40])
def test_the_far_tail_is_right_within_six_per_cent(name: str, drawn: int) -> None:
    numbers = POPULATIONS[name]
    exact = tail_from(chances_of_sums(numbers, drawn))
    for chance in (0.2, 1e-2, 1e-4, 1e-7, 1e-10):
        at = int(np.searchsorted(-exact, -chance))
        mean, taken = np.array([at / drawn]), np.array([[float(drawn)]])
        found = subset_mean_tail(mean, taken, [Stratum.of(numbers)])
        assert found == pytest.approx([exact[at]], rel=0.06, abs=0)


def test_the_sum_of_two_means_is_as_right() -> None:
    drawn = 20
    parts = [POPULATIONS["even"], POPULATIONS["skewed"]]
    exact = tail_from(np.convolve(*(chances_of_sums(numbers, drawn) for numbers in parts)))
    strata = [Stratum.of(numbers) for numbers in parts]
    for chance in (0.2, 1e-2, 1e-4, 1e-7, 1e-10):
        at = int(np.searchsorted(-exact, -chance))
        found = subset_mean_tail(np.array([at / drawn]), np.full((1, 2), drawn), strata)
        assert found == pytest.approx([exact[at]], rel=0.03, abs=0)


def test_binning_many_numbers_changes_little() -> None:
    numbers = np.random.default_rng(1).exponential(1, 100_000)
    binned, whole = Stratum.of(numbers), np.sort(numbers)
    fine = Stratum(whole - whole.mean(), np.ones(whole.size), float(whole.mean()))
    assert binned.values.size <= 512
    means, drawn = np.array([1.5, 2.0, 2.5]), np.full((3, 1), 50.0)
    expected = subset_mean_tail(means, drawn, [fine])
    assert expected[-1] < 1e-12
    assert subset_mean_tail(means, drawn, [binned]) == pytest.approx(expected, rel=0.02, abs=0)


def test_the_highest_mean_there_can_be_is_no_likelier_than_its_one_choice_by_much() -> None:
    found = subset_mean_tail(np.array([98.0]), np.array([[3.0]]), [Stratum.of(np.arange(100.0))])
    one_choice = 1 / 161_700  # 97, 98 and 99, of all choices of three
    assert 0.9 * one_choice <= found[0] <= 5 * one_choice


def test_all_rows_and_rows_all_alike_are_no_surprise() -> None:
    numbers = np.array([0.1, 0.7, 0.4])
    everything = subset_mean_tail(
        numbers.mean(keepdims=True), np.array([[3.0]]), [Stratum.of(numbers)]
    )
    alike = subset_mean_tail(np.array([0.3]), np.array([[2.0]]), [Stratum.of(np.full(9, 0.3))])
    assert everything >= 0.4
    assert alike >= 0.4


def test_slices_are_answered_one_by_one() -> None:
    strata = [Stratum.of(POPULATIONS["even"])]
    means, drawn = np.linspace(30, 90, 2500), np.full((2500, 1), 20.0)
    together = subset_mean_tail(means, drawn, strata)
    assert np.all(np.diff(together) < 0.005)  # near the mean it is a normal distribution's
    alone = subset_mean_tail(means[1999:2000], drawn[:1], strata)
    assert alone == pytest.approx(together[1999:2000], rel=1e-6, abs=0)
