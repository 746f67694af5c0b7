"""Benjamini and Yekutieli's procedure, against scipy's and on noise."""

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from tfinterp_widgets.evaluation.uncertainty.false_discovery import benjamini_yekutieli


@pytest.mark.parametrize("size", [1, 2, 50, 3000])
def test_agrees_with_scipy(size: int) -> None:
    p = np.random.default_rng(size).random(size) ** 4
    assert benjamini_yekutieli(p) == pytest.approx(false_discovery_control(p, method="by"))


def test_no_tests_have_no_findings() -> None:
    assert benjamini_yekutieli([]).size == 0


def test_the_rate_is_controlled_among_true_findings_and_noise() -> None:
    generator = np.random.default_rng(0)
    shares = []
    for _ in range(300):
        false, true = generator.random(90), generator.random(10) * 1e-4
        found = benjamini_yekutieli(np.concatenate([false, true])) <= 0.05
        shares.append(found[:90].sum() / max(found.sum(), 1))
    assert np.mean(shares) <= 0.05
