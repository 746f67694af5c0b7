"""Shapley values by regression against their definition, a mean over all orders."""

import itertools
import math

import numpy as np
import pytest

from tfinterp_widgets.engine.perturbing.coalitions import Coalitions
from tfinterp_widgets.engine.perturbing.shapley import SharedGain


def by_orders(value, features):
    """What each feature adds when it comes, averaged over all orders of coming."""
    shares = np.zeros(features)
    for order in itertools.permutations(range(features)):
        members = np.zeros(features, bool)
        before = value(members)
        for feature in order:
            members[feature] = True
            shares[feature] += value(members) - before
            before = value(members)
    return shares / math.factorial(features)


def game(features, seed=0):
    """A game with interactions of pairs and of three, and 0 for nobody."""
    rng = np.random.default_rng(seed)
    single, pairs = rng.normal(size=features), rng.normal(size=(features, features))
    known = {}

    def value(members):
        key = tuple(map(bool, members))
        if key not in known:
            m = np.array(key, float)
            known[key] = float(m @ single + m @ pairs @ m + 4 * m[0] * m[1] * m[2])
        return known[key]

    return value


def shared(value, features, samples, seed=0, at_once=10_000):
    """The coalitions, and the shares that fit them, which come so many at once."""
    coalitions = Coalitions(features, samples, seed)
    gain = SharedGain(features, value(np.ones(features)), coalitions.drawn_mass)
    for begin in range(0, coalitions.count, at_once):
        end = min(begin + at_once, coalitions.count)
        rows = coalitions.rows(begin, end)
        gains = np.array([value(row) for row in rows])
        listed = max(0, coalitions.listed - begin)
        gain.add_listed(rows[:listed], gains[:listed], coalitions.weights[begin:end])
        gain.add_drawn(rows[listed:], gains[listed:])
    return coalitions, gain.fit()


@pytest.mark.parametrize("features", [3, 4, 5, 6])
def test_all_coalitions_give_the_shapley_values(features):
    value = game(features)
    _, fit = shared(value, features, 2**features - 2)
    assert fit.values == pytest.approx(by_orders(value, features), abs=1e-7)
    assert (fit.standard_error == 0).all()


@pytest.mark.parametrize("samples", [2, 6, 20, 30, 200])
def test_the_sum_is_exact_however_few_coalitions(samples):
    value = game(10)
    _, fit = shared(value, 10, samples)
    assert fit.values.sum() == pytest.approx(value(np.ones(10)), abs=1e-9)


def test_what_few_coalitions_leave_open_is_shared_evenly():
    rows = np.array([[True, False, False, False], [False, True, True, True]])
    gain = SharedGain(4, total=10.0, drawn_mass=0.0)
    gain.add_listed(rows, np.array([4.0, 6.0]), np.ones(2))
    assert gain.fit().values == pytest.approx([4, 2, 2, 2], abs=1e-6)
    nothing = SharedGain(3, total=6.0, drawn_mass=0.0).fit()
    assert nothing.values == pytest.approx([2, 2, 2])
    assert (nothing.standard_error == 0).all()


@pytest.mark.parametrize("at_once", [1, 7, 50])
def test_it_does_not_matter_how_many_coalitions_come_at_once(at_once):
    value = game(12)
    coalitions, whole = shared(value, 12, samples=300)
    assert 0 < coalitions.listed < coalitions.count
    _, fit = shared(value, 12, samples=300, at_once=at_once)
    assert fit.values == pytest.approx(whole.values, rel=1e-9)
    assert fit.standard_error == pytest.approx(whole.standard_error, rel=1e-9)


def test_an_odd_last_draw_counts_for_the_shares_alone():
    value = game(7)
    coalitions = Coalitions(7, samples=80, seed=0)
    rows = coalitions.rows(coalitions.listed, coalitions.count)
    gains = np.array([value(row) for row in rows])
    gain = SharedGain(7, value(np.ones(7)), coalitions.drawn_mass)
    gain.add_drawn(rows[:40], gains[:40])
    even = gain.fit()
    gain.add_drawn(rows[40:41], gains[40:41])
    odd = gain.fit()
    assert odd.values.sum() == pytest.approx(even.values.sum())
    assert not np.allclose(odd.values, even.values, rtol=1e-3)
    assert np.isfinite(odd.standard_error).all()


def test_a_linear_game_is_explained_exactly_from_few_draws():
    weight = np.random.default_rng(3).normal(size=20)
    coalitions, fit = shared(lambda members: float(members @ weight), 20, samples=60)
    assert coalitions.listed == 40
    assert fit.values == pytest.approx(weight, abs=1e-8)
    assert fit.standard_error == pytest.approx(np.zeros(20), abs=1e-8)


def test_draws_come_near_and_the_standard_error_says_how_near():
    value = game(7)
    exact = by_orders(value, 7)
    fits = [shared(value, 7, samples=80, seed=seed) for seed in range(150)]
    shares = np.array([fit.values for _, fit in fits])
    told = np.mean([fit.standard_error for _, fit in fits], axis=0)
    apart = shares.std(axis=0, ddof=1)
    # 150 seeds tell a standard deviation to 6 %.
    assert told == pytest.approx(apart, rel=0.25)
    assert shares.mean(axis=0) == pytest.approx(exact, abs=4 * apart.max() / np.sqrt(150))


def test_the_standard_error_is_unknown_from_too_few_pairs():
    coalitions, fit = shared(game(10), 10, samples=12)
    assert coalitions.listed == 0
    assert np.isnan(fit.standard_error).all()
