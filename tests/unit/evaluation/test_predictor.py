"""Models of every kind, asked about rows of a table."""

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
import tf_keras
from sklearn.linear_model import LinearRegression, LogisticRegression, RidgeClassifier

from tfinterp_widgets.engine import AttributionEngine
from tfinterp_widgets.evaluation.models import predictor as predictor_module
from tfinterp_widgets.evaluation.models.predictor import chunked, predictor_for
from tfinterp_widgets.evaluation.tables.tables import Shuffle

N = 60
rng = np.random.default_rng(0)
X = rng.normal(size=(N, 3))
MIXED = pd.DataFrame(
    {
        "purpose": pd.Categorical(rng.choice(["car", "radio", "farm"], N)),
        "age": rng.integers(18, 80, N),
        "rooms": rng.integers(0, 4, N),
    }
)


def dense(activation=None, library=keras):
    return library.Sequential(
        [library.layers.Dense(4, activation="relu"), library.layers.Dense(1, activation=activation)]
    )


class Dictionary(keras.Model):
    """A subclassed model of a dict, whose inputs cannot be seen."""

    def call(self, inputs):
        return inputs["age"] + inputs["rooms"]


def named_inputs():
    inputs = {
        "age": keras.Input((1,), name="age"),
        "purpose": keras.Input((1,), dtype="string", name="purpose"),
        "rooms": keras.Input((), dtype="int64", name="rooms"),
    }
    look_up = keras.layers.StringLookup(vocabulary=["car", "radio"], output_mode="one_hot")
    rooms = keras.layers.Reshape((1,))(inputs["rooms"])
    rooms = keras.layers.Embedding(4, 2)(rooms)
    parts = [inputs["age"], look_up(inputs["purpose"]), keras.layers.Flatten()(rooms)]
    return inputs, keras.layers.Dense(2)(keras.layers.Concatenate()(parts))


def called_by_name(model, frame):
    return model(
        {
            "age": tf.constant(frame["age"].to_numpy(np.float32)[:, None]),
            "purpose": tf.constant(frame["purpose"].astype(object).fillna("").to_numpy()[:, None]),
            "rooms": tf.constant(frame["rooms"].to_numpy(np.int64)),
        }
    ).numpy()


@pytest.mark.parametrize("library", [keras, tf_keras])
@pytest.mark.parametrize(("activation", "unit"), [("sigmoid", "probability"), (None, "value")])
def test_a_keras_model_of_one_matrix(library, activation, unit):
    model = dense(activation, library)
    predictor = predictor_for(model, X)
    assert predictor(X) == pytest.approx(model(X).numpy(), abs=1e-6)
    assert predictor.unit == unit
    assert predictor.names == ("0", "1", "2")


def test_numbers_of_every_type_make_a_matrix():
    frame = pd.DataFrame(
        {"a": pd.array([1, None, 3], dtype="Int64"), "b": [True, False, True], "c": [0.5, 1, 2]}
    )
    said = predictor_for(lambda x: x, frame)(frame)
    assert np.isnan(said[1, 0])
    assert said[[0, 2]].tolist() == [[1, 1, 0.5], [3, 1, 2]]


def test_a_keras_model_of_integers():
    model = keras.Sequential([keras.Input((2,), dtype="int32"), keras.layers.Embedding(5, 3)])
    model.add(keras.layers.Flatten())
    ids = rng.integers(0, 5, (N, 2))
    assert predictor_for(model, ids)(ids) == pytest.approx(model(ids).numpy())
    with pytest.raises(ValueError, match="missing values, but the model takes int32"):
        predictor_for(model, np.full((N, 2), np.nan))


@pytest.mark.parametrize("number", [0.5, np.inf, 2**40])
@pytest.mark.parametrize("named", [False, True])
def test_a_number_that_a_model_of_integers_would_change_is_refused(number, named):
    rooms = keras.Input((1,), dtype="int32", name="rooms")
    model = keras.Model({"rooms": rooms} if named else rooms, keras.layers.Identity()(rooms))
    fine, cut = (pd.DataFrame({"rooms": [3.0, last]}) for last in (1, number))
    predictor = predictor_for(model, fine)
    assert predictor(fine)[:, 0].tolist() == [3, 1]
    with pytest.raises(ValueError, match=r"holds \S+, but the model takes int32.*whole numbers"):
        predictor(cut)


def test_a_dict_of_named_columns_with_strings_categories_and_integers():
    inputs, outputs = named_inputs()
    model = keras.Model(inputs, outputs)
    frame = MIXED[["rooms", "purpose", "age"]]
    predictor = predictor_for(model, frame)
    assert predictor(frame) == pytest.approx(called_by_name(model, frame), rel=1e-5)
    assert predictor.names == ("rooms", "purpose", "age")


def test_a_list_of_named_columns():
    inputs, outputs = named_inputs()
    listed = keras.Model(list(inputs.values()), outputs)
    by_name = keras.Model(inputs, outputs)
    assert predictor_for(listed, MIXED)(MIXED) == pytest.approx(
        called_by_name(by_name, MIXED), rel=1e-5
    )


def test_a_missing_string_is_the_empty_one():
    inputs, outputs = named_inputs()
    model = keras.Model(inputs, outputs)
    frame = MIXED.copy()
    frame.loc[3, "purpose"] = None
    assert predictor_for(model, frame)(frame) == pytest.approx(
        called_by_name(model, frame), rel=1e-5
    )


@pytest.mark.parametrize(
    "ages",
    [
        pd.Series([1, 2, None]),
        pd.Series([1, 2, None], dtype="Int64"),
        pd.Series([1, 2, None], dtype="category"),
        pd.Series([1, 2, None], dtype="Float32"),
        pd.Series([True, True, None], dtype="boolean"),
    ],
)
def test_a_missing_number_of_every_type_is_nan(ages):
    age = keras.Input((1,), name="age")
    model = keras.Model({"age": age}, keras.layers.Identity()(age))
    said = predictor_for(model, pd.DataFrame({"age": ages}))(pd.DataFrame({"age": ages}))
    assert np.isnan(said[2, 0])
    assert said[:2, 0].tolist() == ages[:2].astype(int).tolist()


def test_preprocess_maps_raw_rows_to_what_the_model_takes():
    def one_hot(rows):
        home = np.stack([rows["purpose"] == name for name in ("car", "radio", "farm")], axis=1)
        return np.concatenate([home, rows[["age", "rooms"]]], axis=1).astype(np.float64)

    model = dense()
    predictor = predictor_for(model, MIXED, preprocess=one_hot)
    assert predictor(MIXED) == pytest.approx(model(one_hot(MIXED)).numpy(), rel=1e-5)
    assert predictor.names == tuple(MIXED.columns)


def test_preprocess_may_return_a_dict():
    def columns(rows):
        return {name: rows[[name]].to_numpy(np.float32) for name in ("age", "rooms")}

    said = predictor_for(Dictionary(), MIXED, preprocess=columns)(MIXED)
    assert said[:, 0].tolist() == (MIXED["age"] + MIXED["rooms"]).tolist()


def test_a_function_of_tensorflow_is_compiled_once_for_any_number_of_rows():
    traced = []

    def function(x):
        traced.append(tf.is_symbolic_tensor(x))
        return tf.sigmoid(x[:, 0])

    predictor = predictor_for(function, X)
    for rows in (1, 7, N):
        assert predictor(X[:rows])[:, 0] == pytest.approx(1 / (1 + np.exp(-X[:rows, 0])))
    assert traced == [True]
    assert predictor.unit == "probability"


def test_a_function_of_numpy_gets_rows_as_they_came():
    said = predictor_for(lambda rows: np.asarray(rows, np.float64)[:, 0], X)(X)
    assert said[:, 0] == pytest.approx(X[:, 0])


def test_a_function_of_a_frame_gets_frames():
    said = predictor_for(lambda rows: (rows["purpose"] == "car") * rows["age"], MIXED)(MIXED)
    assert said[:, 0].tolist() == ((MIXED["purpose"] == "car") * MIXED["age"]).tolist()


def test_predict_proba_goes_before_predict():
    y = X[:, 0] > 0
    classifier = LogisticRegression().fit(X, y)
    predictor = predictor_for(classifier, X)
    assert predictor(X) == pytest.approx(classifier.predict_proba(X))
    assert predictor.unit == "probability"
    regressor = LinearRegression().fit(X, 10 * X[:, 0])
    predictor = predictor_for(regressor, X)
    assert predictor(X)[:, 0] == pytest.approx(10 * X[:, 0], rel=1e-5)
    assert predictor.unit == "value"


def test_shuffles_share_chunks_and_come_back_one_by_one(monkeypatch):
    whole = predictor_for(lambda x: x, X)
    monkeypatch.setattr(predictor_module, "CHUNK_ROWS", 17)
    cut = predictor_for(lambda x: x, X)
    every, permutation = np.arange(N), rng.permutation(N)
    shuffles = [Shuffle(every, permutation, (j,)) for j in range(3)]
    for one, other, j in zip(
        whole.shuffled(shuffles), cut.shuffled(shuffles), range(3), strict=True
    ):
        expected = X.copy()
        expected[:, j] = expected[permutation, j]
        assert (one == expected).all()
        assert (other == expected).all()
    assert (cut(X) == whole(X)).all()


@pytest.mark.parametrize("size", [1, 3, 4, 5, 100])
def test_chunks_are_full_and_hold_every_row_once(size):
    every = np.arange(4)
    shuffles = [Shuffle(every, every[::-1], (j,)) for j in range(3)]
    chunks = list(chunked(shuffles, size))
    assert all(sum(len(part) for part, _ in chunk) == size for chunk in chunks[:-1])
    parts = [(*part.columns, row) for chunk in chunks for part, _ in chunk for row in part.rows]
    assert parts == [(j, row) for j in range(3) for row in range(4)]
    assert sum(is_last for chunk in chunks for _, is_last in chunk) == 3


class TestRefused:
    def test_more_columns_than_the_model_takes(self):
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        with pytest.raises(ValueError, match=r"X has 3 columns; the model 'sequential.*takes 2"):
            predictor_for(model, X)

    def test_a_column_that_the_model_lacks(self):
        model = keras.Model(*named_inputs())
        with pytest.raises(ValueError, match=r"lacks inputs for the columns 'telephone' of X"):
            predictor_for(model, MIXED.assign(telephone=1))

    def test_an_input_without_a_column(self):
        model = keras.Model(*named_inputs())
        with pytest.raises(ValueError, match=r"X lacks the columns 'age'.* mean X's 'Age'"):
            predictor_for(model, MIXED.rename(columns={"age": "Age"}))

    def test_named_inputs_and_columns_without_names(self):
        with pytest.raises(TypeError, match="give X as a DataFrame"):
            predictor_for(keras.Model(*named_inputs()), X)

    def test_strings_for_a_matrix(self):
        with pytest.raises(TypeError, match=r"column 'purpose' holds something else.*preprocess="):
            predictor_for(dense(), MIXED)

    @pytest.mark.parametrize(
        ("change", "error", "message"),
        [
            ({"purpose": 1}, TypeError, "column 'purpose' holds 1.*takes strings"),
            ({"age": "old"}, TypeError, "column 'age' is of type .*takes float32"),
            ({"rooms": np.nan}, ValueError, "'rooms' has missing values.*int64"),
        ],
    )
    def test_a_column_of_another_type_than_its_input(self, change, error, message):
        with pytest.raises(error, match=message):
            predictor_for(keras.Model(*named_inputs()), MIXED.assign(**change))

    def test_an_input_of_several_columns_among_named_ones(self):
        a, b = keras.Input((2,), name="a"), keras.Input((1,), name="b")
        model = keras.Model({"a": a, "b": b}, keras.layers.Concatenate()([a, b]))
        with pytest.raises(ValueError, match=r"'a' .* has shape \(None, 2\); expected one column"):
            predictor_for(model, pd.DataFrame({"a": [1], "b": [2]}))

    @pytest.mark.parametrize("columns", [["age", "rooms"], ["rooms", "age", "purpose"]])
    def test_a_model_of_a_dict_that_does_not_tell_so(self, columns):
        with pytest.raises(TypeError, match=r"preprocess=lambda frame: \{'\w+': frame\[\['\w+'"):
            predictor_for(Dictionary(), MIXED[columns])

    def test_several_outputs(self):
        x = keras.Input((3,))
        with pytest.raises(ValueError, match="has 2 outputs"):
            predictor_for(keras.Model(x, [x, x]), X)

    @pytest.mark.parametrize("function", [lambda x: x[:1], lambda x: tf.reduce_sum(x)])
    def test_other_than_one_row_of_outputs_each(self, function):
        with pytest.raises(ValueError, match="expected one row of outputs each"):
            predictor_for(function, X)(X)

    def test_a_classifier_that_predicts_names(self):
        with pytest.raises(TypeError, match="needs predict_proba"):
            predictor_for(lambda rows: np.full(len(rows), "good"), MIXED)(MIXED)

    def test_rows_of_another_table(self):
        with pytest.raises(ValueError, match="the rows have the columns"):
            predictor_for(dense(), X)(X[:, :2])

    @pytest.mark.parametrize(
        ("model", "message"),
        [
            (AttributionEngine(dense()), "expected the model that it explains"),
            (keras.Model, "expected an instance"),
            ("model.keras", "load_model"),
            (3, "model is a int"),
        ],
    )
    def test_what_is_no_model(self, model, message):
        with pytest.raises(TypeError, match=message):
            predictor_for(model, X)

    def test_a_preprocess_that_is_no_function(self):
        with pytest.raises(TypeError, match="preprocess='log'"):
            predictor_for(dense(), X, preprocess="log")


def test_float64_of_a_model_is_not_rounded():
    def price(rows):
        return 1e9 + np.asarray(rows)[:, 0]

    np.testing.assert_array_equal(predictor_for(price, X)(X)[:, 0], 1e9 + X[:, 0])


@pytest.mark.parametrize("dtype", [tf.bfloat16, tf.float16, tf.int8, tf.int64, tf.float64])
def test_outputs_of_any_real_type(dtype):
    predictions = predictor_for(lambda x: tf.cast(tf.round(x[:, 0]), dtype), X)(X)
    np.testing.assert_array_equal(predictions[:, 0], np.round(X[:, 0].astype(np.float32)))


@pytest.mark.parametrize("classes", [2, 3])
def test_a_decision_goes_before_the_class_decided_for(classes):
    y = np.arange(N) % classes
    classifier = RidgeClassifier().fit(X, y)
    predictor = predictor_for(classifier, X)
    expected = classifier.decision_function(X).reshape(N, -1)
    assert predictor(X) == pytest.approx(expected)
    assert predictor.unit == "value"


def test_numbers_in_an_array_of_objects_make_a_matrix():
    model = dense()
    assert predictor_for(model, X.astype(object))(X) == pytest.approx(model(X).numpy(), abs=1e-6)


def test_a_missing_truth_value_is_refused():
    inputs = {"owner": keras.Input((), dtype="bool", name="owner")}
    model = keras.Model(inputs, keras.ops.cast(inputs["owner"], "float32"))
    frame = pd.DataFrame({"owner": pd.array([True, None], dtype="boolean")})
    with pytest.raises(ValueError, match="'owner' has missing values, but the model takes bool"):
        predictor_for(model, frame)(frame)


def test_a_function_that_returns_text_is_refused():
    predictor = predictor_for(lambda x: tf.strings.as_string(x[:, 0]), X)
    with pytest.raises(TypeError, match="returned object; expected real numbers"):
        predictor(X)
