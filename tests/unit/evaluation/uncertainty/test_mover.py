"""Differences of independent estimates: published values, exactness, coverage."""

import numpy as np
import pytest
from scipy.special import ndtri

from tfinterp_widgets.evaluation.uncertainty.mover import Estimate, mover, newcombe

# Newcombe 1998, "Interval estimation for the difference between independent proportions", table
# II, method 10: hits and trials of either group, and the ends.
PUBLISHED = {
    (56, 70, 48, 80): (0.0524, 0.3339),
    (9, 10, 3, 10): (0.1705, 0.8090),
    (6, 7, 2, 7): (0.0582, 0.8062),
    (5, 56, 0, 29): (-0.0381, 0.1926),
    (0, 10, 0, 20): (-0.1611, 0.2775),
    (0, 10, 0, 10): (-0.2775, 0.2775),
    (10, 10, 0, 20): (0.6791, 1.0),
    (10, 10, 0, 10): (0.6075, 1.0),
}


def normal(mean: float, error: float) -> Estimate:
    """An estimate with the usual interval of a normal one."""
    half = ndtri(0.975) * error
    return Estimate(*(np.array([end]) for end in (mean, mean - half, mean + half)))


@pytest.mark.parametrize(("counts", "ends"), PUBLISHED.items())
def test_published_values(counts: tuple[int, int, int, int], ends: tuple[float, float]) -> None:
    assert newcombe(*counts) == pytest.approx(ends, abs=6e-5)


def test_turning_the_groups_round_mirrors_the_interval() -> None:
    low, high = newcombe([5, 9], [56, 10], [0, 3], [29, 10])
    mirrored_low, mirrored_high = newcombe([0, 3], [29, 10], [5, 9], [56, 10])
    assert np.array_equal(low, -mirrored_high)
    assert np.array_equal(high, -mirrored_low)


def test_an_empty_group_has_no_difference() -> None:
    assert np.isnan(newcombe(0, 0, 3, 10)).all()


def test_mover_is_exact_for_normal_estimates() -> None:
    z = ndtri(0.975)
    difference = mover(normal(7.0, error=3.0), normal(2.0, error=4.0))
    ends = [difference.value, difference.low, difference.high]
    assert ends == [pytest.approx(5 + by * 5) for by in (0, -z, z)]


def test_estimates_that_correlate_differ_by_less() -> None:
    # Var(a - b) = 9 + 16 - 2 · 0.5 · 3 · 4 = 13.
    z = ndtri(0.975)
    difference = mover(normal(7.0, error=3.0), normal(2.0, error=4.0), correlation=0.5)
    assert difference.low == pytest.approx([5 - z * np.sqrt(13)])
    assert difference.high == pytest.approx([5 + z * np.sqrt(13)])
    itself = mover(normal(7.0, error=3.0), normal(7.0, error=3.0), correlation=1.0)
    assert itself.low == pytest.approx([0], abs=1e-7)


@pytest.mark.parametrize(("p", "q"), [(0.1, 0.3), (0.02, 0.02), (0.9, 0.6)])
def test_newcombe_covers(p: float, q: float) -> None:
    generator = np.random.default_rng(4)
    runs = 4000
    low, high = newcombe(generator.binomial(30, p, runs), 30, generator.binomial(200, q, runs), 200)
    covered = int(((low <= p - q) & (p - q <= high)).sum())
    # Four standard deviations of a count of 4000 runs that each cover in 95 %.
    assert covered >= 0.95 * runs - 4 * np.sqrt(runs * 0.95 * 0.05)
