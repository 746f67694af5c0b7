"""Metrics that users bring: of Keras 3 and 2, of scikit-learn, and functions."""

import keras
import numpy as np
import pytest
import sklearn.metrics as oracle
import tf_keras
from sklearn.linear_model import LogisticRegression

from tfinterp_widgets.evaluation.metrics.choosing import metric_for
from tfinterp_widgets.evaluation.metrics.metrics import METRICS

RNG = np.random.default_rng(0)
ROWS = 500
BINARY = RNG.integers(0, 2, ROWS), RNG.uniform(0.01, 0.99, (ROWS, 1)).round(2).astype(np.float32)
TWO_UNITS = BINARY[0], np.hstack([1 - BINARY[1], BINARY[1]])
THREE = RNG.integers(0, 3, ROWS), RNG.dirichlet(np.ones(3), ROWS).astype(np.float32)
LOGITS = BINARY[0], RNG.normal(0, 3, (ROWS, 1)).astype(np.float32)
NUMBERS = RNG.normal(size=ROWS), RNG.normal(size=(ROWS, 1)).astype(np.float32)
WEIGHTS = RNG.random(ROWS) * 4


def value(metric, case, weights=None, **keywords):
    return metric_for(metric, *case, **keywords).function(*case, weights)


KERAS = [
    (keras.losses.BinaryCrossentropy, {}, "log_loss", BINARY),
    (keras.losses.CategoricalCrossentropy, {}, "log_loss", THREE),
    (keras.losses.SparseCategoricalCrossentropy, {}, "log_loss", THREE),
    (keras.losses.CategoricalCrossentropy, {"reduction": "sum"}, "log_loss", THREE),
    (keras.losses.MeanSquaredError, {}, "mse", NUMBERS),
    (keras.losses.MeanAbsoluteError, {}, "mae", NUMBERS),
    (keras.metrics.BinaryAccuracy, {}, "accuracy", BINARY),
    (keras.metrics.CategoricalAccuracy, {}, "accuracy", THREE),
    (keras.metrics.SparseCategoricalAccuracy, {}, "accuracy", THREE),
    (keras.metrics.BinaryCrossentropy, {}, "log_loss", BINARY),
    (keras.metrics.CategoricalCrossentropy, {}, "log_loss", TWO_UNITS),
    (keras.metrics.MeanSquaredError, {}, "mse", NUMBERS),
    (keras.metrics.RootMeanSquaredError, {}, "rmse", NUMBERS),
    (keras.metrics.AUC, {"num_thresholds": 2000}, "auc", BINARY),
]


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["unweighted", "weighted"])
@pytest.mark.parametrize(("kind", "options", "name", "case"), KERAS)
def test_metrics_and_losses_of_keras_agree_with_ours(kind, options, name, case, weights):
    metric = metric_for(kind(**options), *case)
    assert metric.greater_is_better == METRICS[name].greater_is_better
    expected = METRICS[name].function(*case, weights)
    # Twice: a metric of Keras accumulates unless it is reset.
    for _ in range(2):
        assert metric.function(*case, weights) == pytest.approx(expected, rel=1e-3)


def test_a_loss_of_keras_from_logits_is_the_log_loss_of_the_sigmoid():
    y, logits = LOGITS
    expected = METRICS["log_loss"].function(y, 1 / (1 + np.exp(-logits.astype(np.float64))), None)
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    assert value(loss, LOGITS) == pytest.approx(expected, rel=1e-5)


def test_more_rows_than_a_metric_of_keras_is_given_at_once_are_all_counted():
    y, predictions = np.tile(BINARY[0], 100), np.tile(BINARY[1], (100, 1))
    metric = metric_for(keras.metrics.BinaryAccuracy(), y, predictions)
    assert metric.function(y, predictions, None) == pytest.approx(value("accuracy", BINARY))


def test_metrics_and_losses_of_keras_2_are_known():
    loss = metric_for(tf_keras.losses.BinaryCrossentropy(), *BINARY)
    assert not loss.greater_is_better
    assert loss.function(*BINARY, None) == pytest.approx(value("log_loss", BINARY), rel=1e-3)
    accuracy = tf_keras.metrics.BinaryAccuracy()
    with pytest.raises(TypeError, match=r"'binary_accuracy' does not say.*greater_is_better"):
        metric_for(accuracy, *BINARY)
    assert value(accuracy, BINARY, greater_is_better=True) == pytest.approx(
        value("accuracy", BINARY)
    )


SCORERS = [
    ("roc_auc", "auc", BINARY),
    ("roc_auc", "auc", TWO_UNITS),
    ("roc_auc", "auc", LOGITS),
    ("roc_auc_ovr", "auc", THREE),
    ("average_precision", "pr_auc", BINARY),
    ("accuracy", "accuracy", BINARY),
    ("accuracy", "accuracy", LOGITS),
    ("accuracy", "accuracy", THREE),
    ("f1", "f1", TWO_UNITS),
    ("neg_log_loss", "log_loss", BINARY),
    ("neg_log_loss", "log_loss", THREE),
    ("neg_mean_squared_error", "mse", NUMBERS),
    ("r2", "r2", NUMBERS),
]


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["unweighted", "weighted"])
@pytest.mark.parametrize(("scorer", "name", "case"), SCORERS)
def test_scorers_of_scikit_learn_agree_with_ours_and_are_greater_if_better(
    scorer, name, case, weights
):
    metric = metric_for(oracle.get_scorer(scorer), *case)
    ours = metric_for(name, *case)
    expected = ours.function(*case, weights) * (1 if ours.greater_is_better else -1)
    assert metric.greater_is_better
    assert metric.function(*case, weights) == pytest.approx(expected, rel=1e-5)


def test_a_scorer_is_called_by_its_function_and_its_sign():
    assert metric_for(oracle.get_scorer("roc_auc"), *BINARY).name == "roc_auc_score"
    assert metric_for(oracle.get_scorer("neg_log_loss"), *BINARY).name == "neg_log_loss"


def test_the_score_of_one_estimator_is_no_metric():
    model = LogisticRegression().fit(BINARY[1], BINARY[0])
    with pytest.raises(TypeError, match="score of one scikit-learn estimator"):
        metric_for(oracle.check_scoring(model), *BINARY)


def test_a_scorer_that_needs_probabilities_fails_by_name_where_there_are_none():
    with pytest.raises(RuntimeError, match=r"'neg_log_loss' failed on 500 rows.*predict_proba"):
        value(oracle.get_scorer("neg_log_loss"), LOGITS)


def test_a_function_is_handed_one_output_as_a_vector_and_several_as_a_table():
    shapes = []

    def watch(y, predictions):
        shapes.append((y.shape, predictions.shape))
        return 1

    for case in (BINARY, THREE):
        assert value(watch, case, greater_is_better=True) == 1
    assert shapes == [((ROWS,), (ROWS,)), ((ROWS,), (ROWS, 3))]


def test_a_function_takes_weights_as_scikit_learns_do():
    ours = METRICS["auc"].function(*BINARY, WEIGHTS)
    metric = metric_for(oracle.roc_auc_score, *BINARY, greater_is_better=True)
    assert metric.name == "roc_auc_score"
    assert metric.function(*BINARY, WEIGHTS) == pytest.approx(ours)


def test_a_function_is_a_score_or_a_loss_as_it_is_told():
    for greater in (True, False):
        assert metric_for(lambda _y, _p: 0.0, *BINARY, greater).greater_is_better == greater
    with pytest.raises(TypeError, match=r"'spread' does not say.*greater_is_better=True"):
        metric_for(spread, *BINARY)
    with pytest.raises(ValueError, match=r"'mean_squared_error'.*which is a loss"):
        metric_for(keras.losses.MeanSquaredError(), *NUMBERS, greater_is_better=True)


def spread(_y, predictions):
    return predictions.max() - predictions.min()


@pytest.mark.parametrize(
    ("function", "weights", "message"),
    [
        (lambda _y, _p: 1 / 0, None, r"'<lambda>' failed on 500 rows.*\(500, 1\): ZeroDivision"),
        (lambda _y, p: p, None, r"an array of shape \(500,\); expected one number"),
        (lambda _y, _p: "good", None, "returned 'good'; expected one number"),
        (lambda _y, _p, sample_weight: sample_weight.sun, WEIGHTS, "no attribute 'sun'"),
    ],
)
def test_a_metric_that_raises_is_named_with_its_message(function, weights, message):
    with pytest.raises(RuntimeError, match=message):
        value(function, BINARY, weights, greater_is_better=True)


@pytest.mark.parametrize(
    ("metric", "message"),
    [
        (7, "metric=7 is a int; expected a name"),
        (None, "is a NoneType"),
        (keras.metrics.AUC, r"made: AUC\(\)"),
    ],
)
def test_what_is_no_metric_is_refused(metric, message):
    with pytest.raises(TypeError, match=message):
        metric_for(metric, *BINARY)
