"""Input that cannot be meant: what came, what was expected, what to do."""

import numpy as np
import pandas as pd
import pytest

import tfinterp_widgets as tw

LABELS, SCORES = [1, 0, 1, 0], [0.9, 0.2, 0.4, 0.6]
HOUSING = {"housing": ["rent", "own", "rent", "own"], "age": [1.5, 2.5, 3.5, 4.5]}

TURNED = pd.Series([1, 1, 1, 1], index=[3, 2, 1, 0])
OF_DAYS = {"features": {"day": pd.date_range("2026-01-01", periods=4)}, "slices": ["day"]}


def sliced(**changes):
    arguments = {
        "labels": LABELS,
        "predictions": SCORES,
        "features": HOUSING,
        "slices": ["housing"],
        "interval": None,
    }
    return tw.slice_metrics(**(arguments | changes))


@pytest.mark.parametrize(
    ("changes", "error", "match"),
    [
        ({"labels": [1, 0]}, ValueError, "labels holds 2 labels, but predictions has 4 rows"),
        ({"labels": [0, 1, 2, 1]}, ValueError, "labels of two classes are 0 or 1, but one is 2"),
        ({"labels": [-1, 1, 1, -1], "metrics": "auc"}, ValueError, "one is -1"),
        ({"labels": ["good", "bad"] * 2}, TypeError, "expected class ids"),
        ({"labels": [[1], [0, 1], [1], [0]]}, ValueError, "labels cannot be read as an array"),
        ({"labels": None}, TypeError, "labels is None"),
        ({"labels": [1, 0, np.nan, 0]}, ValueError, "1 of 4 labels are missing"),
        ({"predictions": [0.1, np.nan, 0.2, 0.3]}, ValueError, "row 1 .* are NaN or infinite"),
        ({"predictions": ["a"] * 4}, TypeError, "predictions is a list"),
        ({"predictions": np.ones((4, 2, 2))}, ValueError, r"shape \(4, 2, 2\); expected one score"),
        ({"labels": [], "predictions": []}, ValueError, "at least one row"),
        (
            {"labels": [0, 1, 2, 3], "predictions": np.ones((4, 3)) / 3},
            ValueError,
            "3 columns, one a class, so labels are ids from 0 to 2; got 3",
        ),
        (
            {"predictions": [2.5, -1, 0.2, 0.3], "metrics": "log_loss"},
            ValueError,
            "'log_loss' needs probabilities, but predictions go from -1 to 2.5",
        ),
        ({"metrics": "acuracy"}, ValueError, "Did you mean 'accuracy'"),
        ({"metrics": "roc_auc"}, ValueError, "Did you mean 'auc'"),
        ({"metrics": []}, ValueError, "names none"),
        ({"metrics": ["auc", "auc"]}, ValueError, "name auc twice"),
        ({"metrics": "auc@0.7"}, ValueError, r"is the same for all thresholds; leave @0\.7 out"),
        ({"metrics": "count_macro"}, ValueError, "has no variants; ask for 'count'"),
        ({"metrics": "precision_class_7"}, ValueError, "names class '7'; expected an id"),
        ({"metrics": "recall_top_9"}, ValueError, "_top_1 to _top_2"),
        ({"metrics": 3}, TypeError, "metrics=3"),
        ({"metrics": [3]}, TypeError, "expected a name"),
        ({"threshold": np.nan}, ValueError, "threshold is NaN"),
        ({"slices": ["hosing"]}, ValueError, "Did you mean 'housing'"),
        ({"slices": [("age", "age")]}, ValueError, "names a feature twice"),
        ({"slices": {"housing": "rent"}}, TypeError, "expected 'auto' or a list"),
        ({"slices": [3]}, ValueError, "slices name feature '3', which is not there"),
        (
            {"slices": [{"housing": "rented"}]},
            ValueError,
            "'rented'} holds no row: values of 'housing' are 'own', 'rent'. Did you mean",
        ),
        (
            {"slices": [{"housing": "own", "age": 1.5}], "bins": {"age": None}},
            ValueError,
            "holds no row: its values occur, but not together",
        ),
        ({"features": {"housing": ["rent"]}}, ValueError, "'housing' has 1 rows, but there are 4"),
        ({"features": {"housing": [["a"]] * 4}}, TypeError, "'housing'"),
        ({"features": {"housing": np.ones((4, 2))}}, ValueError, r"has shape \(4, 2\)"),
        ({"features": np.ones(4)}, TypeError, "features is a ndarray; expected a pandas"),
        ({"features": None}, ValueError, "which is not there; none were given"),
        (
            {"features": pd.DataFrame([[1, 2]] * 4, columns=["a", "a"])},
            ValueError,
            "several columns named a",
        ),
        ({"bins": {"agee": 4}}, ValueError, "bins name feature 'agee'"),
        ({"bins": [4]}, TypeError, "bins="),
        ({"bins": {"housing": 4}}, TypeError, "only numbers are cut into bins"),
        ({"bins": {"age": 0}, "slices": ["age"]}, ValueError, "at least one bin"),
        ({"bins": {"age": [3, 2]}, "slices": ["age"]}, ValueError, "ascending edges"),
        ({"bins": {"age": "few"}, "slices": ["age"]}, TypeError, "ascending edges"),
        ({"weights": [1, 2]}, ValueError, r"weights have shape \(2,\), but there are 4 labels"),
        ({"weights": [1, 2, -1, 1]}, ValueError, "weights hold negative"),
        ({"weights": [1, 1, 1, 1], "interval": "wilson"}, ValueError, "for shares of rows"),
        ({"interval": "wald"}, ValueError, "interval='wald'; expected one of 'auto'"),
        ({"bins": {"age": [np.nan]}, "slices": ["age"]}, ValueError, "ascending edges"),
        (
            OF_DAYS | {"bins": {"day": ["soon"]}},
            TypeError,
            "'2026-01-31'",
        ),
        (
            OF_DAYS | {"bins": {"day": [25, 40]}},
            TypeError,
            "'2026-01-31'",
        ),
        ({"class_names": 5}, TypeError, "class_names=5 is a int; expected a list of names"),
        ({"class_names": {0: "bad", 1: "good"}}, TypeError, "expected a list of names"),
        ({"threshold": 10**400}, TypeError, "expected a number such as 0.5"),
        ({"slices": [{"age": "1"}], "features": {"age": [1, 2] * 2}}, ValueError, "are 1, 2"),
        ({"min_count": -1}, ValueError, "min_count"),
        ({"min_count": 2.5}, TypeError, "min_count"),
        ({"seed": -1}, ValueError, "seed"),
        ({"class_names": ["good"]}, ValueError, "holds 1 names, 1 of them different"),
        ({"gates": {"f1": 0.5}}, ValueError, "gates name metric 'f1'"),
    ],
)
def test_what_does_not_fit_is_refused(changes, error, match):
    with pytest.raises(error, match=match):
        sliced(**changes)


def test_a_metric_is_of_classes_or_of_numbers():
    with pytest.raises(ValueError, match="'auc_macro' is for classes"):
        sliced(labels=[1.5, 2, 3, 4], metrics="auc_macro")
    with pytest.raises(ValueError, match="'mse_macro' is of classes, but the labels are numbers"):
        sliced(labels=[1.5, 2, 3, 4], metrics="mse_macro")
    with pytest.raises(ValueError, match=r"'accuracy@0\.7' is the same for all thresholds"):
        sliced(labels=[0, 1, 2, 1], predictions=np.ones((4, 3)) / 3, metrics="accuracy@0.7")
    with pytest.raises(ValueError, match="compares one number a row; there are 3 classes"):
        sliced(labels=[0, 1, 2, 1], predictions=np.ones((4, 3)) / 3, metrics="mse")


def test_labels_in_another_order_than_predictions_are_refused():
    labels = pd.Series(LABELS, index=[3, 2, 1, 0])
    with pytest.raises(ValueError, match="another order"):
        sliced(labels=labels, predictions=pd.Series(SCORES))


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"weights": TURNED}, "labels has the index of weights"),
        ({"features": {"housing": TURNED}}, r"features\['housing'\]"),
        ({"labels": LABELS, "predictions": pd.Series(SCORES), "weights": TURNED}, "predictions"),
    ],
)
def test_whatever_is_in_another_order_is_refused(changes, names):
    with pytest.raises(ValueError, match=f"{names}.* in another order"):
        sliced(**({"labels": pd.Series(LABELS)} | changes))


def test_features_in_another_order_than_labels_are_refused():
    labels = pd.Series(LABELS, index=[3, 2, 1, 0])
    with pytest.raises(ValueError, match="another order"):
        sliced(labels=labels, features=pd.DataFrame(HOUSING))


def test_weights_are_refused_for_a_function_that_takes_none():
    def share(y, p):
        return float((y == (p > 0.5)).mean())

    with pytest.raises(TypeError, match="'share' takes no sample_weight"):
        sliced(weights=[1, 2, 3, 4], metrics=[share])


def test_a_metric_of_your_own_is_not_called_like_a_column():
    def count(y, p):
        return float(len(y) + len(p))

    with pytest.raises(ValueError, match="called 'count', as a column of the table is"):
        sliced(metrics=[count])


@pytest.mark.parametrize("told", ["yes", {"share": 1}])
def test_whether_greater_is_better_is_true_or_false(told):
    def share(y, p):
        return float((y == (p > 0.5)).mean())

    with pytest.raises(TypeError, match="expected True, False, or a dict"):
        sliced(metrics=[share], greater_is_better=told)


def test_curves_of_numbers_do_not_exist():
    table = sliced(labels=[1.5, 2, 3, 4], metrics="mse")
    with pytest.raises(ValueError, match="curves are of two classes, but the labels are numbers"):
        _ = table.curves


def test_rows_of_a_slice_that_does_not_exist_are_refused():
    with pytest.raises(KeyError, match="holds no row"):
        sliced().rows({"housing": "park"})
    apart = {"housing": "own", "age": "[1.5, 2.5)"}
    for ask in (sliced().rows, sliced().examples, sliced().difference):
        with pytest.raises(KeyError, match="holds no row: its values occur, but apart"):
            ask(apart)
    with pytest.raises(ValueError, match="feature 'hosing', which is not there"):
        sliced().rows({"hosing": "rent"})
