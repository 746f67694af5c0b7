"""The exact tail: against fractions, scipy's, and what must hold."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact, hypergeom

from tfinterp_widgets.evaluation.uncertainty.hypergeometric import hypergeometric_tail


def exact(hits: int, drawn: int, all_hits: int, population: int) -> float:
    ways = sum(
        comb(all_hits, k) * comb(population - all_hits, drawn - k)
        for k in range(hits, min(drawn, all_hits) + 1)
    )
    return float(Fraction(ways, comb(population, drawn)))


@given(st.data())
def test_every_digit_is_right_far_out_too(data: st.DataObject) -> None:
    population = data.draw(st.integers(1, 300))
    drawn = data.draw(st.integers(0, population))
    all_hits = data.draw(st.integers(0, population))
    hits = data.draw(st.integers(max(0, drawn + all_hits - population), min(drawn, all_hits)))
    counts = hits, drawn, all_hits, population
    assert hypergeometric_tail(*counts) == pytest.approx(exact(*counts), rel=1e-9, abs=0)


def test_agrees_with_fishers_exact_test() -> None:
    table = [[18, 22], [40, 320]]
    expected = fisher_exact(table, alternative="greater").pvalue
    assert hypergeometric_tail(18, 40, 58, 400) == pytest.approx(expected, rel=1e-9, abs=0)


def test_millions_of_rows() -> None:
    population, all_hits, drawn, hits = 10_000_000, 2_000_000, 50_000, 10_900
    expected = hypergeom.sf(hits - 1, population, all_hits, drawn)
    assert expected < 1e-20
    found = hypergeometric_tail(hits, drawn, all_hits, population)
    assert found == pytest.approx(expected, rel=1e-6, abs=0)


def test_nothing_drawn_is_certain() -> None:
    assert hypergeometric_tail(0, 0, 5, 10) == 1


def test_shapes_broadcast() -> None:
    assert hypergeometric_tail([[1], [2]], [3, 4, 5], 6, 20).shape == (2, 3)
