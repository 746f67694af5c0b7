"""The AUC by ranks and TensorFlow Model Analysis' on 10,000 thresholds: where they differ."""

import numpy as np
import pytest

import tfinterp_widgets as tw
from tfinterp_widgets.evaluation.slicing.metrics.ranks import between_thresholds

SITES = {"site": np.array(["sure", "shy"]).repeat(200)}


def shy_and_sure():
    """At one site scores all lie below .0001, in the right order; at the other they spread."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, 400)
    scores = rng.random(400)
    scores[200:] = 1e-5 + labels[200:] * 1e-6
    return labels, scores


def as_tfma_writes_it(labels, scores):
    """Its loops over thresholds and buckets, as in version 0.52, without a shortcut."""
    count, epsilon = 10_000, 1e-7
    inner = [(i + 1) / (count - 1) for i in range(count - 2)]
    thresholds = [-epsilon, *inner, 1 + epsilon]
    rebinned = [t + epsilon for t in thresholds]
    buckets = np.zeros((count, 2))
    for label, score in zip(labels.tolist(), scores.tolist(), strict=True):
        bucket = min(max(int(score * count + 1), 0), count + 1)
        left = -np.inf if bucket == 0 else np.inf if bucket == count + 1 else (bucket - 1) / count
        place = max((i for i, t in enumerate(rebinned) if left >= t), default=0)
        buckets[place, label] += 1
    fp, tp = buckets[::-1].cumsum(axis=0)[::-1].T
    fp[-1] = tp[-1] = 0
    x, y = fp / (labels == 0).sum(), tp / (labels == 1).sum()
    return float(((x[:-1] - x[1:]) * (y[:-1] + y[1:]) / 2).sum())


@pytest.mark.parametrize("seed", range(3))
def test_the_auc_of_tfma_is_that_of_its_loops(seed):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, 60)
    scores = rng.choice([0, 1e-5, 2e-5, 0.5, 0.50004, 0.99999, 1, 1 / 3], 60) ** rng.integers(1, 3)
    table = tw.slice_metrics(labels, scores, slices=[()], metrics="auc_tfma", interval=None)
    assert table[()]["auc_tfma"].value == pytest.approx(as_tfma_writes_it(labels, scores), abs=1e-9)


def test_both_are_shown_where_they_differ():
    labels, scores = shy_and_sure()
    table = tw.slice_metrics(labels, scores, SITES, ["site"], ["auc", "count"], interval=None)
    assert table.metrics == ("auc", "auc_tfma", "count")
    shy, sure = table[{"site": "shy"}], table[{"site": "sure"}]
    assert (shy["auc"].value, shy["auc_tfma"].value) == (1.0, 0.5)
    assert sure["auc_tfma"].value == pytest.approx(sure["auc"].value, abs=1e-3)


def test_one_is_shown_where_they_agree():
    labels, scores = shy_and_sure()
    table = tw.slice_metrics(labels, scores, SITES, [{"site": "sure"}], "auc", interval=None)
    assert table.metrics == ("auc",)


def test_scores_that_are_no_probabilities_have_one_auc():
    labels, scores = shy_and_sure()
    shifted = tw.slice_metrics(labels, 10 * scores - 5, SITES, ["site"], "auc", interval=None)
    plain = tw.slice_metrics(labels, scores, SITES, ["site"], "auc", interval=None)
    assert shifted.metrics == ("auc",)
    np.testing.assert_array_equal(shifted.column("auc").value, plain.column("auc").value)


def test_scores_beyond_both_ends_lie_in_the_outermost_places():
    assert between_thresholds(np.array([-1.0, 0, 1, 2])).tolist() == [0, 0, 9999, 9999]
