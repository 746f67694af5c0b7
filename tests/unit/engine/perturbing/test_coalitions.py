"""Which coalitions are listed, which are drawn, and what they weigh."""

import math

import numpy as np
import pytest

from tfinterp_widgets.engine.perturbing.coalitions import Coalitions


def kernel(features, size):
    """The Shapley kernel of one coalition, as Lundberg & Lee write it."""
    return (features - 1) / (math.comb(features, size) * size * (features - size))


@pytest.mark.parametrize("features", [2, 3, 4, 5, 8])
def test_all_are_listed_once_where_samples_suffice(features):
    every = 2**features - 2
    for samples in (every, every + 1, 5000):
        coalitions = Coalitions(features, samples, seed=0)
        assert coalitions.count == coalitions.listed == every
        rows = coalitions.rows(0, every)
        assert len(np.unique(rows, axis=0)) == every
        assert not (rows.all(axis=1) | ~rows.any(axis=1)).any()
        expected = [kernel(features, size) for size in rows.sum(axis=1)]
        assert coalitions.weights == pytest.approx(expected)


@pytest.mark.parametrize(("features", "samples"), [(5, 29), (6, 20), (12, 500), (30, 65), (50, 9)])
def test_otherwise_samples_are_not_exceeded_and_the_kernel_keeps_its_mass(features, samples):
    coalitions = Coalitions(features, samples, seed=1)
    assert samples - 1 <= coalitions.count <= samples
    assert coalitions.listed < coalitions.count
    mass = sum((features - 1) / (size * (features - size)) for size in range(1, features))
    assert coalitions.weights.shape == (coalitions.listed,)
    assert coalitions.weights.sum() + coalitions.drawn_mass == pytest.approx(mass)


@pytest.mark.parametrize(("features", "samples"), [(6, 14), (6, 40), (13, 300), (10, 7)])
def test_each_is_followed_by_its_complement(features, samples):
    coalitions = Coalitions(features, samples, seed=2)
    rows = coalitions.rows(0, coalitions.count)
    assert (rows[0::2] == ~rows[1::2]).all()


@pytest.mark.parametrize("features", [5, 9, 40])
def test_each_feature_alone_is_listed_as_soon_as_samples_suffice(features):
    def listed(samples):
        return Coalitions(features, samples, seed=0).listed

    assert listed(2 * features + 1) == 0
    assert listed(2 * features + 2) == 2 * features


def test_larger_coalitions_are_listed_where_the_kernel_has_samples_for_them():
    coalitions = Coalitions(12, 1000, seed=0)
    sizes = coalitions.rows(0, coalitions.listed).sum(axis=1)
    assert set(sizes) == {1, 11, 2, 10}
    drawn = coalitions.rows(coalitions.listed, coalitions.count).sum(axis=1)
    assert set(drawn) == set(range(3, 10))


def test_drawn_ones_follow_the_kernel_and_treat_features_alike():
    coalitions = Coalitions(10, 19, seed=3)
    assert coalitions.listed == 0
    rows = coalitions._pairs(0, 4000)
    sizes = np.bincount(rows.sum(axis=1), minlength=10)[1:] / len(rows)
    mass = np.array([9 / (s * (10 - s)) for s in range(1, 10)])
    assert sizes == pytest.approx(mass / mass.sum(), abs=0.02)
    members = rows[0::2]
    assert members.mean(axis=0) == pytest.approx(np.full(10, 0.5), abs=0.035)


def test_cuts_between_chunks_do_not_matter():
    coalitions = Coalitions(7, 61, seed=5)
    assert 0 < coalitions.listed < coalitions.count == 60
    whole = coalitions.rows(0, 60)
    for size in (1, 3, 16):
        parts = [coalitions.rows(k, min(60, k + size)) for k in range(0, 60, size)]
        assert (np.concatenate(parts) == whole).all()


def test_one_feature_has_no_coalitions():
    assert Coalitions(1, 100, seed=0).count == 0
