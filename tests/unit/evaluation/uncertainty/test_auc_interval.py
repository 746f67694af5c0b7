"""Intervals of AUCs: against published numbers, and by simulation where classes are small."""

import numpy as np
import pytest
from scipy.special import logit
from scipy.stats import norm

from tfinterp_widgets.evaluation.uncertainty.auc_interval import (
    FEW,
    OfClass,
    auc_interval,
    score_interval,
)


def classes(positive, negative):
    """AUCs of rows of scores of either class, and what each adds to their variance."""
    wins = (positive[:, :, np.newaxis] > negative[:, np.newaxis]).astype(float)
    wins += (positive[:, :, np.newaxis] == negative[:, np.newaxis]) / 2
    area = wins.mean(axis=(1, 2))
    found = []
    for axis, rows in ((2, positive.shape[1]), (1, negative.shape[1])):
        influence = (wins.mean(axis=axis) - area[:, np.newaxis]) / rows
        found.append(OfClass(np.full(area.size, float(rows)), (influence**2).sum(axis=1)))
    return area, *found


def test_many_rows_have_delongs_interval_on_the_logit():
    generator = np.random.default_rng(0)
    positive, negative = generator.normal(1, 1, (1, 400)), generator.normal(0, 1, (1, 600))
    area, *both = classes(positive, negative)
    low, high = auc_interval(area, *both)
    placements = [(positive[0][:, np.newaxis] > negative[0]).mean(axis=axis) for axis in (1, 0)]
    error = np.sqrt(sum(each.var(ddof=1) / each.size for each in placements))
    half = 1.96 * error / (area * (1 - area))
    assert logit(low) == pytest.approx(logit(area) - half, rel=2e-3)
    assert logit(high) == pytest.approx(logit(area) + half, rel=2e-3)


@pytest.mark.parametrize(("rows", "separation"), [(5, 1.0), (5, 2.5), (12, 1.5), (20, 2.5)])
def test_few_positives_are_covered(rows, separation):
    generator = np.random.default_rng([rows, int(10 * separation)])
    runs = 1500
    positive = generator.normal(separation, 1, (runs, rows))
    area, *both = classes(positive, generator.normal(0, 1, (runs, 150)))
    low, high = auc_interval(area, *both)
    truth = norm.cdf(separation / np.sqrt(2))
    assert not np.isnan([low, high]).any()
    assert ((low <= truth) & (truth <= high)).mean() >= 0.94


def test_scores_of_two_kinds_are_covered_though_the_area_alone_does_not_tell_them():
    generator = np.random.default_rng(3)
    runs, rows = 1500, 12
    good = generator.random((runs, rows)) < 0.6
    positive = generator.standard_normal((runs, rows)) + np.where(good, 3, -3)
    area, *both = classes(positive, generator.standard_normal((runs, 100)))
    truth = 0.6 * norm.cdf(3 / np.sqrt(2)) + 0.4 * norm.cdf(-3 / np.sqrt(2))
    covered = []
    for low, high in (auc_interval(area, *both), score_interval(area, *(c.rows for c in both))):
        covered.append(((low <= truth) & (truth <= high)).mean())
    assert covered[0] >= 0.94
    assert covered[1] < 0.85


def test_a_score_interval_ends_where_the_score_test_just_refuses():
    area, m, n = np.array([0.7, 0.93]), np.array([8.0, 40]), np.array([30.0, 25])
    for end in score_interval(area, m, n):
        of_two = (1 - end) / (2 - end) + end / (1 + end)
        variance = end * (1 - end) * (1 + ((m + n) / 2 - 1) * of_two) / (m * n)
        assert np.abs(area - end) / np.sqrt(variance) == pytest.approx(np.full(2, 1.959964))


def test_classes_that_do_not_overlap_still_leave_doubt():
    ones = np.ones(2)
    rows = np.array([4.0, 10 * FEW])
    low, high = auc_interval(ones, OfClass(rows, 0 * ones), OfClass(rows, 0 * ones))
    assert (high == 1).all()
    assert (low < 1).all()
    assert low[0] < low[1]


def test_a_class_of_one_row_or_none_leaves_no_interval():
    area, rows = np.array([0.6, np.nan]), np.array([1.0, 0.0])
    few = OfClass(rows, np.zeros(2))
    many = OfClass(np.full(2, 50.0), np.full(2, 0.01))
    assert np.isnan(auc_interval(area, few, many)).all()
