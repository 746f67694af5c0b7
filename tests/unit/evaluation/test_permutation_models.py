"""Importance of models of every kind, and of their raw columns."""

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from tfinterp_widgets.evaluation.models.predictor import predictor_for
from tfinterp_widgets.evaluation.permutation import permutation_importance

N = 300
rng = np.random.default_rng(0)
FRAME = pd.DataFrame(
    {
        "purpose": pd.Categorical(rng.choice(["car", "radio", "farm"], N)),
        "age": rng.integers(18, 80, N),
        "telephone": rng.choice(["yes", "none"], N),
    }
)
NEEDED = (FRAME["purpose"] == "car") & (FRAME["age"] > 40)


def one_hot(rows):
    return np.stack([rows["purpose"] == "car", rows["age"] > 40, rows["telephone"] == "yes"], 1)


def test_a_keras_model_of_named_columns_with_strings():
    inputs = {
        "age": keras.Input((1,), name="age"),
        "purpose": keras.Input((1,), dtype="string", name="purpose"),
        "telephone": keras.Input((1,), dtype="string", name="telephone"),
    }
    purpose = keras.layers.StringLookup(vocabulary=["car"], output_mode="one_hot")
    telephone = keras.layers.StringLookup(vocabulary=["yes"], output_mode="one_hot")
    age = keras.layers.Rescaling(1 / 40, offset=-1)(inputs["age"])
    parts = [age, purpose(inputs["purpose"]), telephone(inputs["telephone"])]
    unit = keras.layers.Dense(1, activation="sigmoid")
    model = keras.Model(inputs, unit(keras.layers.Concatenate()(parts)))
    unit.set_weights([np.array([[2.0], [-2.0], [2.0], [0.0], [0.0]]), np.array([-2.0])])
    result = permutation_importance(model, FRAME, NEEDED, repeats=3, seed=0)
    assert result.feature_names == ("purpose", "age", "telephone")
    assert result.mean[0] > 0.1
    assert result.mean[1] > 0.05
    assert result.mean[2] == pytest.approx(0, abs=1e-6)


def test_raw_columns_are_shuffled_before_preprocess():
    def model(x):
        return x[:, 0] * x[:, 1]

    def preprocess(rows):
        assert set(rows["telephone"]) <= {"yes", "none"}
        return one_hot(rows).astype(np.float32)

    result = permutation_importance(
        model, FRAME, NEEDED, "accuracy", 3, seed=0, preprocess=preprocess
    )
    assert result.baseline_score == 1
    assert (result.mean[:2] > 0.1).all()
    assert (result.importances[2] == 0).all()


@pytest.mark.parametrize("method", ["predict", "predict_proba"])
def test_an_object_with_a_method(method):
    def predict(rows):
        positive = one_hot(rows)[:, :2].all(axis=1).astype(float)
        return positive if method == "predict" else np.stack([1 - positive, positive], axis=1)

    model = type("Model", (), {method: staticmethod(predict)})()
    result = permutation_importance(model, FRAME, NEEDED, repeats=3, seed=0)
    assert result.metric == "auc"
    assert result.baseline_score == 1
    assert (result.mean[:2] > 0.1).all()
    assert (result.importances[2] == 0).all()


def test_several_classes_and_one_hot_labels():
    classes = FRAME["purpose"].cat.codes.to_numpy()

    def model(rows):
        return np.eye(3)[rows["purpose"].cat.codes]

    result = permutation_importance(model, FRAME, np.eye(3)[classes], repeats=3, seed=0)
    assert result.metric == "accuracy"
    assert result.baseline_score == 1
    assert result.mean[0] == pytest.approx(2 / 3, abs=0.1)
    assert (result.importances[1:] == 0).all()


def test_a_dict_of_columns():
    columns = {"a": np.arange(N)[:, np.newaxis], "b": np.zeros(N)}
    result = permutation_importance(lambda x: x[:, 0], columns, np.arange(N), repeats=1, seed=0)
    assert result.columns == {"a": ("a",), "b": ("b",)}
    assert result.mean[0] > 1


def test_probabilities_that_differ_only_in_float64_do_not_tie():
    scores = np.arange(float(N))[:, np.newaxis]

    def nearly_certain(rows):
        return 1 - np.exp(-20 - np.asarray(rows)[:, 0] / N)

    result = permutation_importance(nearly_certain, scores, scores[:, 0] > 99, repeats=1, seed=0)
    assert result.baseline_score == 1


@pytest.mark.parametrize("kind", [np.array, pd.DataFrame])
@pytest.mark.parametrize("where", ["preprocess", "model"])
def test_what_changes_rows_in_place_does_not_change_the_table(kind, where):
    X = kind(np.arange(float(N))[:, np.newaxis])
    before = X.copy()

    def centred(rows):
        rows -= 150
        return np.asarray(rows)

    def model(rows):
        return centred(rows)[:, 0] if where == "model" else np.asarray(rows)[:, 0]

    preprocess = centred if where == "preprocess" else None
    permutation_importance(model, X, np.arange(N), repeats=1, seed=0, preprocess=preprocess)
    np.testing.assert_array_equal(X, before)


@pytest.mark.parametrize("kind", [np.array, pd.DataFrame, lambda times: times.astype(np.int64)])
def test_a_function_is_traced_with_numbers_as_precise_as_those_of_the_table(kind):
    times = 1.7e9 + np.arange(100)[:, np.newaxis]
    late = times[:, 0] >= times[50, 0]
    for preprocess in (None, np.asarray):
        result = permutation_importance(
            lambda x: x[:, 0] - 1.7e9, kind(times), late, repeats=1, preprocess=preprocess
        )
        assert result.baseline_score == 1


def test_a_function_of_float32_weights_is_still_compiled():
    weights, seen = tf.Variable([[2.0], [0.0]]), []

    def function(x):
        seen.append((x.dtype, tf.is_symbolic_tensor(x)))
        return x @ weights

    X = rng.normal(size=(N, 2))
    for preprocess in (None, np.asarray):
        predictor_for(function, X, preprocess)(X)
        assert seen == [(tf.float64, True), (tf.float32, True)]
        seen.clear()
