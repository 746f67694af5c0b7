"""Rules against closed forms: each known bug of a peer would fail one of these."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfinterp_widgets.engine.quadrature import RULES, plan, spread_out

NESTED = [name for name, rule in RULES.items() if rule.nests]


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
@pytest.mark.parametrize("steps", [1, 2, 3, 4, 7, 16, 50, 100, 512])
def test_weights_sum_to_one_and_nodes_ascend_in_the_interval(rule, steps):
    alphas, weights = rule.alphas(steps), rule.weights(steps)
    assert weights.sum() == pytest.approx(1, abs=1e-12)
    assert alphas.shape == weights.shape
    assert (np.diff(alphas) > 0).all()
    assert alphas[0] >= 0
    assert alphas[-1] <= 1


def test_number_of_evaluations_is_n_or_n_plus_1_where_both_ends_count():
    counts = {name: rule.alphas(6).size for name, rule in RULES.items()}
    assert counts == {
        "graded": 6,
        "trapezoid": 7,
        "midpoint": 6,
        "left": 6,
        "right": 6,
        "gauss-legendre": 6,
        "endpoint-mean": 7,
    }


def test_graded_takes_a_square_for_one_over_n_squared_too_large():
    rule = RULES["graded"]
    for steps in (1, 4, 32):
        integral = (rule.weights(steps) * 2 * rule.alphas(steps)).sum()
        assert integral - 1 == pytest.approx(1 / steps**2)


ORDERS = {"graded": 2, "trapezoid": 2, "midpoint": 2, "left": 1, "right": 1, "endpoint-mean": 1}


@pytest.mark.parametrize(("name", "order"), ORDERS.items())
def test_order_of_convergence_on_a_smooth_integrand(name, order):
    def error(steps):
        rule = RULES[name]
        return abs((rule.weights(steps) * np.exp(rule.alphas(steps))).sum() - (np.e - 1))

    # Doubling the steps divides the error by 2 ** order.
    assert error(64) / error(128) == pytest.approx(2**order, rel=0.05)


def test_gauss_legendre_is_exact_up_to_degree_2n_minus_1_and_no_further():
    rule = RULES["gauss-legendre"]
    alphas, weights = rule.terms(3)
    assert (weights * alphas**5).sum() == pytest.approx(1 / 6, abs=1e-14)
    assert abs((weights * alphas**6).sum() - 1 / 7) > 1e-5


@pytest.mark.parametrize("name", NESTED)
@given(steps=st.integers(1, 200))
def test_nodes_of_n_are_among_those_of_2n_with_weights_in_one_proportion(name, steps):
    rule = RULES[name]
    shared = np.isin(rule.alphas(2 * steps), rule.alphas(steps))
    assert shared.sum() == rule.alphas(steps).size
    proportion = rule.weights(2 * steps)[shared] / rule.weights(steps)
    assert proportion == pytest.approx(rule.scale(2 * steps) / rule.scale(steps))


def test_levels_halve_as_long_as_they_are_even():
    assert RULES["graded"].levels(100) == [25, 50, 100]
    assert RULES["graded"].levels(8) == [1, 2, 4, 8]
    assert RULES["midpoint"].levels(8) == [8]


@given(steps=st.integers(1, 300), known_at=st.integers(0, 8))
def test_plan_visits_every_new_node_once(steps, known_at):
    rule = RULES["graded"]
    levels = rule.levels(steps)
    start = levels[known_at] if known_at < len(levels) - 1 else None
    way = plan(rule, steps, {start} if start else ())
    have = rule.alphas(start) if start else []
    assert way.start == start
    assert sorted([*way.alphas, *have]) == list(rule.alphas(steps))


def test_plan_goes_on_from_the_largest_known_level_and_ignores_others():
    way = plan(RULES["trapezoid"], 16, {2, 4, 100})
    assert way.start == 4
    assert way.alphas.size == 12
    assert way.ends == {8: 4, 16: 12}


def test_parts_cut_where_levels_end():
    way = plan(RULES["graded"], 8)
    assert way.parts(0, 4) == [(0, 1, 1), (1, 2, 2), (2, 4, 4)]
    assert way.parts(4, 6) == [(4, 6, None)]
    assert way.parts(6, 8) == [(6, 8, 8)]


@given(st.integers(0, 500))
def test_spread_out_is_a_permutation(count):
    assert sorted(spread_out(count)) == list(range(count))


def test_every_prefix_is_spread_out():
    for seen in (4, 8, 16, 32):
        gaps = np.diff(np.sort(spread_out(64)[:seen]))
        assert gaps.max() == 64 // seen
