"""Partial dependence against closed forms."""

import keras
import numpy as np
import pandas as pd
import pytest
import sklearn.inspection
import tensorflow as tf
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression

import tfinterp_widgets as tw

RNG = np.random.default_rng(0)
X = RNG.normal(size=(300, 3)).astype(np.float32)
GRID = [-1.0, 0.0, 0.5, 2.0]


def linear(rows):
    return 2 * rows[:, 0] - 3 * rows[:, 1] + 0.5


def product(rows):
    return rows[:, 0] * rows[:, 1]


def logistic(weights, bias):
    """A Keras model: the sigmoid of a sum."""
    model = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(1, "sigmoid")])
    model.set_weights([np.array(weights, np.float32)[:, np.newaxis], np.array([bias], np.float32)])
    return model


def test_a_linear_model_gives_a_line():
    curve = tw.partial_dependence(linear, X, 0, GRID)
    assert curve.grid[0].tolist() == GRID
    assert curve.average == pytest.approx(2 * np.array(GRID) - 3 * X[:, 1].mean() + 0.5, abs=1e-6)
    assert (curve.scale, curve.target, curve.label) == ("value", 0, "prediction")
    assert (curve.features, curve.kinds, curve.individual) == (("0",), ("number",), None)
    assert curve.averaged == 300
    assert curve.final


def test_of_a_product_each_row_has_its_own_slope_and_the_average_their_mean():
    curve = tw.partial_dependence(product, X, 0, GRID, ice=20, seed=1)
    assert curve.individual.shape == (20, 4)
    assert curve.average == pytest.approx(np.array(GRID) * X[:, 1].mean(), abs=1e-6)
    assert curve.individual == pytest.approx(np.outer(X[curve.rows, 1], GRID), abs=1e-6)
    assert len(set(curve.rows)) == 20


def test_centred_curves_start_at_0_and_say_what_was_taken():
    free = tw.partial_dependence(linear, X, 0, GRID, ice=5, seed=2)
    curve = tw.partial_dependence(linear, X, 0, GRID, ice=5, seed=2, centered=True)
    assert curve.average + curve.offset == pytest.approx(free.average)
    assert curve.individual == pytest.approx(np.tile(2 * np.subtract(GRID, -1), (5, 1)), abs=1e-5)
    assert (curve.average[0], curve.individual[:, 0].tolist()) == (0, [0] * 5)
    assert curve.label == "change of prediction"
    assert free.offset == 0


def test_two_columns_give_a_surface():
    surface = tw.partial_dependence(product, X, [0, 2], (GRID, [0.0, 1.0]))
    assert surface.average == pytest.approx(np.outer(GRID, [1, 1]) * X[:, 1].mean(), abs=1e-6)
    surface = tw.partial_dependence(product, X, (1, 0), ([1, 3], GRID))
    assert surface.features == ("1", "0")
    assert surface.average == pytest.approx(np.outer([1, 3], GRID), abs=1e-6)
    assert surface.counts.shape == surface.empty.shape == (2, 4)


def test_a_sigmoid_is_averaged_as_probability_or_as_logit():
    model = logistic([1.5, -1, 0.5], bias=0.25)
    rest = X[:, 1] * -1 + X[:, 2] * 0.5 + 0.25
    sums = np.add.outer(1.5 * np.array(GRID), rest)

    curve = tw.partial_dependence(model, X, 0, GRID)
    assert curve.scale == "probability"
    assert curve.average == pytest.approx(expit(sums).mean(axis=1), abs=1e-6)

    curve = tw.partial_dependence(model, X, 0, GRID, scale="logit")
    assert (curve.scale, curve.label) == ("logit", "logit")
    assert curve.average == pytest.approx(sums.mean(axis=1), abs=1e-5)
    assert abs(logit(expit(sums).mean(axis=1)) - curve.average).max() > 0.05


def test_outputs_that_are_no_probabilities_are_logits_where_that_is_asked_for():
    def ask(scale):
        return tw.partial_dependence(linear, X, 0, GRID, scale=scale).average

    sums = np.add.outer(2 * np.array(GRID), -3 * X[:, 1] + 0.5)
    assert ask("logit") == pytest.approx(ask("value"))
    assert ask("probability") == pytest.approx(expit(sums).mean(axis=1), abs=1e-6)


def test_a_target_is_one_of_several_outputs():
    weights = np.array([[1, -1, 0.5], [0, 0, 0], [0, 0, 0]], np.float32)

    def softmax(rows):
        return tf.nn.softmax(rows @ weights)

    share = np.exp(np.outer(GRID, weights[0]))
    share /= share.sum(axis=1, keepdims=True)
    for target in range(3):
        curve = tw.partial_dependence(softmax, X, 0, GRID, target=target)
        assert curve.average == pytest.approx(share[:, target], abs=1e-6)
        assert curve.label == f"probability of output {target}"
        odds = tw.partial_dependence(softmax, X, 0, GRID, target=target, scale="logit")
        assert odds.average == pytest.approx(logit(share[:, target]), abs=1e-5)
        raw = tw.partial_dependence(
            lambda rows: rows @ weights, X, 0, GRID, target=target, scale="logit"
        )
        assert raw.average == pytest.approx(odds.average, abs=1e-5)


def test_the_second_of_two_outputs_is_the_one_meant():
    def pair(rows):
        chance = tf.sigmoid(rows[:, :1])
        return tf.concat([1 - chance, chance], axis=1)

    curve = tw.partial_dependence(pair, X, 0, GRID)
    assert curve.target == 1
    assert curve.average == pytest.approx(expit(GRID), abs=1e-6)


def test_a_saturated_sigmoid_has_a_finite_logit():
    curve = tw.partial_dependence(logistic([1000, 0, 0], 0), X, 0, [-1, 1], scale="logit")
    assert curve.average == pytest.approx([-87.3, 17.3], abs=0.1)


def test_it_agrees_with_scikit_learn():
    model = LogisticRegression().fit(X, product(X) > 0)
    ours = tw.partial_dependence(model, X, [0, 1], 8)
    theirs = sklearn.inspection.partial_dependence(
        model, X, [0, 1], kind="average", response_method="predict_proba",
        custom_values=dict(enumerate(ours.grid)),
    )  # fmt: skip
    assert ours.average == pytest.approx(theirs["average"][0], abs=1e-6)


FRAME = pd.DataFrame(
    {
        "age": [20, 30, 40, 50],
        "home": ["own", "rent", "rent", None],
        "size": pd.Categorical(["S", "L", "L", "S"], ["S", "M", "L"], ordered=True),
        "new": [True, False, True, True],
    }
)
WORTH = {"own": 1.0, "rent": -1.0, "S": 0.0, "M": 5.0, "L": 10.0}


def worth(rows):
    """A model of a DataFrame that is strict about what it gets."""
    assert rows.dtypes.equals(FRAME.dtypes)
    home = rows["home"].map(WORTH).fillna(0)
    return (rows["age"] / 10 + home * rows["new"] + rows["size"].astype(str).map(WORTH)).to_numpy()


@pytest.mark.parametrize(
    ("feature", "grid", "average"),
    [
        ("home", ["rent", "own"], [8.5 - 0.75, 8.5 + 0.75]),
        ("size", ["S", "L"], [3.5, 13.5]),
        ("new", [True, False], [8.5 - 0.25, 8.5]),
        ("age", [20, 30, 40, 50], [7, 8, 9, 10]),
    ],
)
def test_categories_and_numbers_of_a_mixed_table_keep_their_types(feature, grid, average):
    curve = tw.partial_dependence(worth, FRAME, feature)
    assert curve.grid[0].tolist() == grid
    assert curve.kinds == ("number" if feature == "age" else "category",)
    assert curve.average == pytest.approx(average)


def test_a_level_that_no_row_has_can_be_asked_about_and_is_marked():
    curve = tw.partial_dependence(worth, FRAME, "size", ["S", "M", "L"])
    assert curve.average[1] - curve.average[0] == pytest.approx(5)
    assert curve.counts.tolist() == [2, 0, 2]
    assert curve.empty.tolist() == [False, True, False]


def test_a_keras_model_of_named_columns_and_strings():
    age = keras.Input((1,), name="age")
    home = keras.Input((1,), name="home", dtype="string")
    lookup = keras.layers.StringLookup(vocabulary=["own", "rent"], output_mode="one_hot")
    worth_of_home = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
    outputs = keras.layers.Add()([age, worth_of_home(lookup(home))])
    model = keras.Model({"age": age, "home": home}, outputs)
    worth_of_home.set_weights([np.array([[0.0], [3.0], [-2.0]], np.float32)])
    table = FRAME[["age", "home"]].astype({"age": float})
    curve = tw.partial_dependence(model, table, "home")
    assert dict(zip(curve.grid[0], curve.average, strict=True)) == {"rent": 33, "own": 38}
    assert tw.partial_dependence(model, table, "age", [0.5, 60]).average == pytest.approx(
        [0.5 - 0.25, 60 - 0.25]
    )


def test_missing_values_of_other_columns_reach_the_model_and_preprocess_sees_raw_rows():
    table = FRAME.assign(income=[1.0, np.nan, 3.0, np.nan])
    seen = []

    def preprocess(rows):
        seen.append(rows)
        return rows[["age", "income"]].fillna({"income": 2}).to_numpy(np.float32)

    curve = tw.partial_dependence(
        lambda rows: rows[:, 0] + rows[:, 1], table, "age", [10, 20], preprocess=preprocess
    )
    assert curve.average == pytest.approx([12, 22])
    assert all(list(rows) == list(table) and rows["age"].dtype == int for rows in seen)


def test_whole_numbers_of_an_array_leave_room_for_what_lies_between():
    rows = np.array([[1, 10], [2, 20]])
    curve = tw.partial_dependence(lambda rows: rows[:, 0] + rows[:, 1], rows, 0, [0.5, 1.5])
    assert curve.average == pytest.approx([15.5, 16.5])
    assert rows.tolist() == [[1, 10], [2, 20]]


@pytest.mark.parametrize("name", ["average", "count", "empty"])
def test_a_column_may_be_called_as_those_of_the_frame_are(name):
    X = pd.DataFrame({name: np.arange(4.0), "other": 0.0})
    frame = tw.partial_dependence(lambda rows: rows[name].to_numpy(), X, name).to_frame()
    assert frame.index.name == name
    assert frame["average"].tolist() == [0, 1, 2, 3]
