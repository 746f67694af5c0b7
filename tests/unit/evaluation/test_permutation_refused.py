"""Input of permutation importance that does not fit, by what is wrong with it."""

import keras
import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from tfinterp_widgets.evaluation.permutation import permutation_importance

N = 20
X = np.random.default_rng(0).normal(size=(N, 2))
Y = np.arange(N) % 2


def model(x):
    return x[:, 0]


def not_a_number(x):
    return np.where(np.asarray(x)[:, 0] > 0, np.nan, 1.0)


def broken(*_):
    raise ZeroDivisionError("no rows with income")


def unweighted(y, predictions):
    return float(np.mean(y == (predictions > 0)))


def nothing(*_):
    return float("nan")


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"y": Y[:-1]}, ValueError, "y holds 19 labels, but X has 20 rows"),
        ({"X": X[:0], "y": Y[:0]}, ValueError, "X has 0 rows"),
        ({"y": None}, TypeError, "y is None; expected one label for each row"),
        ({"X": X[:, 0]}, ValueError, r"X has shape \(20,\).*X\[:, None\]"),
        ({"X": pd.Series(X[:, 0])}, ValueError, r"X has shape \(20,\).*X.to_frame\(\)"),
        ({"metric": "acuracy"}, ValueError, "metric 'acuracy' is not known.*'accuracy'"),
        ({"metric": "auc", "y": np.zeros(N)}, ValueError, "metric 'auc' needs labels that differ"),
        ({"model": not_a_number}, ValueError, "predicts NaN or infinity"),
        ({"metric": broken, "greater_is_better": True}, RuntimeError, "'broken' failed.*income"),
        ({"metric": broken}, TypeError, "greater_is_better=True or"),
        ({"metric": nothing, "greater_is_better": "no"}, TypeError, "greater_is_better='no'"),
        ({"repeats": 0}, ValueError, "repeats=0; expected a whole number of at least 1"),
        ({"repeats": 2.5}, TypeError, "repeats=2.5"),
        ({"seed": -1}, ValueError, "seed=-1"),
        ({"seed": "0"}, TypeError, "seed='0'"),
        ({"max_rows": 0}, ValueError, "max_rows=0"),
        ({"groups": [["0"], []]}, ValueError, "a group names no column"),
        ({"sample_weight": np.ones(3)}, ValueError, r"sample_weight has shape \(3,\)"),
        ({"sample_weight": -np.ones(N)}, ValueError, "sample_weight holds negative"),
        ({"sample_weight": np.zeros(N)}, ValueError, "or only zeros"),
        ({"sample_weight": np.full(N, np.nan)}, ValueError, "missing or infinite"),
        ({"sample_weight": ["a"] * N}, TypeError, "sample_weight is a list"),
        ({"sample_weight": Y}, ValueError, "metric 'auc' is nan with nothing shuffled.*one class"),
        ({"metric": nothing, "greater_is_better": True}, ValueError, "metric 'nothing' is nan"),
        ({"permutations": np.arange(N)}, ValueError, r"expected whole numbers of shape \(repeats"),
        ({"permutations": np.zeros((2, N - 1), int)}, ValueError, r"of shape \(2, 19\)"),
        ({"permutations": np.zeros((0, N), int)}, ValueError, r"of shape \(0, 20\)"),
        ({"permutations": np.zeros((2, N))}, ValueError, "permutations are float64"),
        ({"permutations": np.zeros((2, N), int)}, ValueError, r"permutations\[0\] does not hold"),
        ({"permutations": [np.arange(N)], "repeats": 3}, ValueError, "there are 1 permutations"),
    ],
)
def test_what_does_not_fit_is_named(options, error, message):
    with pytest.raises(error, match=message):
        permutation_importance(**{"model": model, "X": X, "y": Y, **options})


def test_weights_for_a_metric_that_takes_none():
    options = {"metric": unweighted, "greater_is_better": True}
    with pytest.raises(TypeError, match=r"no sample_weight.*\(y, predictions, sample_weight=None"):
        permutation_importance(model, X, Y, sample_weight=np.ones(N), **options)
    permutation_importance(model, X, Y, repeats=1, **options)


def test_a_column_that_the_model_lacks():
    inputs = {name: keras.Input((1,), name=name) for name in ("age", "rooms")}
    outputs = keras.layers.Add()(list(inputs.values()))
    frame = pd.DataFrame({"age": Y, "rooms": Y, "telephone": Y})
    with pytest.raises(ValueError, match="lacks inputs for the columns 'telephone'"):
        permutation_importance(keras.Model(inputs, outputs), frame, Y)


def test_predictions_that_are_nan_only_after_shuffling_say_of_which_column():
    frame = pd.DataFrame({"income": Y, "rent": Y, "rooms": Y})

    def left_over(rows):
        return (rows["income"] - rows["rent"]).where(rows["income"] >= rows["rent"])

    with pytest.raises(ValueError, match="predicts NaN") as raised:
        permutation_importance(left_over, frame, Y, "mse", 1, seed=0)
    assert raised.value.__notes__ == ["Raised with 'income' shuffled."]


@pytest.mark.filterwarnings("error")
def test_one_row_has_nothing_to_shuffle():
    result = permutation_importance(model, X[:1], X[:1, 0], "mse", 3, seed=0)
    assert (result.importances == 0).all()


def test_labels_that_are_a_models_own_numbers_of_classes():
    # Rows of the classes 1 and 2 alone: as ids of outputs they would be the classes 2 and 3.
    quality = np.arange(N) % 3 + 1
    classifier = LogisticRegression().fit(X, quality)
    known = quality < 3
    with pytest.raises(ValueError, match=r"classes are 1, 2, 3, and y holds these.*searchsorted"):
        permutation_importance(classifier, X[known], quality[known])
    ids = np.searchsorted(classifier.classes_, quality)
    result = permutation_importance(classifier, X, ids, "accuracy", 1, seed=0)
    assert result.baseline_score == pytest.approx(classifier.score(X, quality))
    same = permutation_importance(classifier.predict_proba, X, ids, "accuracy", 1, seed=0)
    assert same.baseline_score == result.baseline_score


def test_one_of_several_outputs_is_chosen_as_the_error_says():
    inputs = {name: keras.Input((1,), name=name) for name in ("age", "rooms")}
    outputs = [keras.layers.Add()(list(inputs.values())), inputs["age"]]
    model, frame = keras.Model(inputs, outputs), pd.DataFrame({"age": Y, "rooms": Y})
    with pytest.raises(ValueError, match=r"2 outputs.*keras\.Model\(model.input, model.outputs"):
        permutation_importance(model, frame, Y)
    chosen = keras.Model(model.input, model.outputs[0])
    assert permutation_importance(chosen, frame, Y, repeats=1, seed=0).baseline_score == 1


def test_labels_in_another_order_than_the_rows_are_refused():
    frame, y = pd.DataFrame(X, columns=["a", "b"]), pd.Series(Y)
    with pytest.raises(ValueError, match=r"y has the index of X in another order.*y\.loc"):
        permutation_importance(model, frame, y.sample(frac=1, random_state=0))
    elsewhere = y.set_axis(range(100, 100 + N))  # an index of its own says nothing
    assert permutation_importance(model, frame, elsewhere, seed=0).rows == N
