"""Where expected gradients look: at every baseline and every stretch of alpha alike."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfinterp_widgets.engine.sampling.designs import design

counts, seeds = st.integers(1, 40), st.integers(0, 99)
samples = st.integers(2, 200)


@given(counts, samples, seeds)
def test_baselines_weigh_alike_and_are_drawn_alike(count, n, seed):
    drawn = design(count, n, seed)
    assert drawn.baselines.size == drawn.alphas.size == drawn.weights.size == n
    often = np.bincount(drawn.baselines, minlength=count)
    assert set(drawn.used) == set(np.flatnonzero(often))
    assert drawn.used.size == min(count, n)
    # Pairs of draws are dealt out one by one, so one baseline may have a pair and a single more.
    assert np.ptp(often[drawn.used]) <= 3
    shares = np.bincount(drawn.baselines, drawn.weights, minlength=count)
    assert shares[drawn.used] == pytest.approx(1 / drawn.used.size)


@given(counts, samples, seeds)
def test_cells_have_two_draws_and_one_of_them_a_third_where_their_number_is_odd(count, n, seed):
    drawn = design(count, n, seed)
    assert (np.diff(drawn.cells) >= 0).all()
    sizes = np.bincount(drawn.cells)
    assert sizes.tolist() == [2 + n % 2] + [2] * (n // 2 - 1)


@given(counts, samples, seeds)
def test_alphas_of_a_group_fill_its_strata(count, n, seed):
    drawn = design(count, n, seed)
    assert ((drawn.alphas >= 0) & (drawn.alphas < 1)).all()
    alone = n >= 2 * drawn.used.size
    groups = drawn.baselines if alone else np.zeros(n)
    for group in np.unique(groups):
        alphas = np.sort(drawn.alphas[groups == group])
        m = alphas.size
        # Two draws anywhere in strata of width 2/m, of which the first may have three draws.
        place = np.arange(m)
        assert (alphas >= (place - 2) / m).all()
        assert (alphas <= (place + 3) / m).all()
        edges = np.r_[0, np.cumsum([2 + m % 2] + [2] * (m // 2 - 1)) / m]
        assert np.histogram(alphas, edges)[0].tolist() == [2 + m % 2] + [2] * (m // 2 - 1)


@given(st.integers(2, 12), st.integers(2, 10), seeds)
def test_with_two_draws_for_each_a_cell_is_of_one_baseline(count, turns, seed):
    drawn = design(count, 2 * turns * count, seed)
    for cell in range(drawn.cells[-1] + 1):
        assert len(set(drawn.baselines[drawn.cells == cell])) == 1
    # They take turns: no baseline comes again before all have come.
    order = drawn.baselines[::2].reshape(turns, count)
    assert all(len(set(turn)) == count for turn in order)


def test_alphas_are_uniform_and_baselines_chosen_evenly_over_the_seeds():
    drawn = [design(10, 4, seed) for seed in range(1000)]
    alphas = np.concatenate([each.alphas for each in drawn])
    assert np.histogram(alphas, 5, (0, 1))[0] == pytest.approx(np.full(5, 800), rel=0.15)
    chosen = np.concatenate([each.baselines for each in drawn])
    assert np.bincount(chosen) == pytest.approx(np.full(10, 400), rel=0.2)


def test_a_seed_makes_one_design():
    first, again, other = design(5, 20, 7), design(5, 20, 7), design(5, 20, 8)
    assert (first.alphas == again.alphas).all()
    assert (first.baselines == again.baselines).all()
    assert (first.alphas != other.alphas).any()
