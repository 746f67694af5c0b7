"""Metrics against scikit-learn, with ties and weights, and against their definitions."""

import numpy as np
import pytest
import sklearn.metrics as oracle
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tfinterp_widgets.evaluation.metrics import scores
from tfinterp_widgets.evaluation.metrics.metrics import METRICS

BINARY = {
    "auc": oracle.roc_auc_score,
    "pr_auc": oracle.average_precision_score,
    "log_loss": oracle.log_loss,
    "brier": oracle.brier_score_loss,
}
DECIDED = {
    "accuracy": oracle.accuracy_score,
    "balanced_accuracy": oracle.balanced_accuracy_score,
    "f1": oracle.f1_score,
}
NUMBERS = {
    "mse": oracle.mean_squared_error,
    "mae": oracle.mean_absolute_error,
    "rmse": lambda *args, **keywords: np.sqrt(oracle.mean_squared_error(*args, **keywords)),
    "r2": oracle.r2_score,
}


def sample(seed, outputs, weighted, decimals=1):
    """Labels, probabilities with many ties, and weights of which some are 0."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, max(outputs, 2), 300)
    probabilities = rng.random((300, outputs)).round(decimals)
    if outputs > 1:
        probabilities = rng.dirichlet(np.ones(outputs), 300)
    weights = rng.integers(0, 4, 300).astype(np.float64) if weighted else None
    return y, probabilities, weights


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", BINARY)
def test_two_classes_agree_with_scikit_learn(name, seed, weighted):
    y, predictions, weights = sample(seed, 1, weighted)
    expected = BINARY[name](y, predictions[:, 0], sample_weight=weights)
    assert METRICS[name].function(y, predictions, weights) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", DECIDED)
def test_two_decided_classes_agree_with_scikit_learn(name, seed, weighted):
    y, predictions, weights = sample(seed, 1, weighted)
    expected = DECIDED[name](y, predictions[:, 0] > 0.5, sample_weight=weights)
    assert METRICS[name].function(y, predictions, weights) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("name", [*BINARY, *DECIDED])
def test_two_units_say_what_one_unit_says(name, weighted):
    y, one, weights = sample(3, 1, weighted)
    two = np.hstack([1 - one, one])
    function = METRICS[name].function
    assert function(y, two, weights) == pytest.approx(function(y, one, weights), abs=1e-12)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_four_classes_agree_with_scikit_learn(seed, weighted):
    y, predictions, weights = sample(seed, 4, weighted)
    decided = predictions.argmax(axis=1)
    expected = {
        "auc": oracle.roc_auc_score(y, predictions, multi_class="ovr", sample_weight=weights),
        "pr_auc": oracle.average_precision_score(np.eye(4)[y], predictions, sample_weight=weights),
        "log_loss": oracle.log_loss(y, predictions, sample_weight=weights),
        "brier": np.average(((predictions - np.eye(4)[y]) ** 2).sum(axis=1), weights=weights),
        "accuracy": oracle.accuracy_score(y, decided, sample_weight=weights),
        "balanced_accuracy": oracle.balanced_accuracy_score(y, decided, sample_weight=weights),
        "f1": oracle.f1_score(y, decided, average="macro", sample_weight=weights),
    }
    ours = {name: METRICS[name].function(y, predictions, weights) for name in expected}
    assert ours == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_agree_with_scikit_learn(name, seed, weighted):
    rng = np.random.default_rng(seed)
    y = rng.normal(1e4, 5, 300)
    predictions = (y + rng.normal(0, 3, 300)).astype(np.float32)[:, np.newaxis]
    weights = rng.random(300) if weighted else None
    expected = NUMBERS[name](y, predictions[:, 0].astype(np.float64), sample_weight=weights)
    assert METRICS[name].function(y, predictions, weights) == pytest.approx(expected, rel=1e-9)


TIED = st.integers(2, 30).flatmap(
    lambda n: st.tuples(
        arrays(np.int64, n, elements=st.integers(0, 1)).filter(lambda y: 0 < y.sum() < y.size),
        arrays(np.float32, (n, 1), elements=st.sampled_from([0, 0.125, 0.25, 2**-27, 2**-26, 1])),
        arrays(np.float64, n, elements=st.sampled_from([0.5, 1, 3])),
    )
)


@given(TIED)
def test_auc_is_the_chance_that_a_positive_outranks_a_negative_ties_half(case):
    y, predictions, weights = case
    scored = predictions[:, 0]
    gap = np.subtract.outer(scored[y == 1], scored[y == 0])
    pairs = np.outer(weights[y == 1], weights[y == 0])
    expected = (pairs * ((gap > 0) + (gap == 0) / 2)).sum() / pairs.sum()
    assert scores.auc(y, predictions, weights) == pytest.approx(expected, abs=1e-12)


@given(TIED)
def test_weight_three_counts_like_three_rows(case):
    y, predictions, _ = case
    counts = np.arange(y.size) % 3 + 1
    for name in (*BINARY, *DECIDED):
        function = METRICS[name].function
        repeated = function(y.repeat(counts), predictions.repeat(counts, axis=0), None)
        weighted = function(y, predictions, counts.astype(np.float64))
        assert weighted == pytest.approx(repeated, abs=1e-9), name


def test_auc_tells_scores_apart_that_thresholds_between_0_and_1_would_not():
    y = np.array([0, 0, 1, 1])
    tiny = np.array([[1e-9], [2e-9], [3e-9], [4e-9]], np.float32)
    assert scores.auc(y, tiny) == 1
    assert scores.average_precision(y, tiny) == 1


def test_a_sample_of_one_class_has_no_auc():
    for y in (np.zeros(3, np.int64), np.ones(3, np.int64)):
        assert np.isnan(scores.auc(y, np.array([[0.1], [0.2], [0.3]])))
    assert np.isnan(scores.average_precision(np.zeros(3, np.int64), np.ones((3, 1))))


def test_classes_absent_from_a_sample_are_left_out_of_the_mean():
    y, predictions, _ = sample(0, 3, weighted=False)
    kept = y < 2
    pairs = [scores.auc((y[kept] == k).astype(int), predictions[kept][:, [k]]) for k in (0, 1)]
    assert scores.auc(y[kept], predictions[kept]) == pytest.approx(np.mean(pairs))


def test_classes_without_weight_are_left_out_of_the_mean_too():
    y, predictions, _ = sample(0, 3, weighted=False)
    kept = y < 2
    weighed = scores.auc(y, predictions, kept.astype(float))
    assert weighed == pytest.approx(scores.auc(y[kept], predictions[kept]))


def test_r2_of_labels_all_alike_is_undefined():
    assert np.isnan(scores.r2(np.full(4, 2.5), np.zeros((4, 1))))


def test_log_loss_of_a_saturated_wrong_answer_is_finite():
    wrong = np.array([[1.0]], np.float32)
    expected = oracle.log_loss([0], wrong[:, 0], labels=[0, 1])
    assert scores.log_loss(np.array([0]), wrong) == pytest.approx(expected, rel=1e-6)


def test_a_tie_at_one_half_is_class_0():
    assert scores.classes(np.array([[0.5], [0.50001]])).tolist() == [0, 1]
    assert scores.classes(np.array([[0.5, 0.5], [0.4, 0.6]])).tolist() == [0, 1]
