"""The search on pure noise: it finds nothing, whatever the metric."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.slices import slice_metrics

SEEDS = 200
ROWS = 800


def rows_of(seed: int) -> tuple[NDArray[np.int64], NDArray[np.float64], dict[str, object]]:
    """Labels, scores that fit them tolerably, and features that have nothing to do with either."""
    generator = np.random.default_rng(seed)
    labels = (generator.random(ROWS) < 0.35).astype(np.int64)
    scores = 1 / (1 + np.exp(0.5 - generator.standard_normal(ROWS) - 1.5 * labels))
    features: dict[str, object] = {f"f{i}": generator.integers(0, 3, ROWS) for i in range(4)}
    return labels, scores, features


@pytest.mark.parametrize(
    ("metric", "weighted"),
    [("accuracy", False), ("auc", False), ("log_loss", False), ("f1", False), ("accuracy", True)],
)
def test_of_200_seeds_of_noise_at_least_95_per_cent_find_nothing(
    metric: str, weighted: bool
) -> None:
    empty, candidates = 0, 0
    for seed in range(SEEDS):
        labels, scores, features = rows_of(seed)
        weights = np.random.default_rng(seed).exponential(1, ROWS) + 0.1 if weighted else None
        table = slice_metrics(
            labels, scores, features, slices=[()], metrics="count", weights=weights
        )
        findings = table.find(metric, min_count=20)
        candidates += findings.candidates
        empty += len(findings) == 0
    assert candidates / SEEDS > 100
    assert empty >= 0.95 * SEEDS
