"""Ridge regression against scikit-learn's, and its standard error against repetitions."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from tfinterp_widgets.engine.perturbing.ridge import RunningRidge


def fitted(samples, scores, weights, at_once=1000):
    """The fit to all samples, which come so many at once."""
    ridge = RunningRidge(samples.shape[1], penalty=1.0)
    for begin in range(0, len(samples), at_once):
        part = slice(begin, begin + at_once)
        ridge.add(samples[part], scores[part], weights[part])
    return ridge.fit()


@pytest.mark.parametrize(("count", "features"), [(60, 5), (8, 12), (1, 3)])
def test_agrees_with_scikit_learn(count, features):
    rng = np.random.default_rng(0)
    samples = rng.random((count, features)) < 0.5
    scores = rng.normal(size=count) + 5
    weights = rng.random(count) + 0.1
    fit = fitted(samples, scores, weights)
    theirs = Ridge(alpha=1.0).fit(samples, scores, weights)
    assert fit.coefficients == pytest.approx(theirs.coef_, abs=1e-9)
    if count > 1:  # of a single score, which has no variance, scikit-learn makes NaN
        assert fit.r_squared == pytest.approx(theirs.score(samples, scores, weights))


def test_scores_that_are_all_the_same_are_explained():
    weights = np.random.default_rng(3).random(50) + 0.1
    for score in (2.0, 0.1, -1e-9, 12345.678):  # of some, a weighted mean is off by rounding
        fit = fitted(np.eye(50, dtype=bool), np.full(50, score), weights)
        assert fit.r_squared == 1
        assert fit.coefficients == pytest.approx(np.zeros(50), abs=1e-12 * abs(score))


@pytest.mark.parametrize("at_once", [1, 7, 64])
def test_it_does_not_matter_how_many_samples_come_at_once(at_once):
    rng = np.random.default_rng(4)
    samples, scores = rng.random((200, 12)) < 0.5, rng.normal(size=200) + 1000
    weights = rng.random(200) + 0.01
    whole = fitted(samples, scores, weights)
    fit = fitted(samples, scores, weights, at_once)
    assert fit.coefficients == pytest.approx(whole.coefficients, rel=1e-9)
    assert fit.standard_error == pytest.approx(whole.standard_error, rel=1e-9)
    assert fit.r_squared == pytest.approx(whole.r_squared, abs=1e-12)


def test_the_standard_error_is_what_other_samples_would_change():
    rng = np.random.default_rng(1)
    weight = rng.normal(size=6)

    def draw():
        samples = rng.random((200, 6)) < 0.5
        scores = samples @ weight + 2 * samples[:, 0] * samples[:, 1] * samples[:, 2]
        return fitted(samples, scores, 0.2 + samples.mean(axis=1))

    fits = [draw() for _ in range(400)]
    apart = np.std([fit.coefficients for fit in fits], axis=0, ddof=1)
    told = np.mean([fit.standard_error for fit in fits], axis=0)
    # 400 repetitions tell a standard deviation to 3.5 %.
    assert told == pytest.approx(apart, rel=0.12)


def test_the_standard_error_is_unknown_while_samples_are_as_few_as_coefficients():
    samples = np.random.default_rng(2).random((5, 4)) < 0.5
    fit = fitted(samples, np.arange(5.0), np.ones(5))
    assert np.isnan(fit.standard_error).all()
