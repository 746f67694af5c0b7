"""Tails of the AUC of rows drawn without replacement, against exact and drawn distributions."""

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from tfinterp_widgets.evaluation.uncertainty.auc_tail import AucTail

Floats = NDArray[np.float64]


def population(n: int, apart: float, seed: int = 0) -> tuple[NDArray[np.bool_], Floats]:
    generator = np.random.default_rng(seed)
    positive = generator.random(n) < 0.3
    return positive, generator.standard_normal(n) + apart * positive


def chances_of_pairs(positives: int, negatives: int) -> Floats:
    """The chance of each number of pairs in order where all orders are alike (Mann & Whitney 1947).

    The recurrence over the highest row: a positive is in order with all negatives.
    """
    ways = np.zeros((positives + 1, negatives + 1, positives * negatives + 1))
    ways[0, :, 0] = ways[:, 0, 0] = 1
    for p in range(1, positives + 1):
        for n in range(1, negatives + 1):
            ways[p, n] = ways[p, n - 1]
            ways[p, n, n:] += ways[p - 1, n, : ways.shape[2] - n]
    return ways[-1, -1] / ways[-1, -1].sum()


@pytest.mark.parametrize(
    ("positives", "negatives", "smallest"), [(20, 30, 1e-10), (8, 42, 1e-6), (4, 200, 1e-6)]
)
def test_the_far_tail_is_that_of_mann_and_whitney(
    positives: int, negatives: int, smallest: float
) -> None:
    # Positives and negatives alternate, and are so many that drawing some leaves the others.
    ranking = AucTail(np.arange(200_000) % 2 == 1, np.arange(200_000.0))
    chances = chances_of_pairs(positives, negatives)
    exact = np.cumsum(chances) - chances / 2
    counts = np.array([float(positives)]), np.array([float(negatives)])
    for chance in np.geomspace(1e-2, smallest, 5):
        at = int(np.searchsorted(exact, chance))
        found = ranking.at(np.array([at / (positives * negatives)]), *counts)
        assert 0.75 * exact[at] < found[0] < 3 * exact[at]


@pytest.mark.parametrize("apart", [1.2, 2.5])
@pytest.mark.parametrize(("positives", "negatives"), [(5, 45), (20, 30)])
def test_tails_of_good_models_are_those_of_draws(
    apart: float, positives: int, negatives: int
) -> None:
    positive, scores = population(5000, apart)
    generator = np.random.default_rng(1)
    runs = 20_000
    drawn = generator.choice(scores[positive], (runs, positives))
    others = generator.choice(scores[~positive], (runs, negatives))
    areas = np.sort((drawn[:, :, np.newaxis] > others[:, np.newaxis, :]).mean(axis=(1, 2)))
    ranking = AucTail(positive, scores)
    counts = np.array([float(positives)]), np.array([float(negatives)])
    for rank, tolerance in ((1000, 0.15), (200, 0.3), (40, 0.6)):
        lower = np.searchsorted(areas, areas[rank], side="right") / runs
        assert ranking.at(areas[rank : rank + 1], *counts) == pytest.approx([lower], rel=tolerance)


def test_the_area_is_exact() -> None:
    positive, scores = population(3000, 1.0)
    scores = np.round(scores, 1)  # with ties
    weights = np.random.default_rng(1).random(3000) + 0.1
    assert AucTail(positive, scores).area == pytest.approx(roc_auc_score(positive, scores))
    weighted = roc_auc_score(positive, scores, sample_weight=weights)
    assert AucTail(positive, scores, weights).area == pytest.approx(weighted)


def test_equal_weights_are_none() -> None:
    positive, scores = population(3000, 1.0)
    areas, positives, negatives = (
        np.array([0.5, 0.6]),
        np.array([9.0, 20.0]),
        np.array([40.0, 30.0]),
    )
    plain = AucTail(positive, scores).at(areas, positives, negatives)
    weighted = AucTail(positive, scores, np.full(3000, 3.0)).at(areas, positives, negatives)
    assert weighted == pytest.approx(plain)


def test_tails_of_weighted_rows_are_not_too_small() -> None:
    positive, scores = population(4000, 1.2)
    generator = np.random.default_rng(2)
    weights = generator.exponential(1, 4000) + 0.05
    ranking = AucTail(positive, scores, weights)
    at = np.stack([generator.choice(4000, 120, replace=False) for _ in range(1500)])
    areas = np.array([roc_auc_score(positive[i], scores[i], sample_weight=weights[i]) for i in at])
    counts = positive[at].sum(axis=1).astype(float)
    chances = ranking.at(areas, counts, 120 - counts)
    for chance in (0.05, 0.01):
        below = int((chances <= chance).sum())
        assert below <= 1500 * chance + 4 * np.sqrt(1500 * chance)


def test_a_perfect_ranking_has_no_worse_slices() -> None:
    ranking = AucTail(np.arange(100) >= 50, np.arange(100.0))
    assert ranking.at(np.ones(1), np.array([5.0]), np.array([5.0])) >= 0.4
