"""Ridge regression against scikit-learn's, and its standard error against repetitions."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from tfinterp_widgets.engine.perturbing.ridge import fit_ridge


@pytest.mark.parametrize(("count", "features"), [(60, 5), (8, 12), (1, 3)])
def test_agrees_with_scikit_learn(count, features):
    rng = np.random.default_rng(0)
    samples = rng.random((count, features)) < 0.5
    scores = rng.normal(size=count) + 5
    weights = rng.random(count) + 0.1
    fit = fit_ridge(samples, scores, weights, 1.0)
    theirs = Ridge(alpha=1.0).fit(samples, scores, weights)
    assert fit.coefficients == pytest.approx(theirs.coef_, abs=1e-9)
    if count > 1:  # of a single score, which has no variance, scikit-learn makes NaN
        assert fit.r_squared == pytest.approx(theirs.score(samples, scores, weights))


def test_scores_that_are_all_the_same_are_explained():
    fit = fit_ridge(np.eye(3, dtype=bool), np.full(3, 2.0), np.ones(3), 1.0)
    assert fit.r_squared == 1
    assert fit.coefficients == pytest.approx(np.zeros(3))


def test_the_standard_error_is_what_other_samples_would_change():
    rng = np.random.default_rng(1)
    weight = rng.normal(size=6)

    def draw():
        samples = rng.random((200, 6)) < 0.5
        scores = samples @ weight + 2 * samples[:, 0] * samples[:, 1] * samples[:, 2]
        return fit_ridge(samples, scores, 0.2 + samples.mean(axis=1), 1.0)

    fits = [draw() for _ in range(400)]
    apart = np.std([fit.coefficients for fit in fits], axis=0, ddof=1)
    told = np.mean([fit.standard_error for fit in fits], axis=0)
    # 400 repetitions tell a standard deviation to 3.5 %.
    assert told == pytest.approx(apart, rel=0.12)


def test_the_standard_error_is_unknown_while_samples_are_as_few_as_coefficients():
    samples = np.random.default_rng(2).random((5, 4)) < 0.5
    fit = fit_ridge(samples, np.arange(5.0), np.ones(5), 1.0)
    assert np.isnan(fit.standard_error).all()
