"""Metrics of slices against scikit-learn's on the rows of each slice."""

import numpy as np
import pytest
import sklearn.metrics as oracle

import tfinterp_widgets as tw

CLASSES = 4
ROWS = 600
SITES = {"site": np.random.default_rng(7).choice(["a", "b", "c"], ROWS)}

DECIDED = {
    "accuracy": oracle.accuracy_score,
    "balanced_accuracy": oracle.balanced_accuracy_score,
    "precision": oracle.precision_score,
    "recall": oracle.recall_score,
    "f1": oracle.f1_score,
}
SCORED = {
    "auc": oracle.roc_auc_score,
    "pr_auc": oracle.average_precision_score,
    "log_loss": oracle.log_loss,
    "brier": oracle.brier_score_loss,
    "mse": oracle.mean_squared_error,
    "mae": oracle.mean_absolute_error,
    "r2": oracle.r2_score,
}


def two_classes(seed):
    rng = np.random.default_rng(seed)
    scores = rng.random(ROWS).round(2)  # many ties
    return (rng.random(ROWS) < scores).astype(int), scores


def several_classes(seed):
    rng = np.random.default_rng(seed)
    scores = rng.dirichlet(np.ones(CLASSES), ROWS)
    return np.array([rng.choice(CLASSES, p=each) for each in scores]), scores


def slices(labels, scores, weights, **options):
    table = tw.slice_metrics(
        labels, scores, SITES, [(), "site"], weights=weights, interval=None, **options
    )
    for key in table:
        rows = table.rows(key)
        weight = None if weights is None else weights[rows]
        yield labels[rows], scores[rows], weight, table[key]


def weights_of(weighted):
    return np.random.default_rng(5).integers(0, 4, ROWS).astype(float) if weighted else None


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_two_classes_agree(seed, weighted):
    labels, scores = two_classes(seed)
    asked = [*DECIDED, *SCORED]
    for y, p, w, metrics in slices(labels, scores, weights_of(weighted), metrics=asked):
        for name, function in DECIDED.items():
            expected = function(y, p > 0.5, sample_weight=w)
            assert metrics[name].value == pytest.approx(expected, abs=1e-12), name
        for name, function in SCORED.items():
            expected = function(y, p, sample_weight=w)
            assert metrics[name].value == pytest.approx(expected, abs=1e-12), name


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("average", ["macro", "micro", "weighted"])
@pytest.mark.parametrize("name", ["precision", "recall", "f1"])
def test_averages_over_classes_decided_for_the_most_probable_agree(name, average, weighted):
    labels, scores = several_classes(1)
    weights, metric = weights_of(weighted), f"{name}_{average}"
    function = DECIDED[name]
    for y, p, w, metrics in slices(labels, scores, weights, metrics=metric, threshold="argmax"):
        expected = function(y, p.argmax(axis=1), average=average, sample_weight=w)
        assert metrics[metric].value == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("average", ["macro", "micro", "weighted"])
@pytest.mark.parametrize("name", ["precision", "recall", "f1"])
def test_averages_over_classes_decided_one_against_the_rest_agree(name, average):
    labels, scores = several_classes(2)
    metric = f"{name}_{average}"
    for y, p, _, metrics in slices(labels, scores, None, metrics=metric, threshold=0.3):
        expected = DECIDED[name](np.eye(CLASSES)[y], p > 0.3, average=average)
        assert metrics[metric].value == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("average", ["macro", "micro", "weighted"])
@pytest.mark.parametrize("name", ["auc", "pr_auc"])
def test_areas_over_classes_agree(name, average):
    labels, scores = several_classes(3)
    metric = f"{name}_{average}"
    for y, p, _, metrics in slices(labels, scores, None, metrics=metric):
        expected = SCORED[name](np.eye(CLASSES)[y], p, average=average)
        assert metrics[metric].value == pytest.approx(expected, abs=1e-12)


def test_several_classes_as_they_are_agree():
    labels, scores = several_classes(4)
    asked = ["accuracy", "balanced_accuracy", "log_loss", "brier", "accuracy_top_2", "auc"]
    for y, p, _, metrics in slices(labels, scores, None, metrics=asked):
        expected = {
            "accuracy": oracle.accuracy_score(y, p.argmax(axis=1)),
            "balanced_accuracy": oracle.balanced_accuracy_score(y, p.argmax(axis=1)),
            "log_loss": oracle.log_loss(y, p),
            "brier": ((p - np.eye(CLASSES)[y]) ** 2).sum(axis=1).mean(),
            "accuracy_top_2": oracle.top_k_accuracy_score(y, p, k=2),
            "auc": oracle.roc_auc_score(y, p, multi_class="ovr"),
        }
        assert {name: metrics[name].value for name in asked} == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("name", ["precision", "recall", "f1", "auc", "pr_auc", "brier"])
def test_one_class_against_the_rest_agrees(name):
    labels, scores = several_classes(5)
    names = ["red", "green", "blue", "grey"]
    asked = [f"{name}_class_2", f"{name}_class_blue"]
    for y, p, _, metrics in slices(labels, scores, None, metrics=asked, class_names=names):
        function = {**DECIDED, **SCORED}[name]
        given = p[:, 2] > 0.5 if name in DECIDED else p[:, 2]
        expected = function(y == 2, given)
        assert [metric.value for metric in metrics.values()] == pytest.approx([expected] * 2)


def test_of_the_top_classes_precision_and_recall_are_those_pooled():
    labels, scores = several_classes(6)
    asked = ["precision_top_2", "recall_top_2"]
    for y, p, _, metrics in slices(labels, scores, None, metrics=asked):
        hits = oracle.top_k_accuracy_score(y, p, k=2)
        assert metrics["recall_top_2"].value == pytest.approx(hits)
        assert metrics["precision_top_2"].value == pytest.approx(hits / 2)


def test_a_class_that_a_slice_lacks_is_left_out_of_the_average():
    labels, scores = np.array([0, 1, 0, 1, 2, 2]), np.eye(3)[[0, 0, 1, 1, 2, 2]]
    table = tw.slice_metrics(
        labels, scores, {"site": list("aaaabb")}, ["site"], "recall_macro", interval=None
    )
    assert table[{"site": "a"}]["recall_macro"].value == 1 / 2
    assert table[{"site": "b"}]["recall_macro"].value == 1
