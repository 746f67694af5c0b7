"""How rows become tf.Examples, and a model's signature makes its inputs of them."""

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from tfinterp_widgets.evaluation.tfma_bridge import csv_rows
from tfinterp_widgets.evaluation.tfma_bridge.csv_rows import csv_blocks
from tfinterp_widgets.evaluation.tfma_bridge.examples import encode, write_examples
from tfinterp_widgets.evaluation.tfma_bridge.records import Feature, features_in
from tfinterp_widgets.evaluation.tfma_bridge.signature import export_model


def parsed(example):
    """The features of a serialised tf.Example that hold something."""
    found = tf.train.Example.FromString(example).features.feature
    kinds = {name: each.WhichOneof("kind") for name, each in found.items()}
    values = {name: getattr(found[name], kind).value for name, kind in kinds.items() if kind}
    return {name: list(each) for name, each in values.items() if each}


def test_cells_of_every_type_are_written():
    frame = pd.DataFrame(
        {
            "whole": [1, 2],
            "number": [0.5, np.nan],
            "flag": [True, False],
            "text": ["grün", None],
            "category": pd.Categorical(["a", None]),
            "maybe": pd.array([None, 7], dtype="Int64"),
            "vector": [[1.0, 2.0], np.array([3, 4])],
            "day": pd.to_datetime(["2024-02-01", "2024-02-02"]),
        }
    )
    first, second = map(parsed, encode(frame))
    assert first == {
        "whole": [1],
        "number": [0.5],
        "flag": [1],
        "text": ["grün".encode()],
        "category": [b"a"],
        "vector": [1.0, 2.0],
        "day": [b"2024-02-01 00:00:00"],
    }
    assert second == {
        "whole": [2],
        "flag": [0],
        "maybe": [7],
        "vector": [3.0, 4.0],
        "day": [b"2024-02-02 00:00:00"],
    }


def test_objects_and_categories_are_written_as_what_they_are():
    frame = pd.DataFrame(
        {
            "flag": pd.Series([True, None], dtype=object),
            "whole": pd.Series([1, None], dtype=object),
            "number": pd.Series([0.5, 2], dtype=object),
            "category": pd.Categorical([3, None]),
            "mixed": pd.Series([1, "a"], dtype=object),
        }
    )
    first, second = map(parsed, encode(frame))
    assert first == {"flag": [1], "whole": [1], "number": [0.5], "category": [3], "mixed": [b"1"]}
    assert second == {"number": [2.0], "mixed": [b"a"]}


def test_bools_of_a_csv_stay_bools_where_some_are_missing(tmp_path):
    (tmp_path / "rows.csv").write_text('flag,text\nTrue,"a,b"\n,c\nFalse,d\n')
    rows = [
        parsed(row) for block in csv_blocks(str(tmp_path / "rows.csv")) for row in encode(block)
    ]
    assert rows == [
        {"flag": [1], "text": [b"a,b"]},
        {"text": [b"c"]},
        {"flag": [0], "text": [b"d"]},
    ]


def test_what_is_no_number_or_text_is_refused():
    with pytest.raises(TypeError, match=r"column 'x' holds .*expected numbers, texts, or lists"):
        encode(pd.DataFrame({"x": [[["nested"]]]}))


def test_columns_of_a_csv_have_one_type_in_every_block(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_rows, "ROWS_AT_ONCE", 2)
    path = tmp_path / "rows.csv"
    path.write_text("a,b,c,d,e\n1,1,1,,x\n2,2,2,,y\n3,0.5,x,4,\n,4,4,5,\n")
    blocks = list(csv_blocks(str(path)))
    assert [len(block) for block in blocks] == [2, 2]
    for block in blocks:
        assert [str(dtype) for dtype in block.dtypes] == [
            "Int64",
            "Float64",
            "string",
            "Int64",
            "string",
        ]
    rows = [parsed(example) for block in blocks for example in encode(block)]
    assert rows[0] == {"a": [1], "b": [1.0], "c": [b"1"], "e": [b"x"]}
    assert rows[3] == {"b": [4.0], "c": [b"4"], "d": [5]}


@pytest.mark.parametrize(("text", "message"), [("", "cannot be read as CSV"), ("a,b\n", "no rows")])
def test_a_csv_without_rows_is_refused(text, message, tmp_path):
    (tmp_path / "rows.csv").write_text(text)
    with pytest.raises(ValueError, match=message):
        list(csv_blocks(str(tmp_path / "rows.csv")))


def test_features_are_found_where_the_first_records_lack_them(tmp_path):
    frame = pd.DataFrame({"text": [None] * 9 + ["x"], "vector": [[1.0]] * 9 + [[1.0, 2.0]]})
    pattern = write_examples([frame], str(tmp_path))
    assert features_in(pattern) == {"text": Feature("string", 1), "vector": Feature("float32", 2)}


def served(model, frame, folder, **options):
    """What the exported model says of a table's rows."""
    pattern = write_examples([frame], str(folder / "rows"))
    export_model(model, str(folder / "model"), features_in(pattern), **options)
    serve = tf.saved_model.load(str(folder / "model")).signatures["serving_default"]
    return {name: each.numpy() for name, each in serve(examples=tf.constant(encode(frame))).items()}


FRAME = pd.DataFrame(
    {"a": [1, 2, 3], "b": [0.5, 1.5, np.nan], "c": ["x", "y", "z"], "v": [[1.0, 0.0]] * 3, "y": 1}
)


def summed(*inputs):
    return keras.Model(list(inputs), keras.layers.Add()(list(inputs)))


def test_named_inputs_are_the_features_of_their_names(tmp_path):
    a, b = keras.Input((1,), name="a"), keras.Input((1,), name="b")
    (said,) = served(summed(a, b), FRAME, tmp_path).values()
    np.testing.assert_allclose(said[:, 0], [1.5, 3.5, np.nan])


def test_a_whole_number_that_a_model_takes_must_be_there(tmp_path):
    a, frame = keras.Input((1,), name="a", dtype="int32"), FRAME[["a"]].astype("Int64")
    model = keras.Model(a, keras.ops.cast(a, "float32"))
    (said,) = served(model, frame, tmp_path).values()
    np.testing.assert_array_equal(said[:, 0], [1, 2, 3])
    frame.loc[1, "a"] = pd.NA
    with pytest.raises(tf.errors.InvalidArgumentError, match="feature a is missing"):
        served(model, frame, tmp_path)


def test_inputs_may_be_a_dict_and_texts(tmp_path):
    inputs = {"c": keras.Input((1,), name="c", dtype="string"), "a": keras.Input((1,), name="a")}
    layer = keras.layers.StringLookup(vocabulary=["x", "y", "z"])
    numbers = keras.ops.cast(layer(inputs["c"]), "float32")
    model = keras.Model(inputs, {"sum": numbers + inputs["a"], "place": numbers})
    said = served(model, FRAME, tmp_path)
    assert set(said) == {"sum", "place"}
    np.testing.assert_array_equal(said["sum"][:, 0], [2, 4, 6])


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"inputs": ["b", "a"]}, [0.5, 1.5, np.nan]),
        ({"inputs": ["a", "b"]}, [1, 2, 3]),
        ({"inputs": "v"}, [1, 1, 1]),
        ({}, [1, 1, 1]),  # the one feature that is as long as the input
    ],
)
def test_a_matrix_is_made_of_columns_in_their_order(options, expected, tmp_path):
    inputs = keras.Input((2,))
    model = keras.Model(inputs, inputs[:, :1])
    (said,) = served(model, FRAME, tmp_path, **options).values()
    np.testing.assert_array_equal(said[:, 0], np.array(expected, np.float32))


def test_numbers_but_the_keys_are_taken_in_the_order_of_the_table(tmp_path):
    frame = FRAME[["b", "c", "a", "y"]]
    inputs = keras.Input((2,))
    model = keras.Model(inputs, inputs[:, :1])
    options = {"keys": frozenset({"y"}), "order": list(frame.columns)}
    (said,) = served(model, frame, tmp_path, **options).values()
    np.testing.assert_array_equal(said[:, 0], np.array([0.5, 1.5, np.nan], np.float32))


def test_a_model_that_does_not_tell_its_inputs_is_refused(tmp_path):
    model = keras.Sequential([keras.layers.Dense(1)])
    with pytest.raises(ValueError, match="does not tell its inputs; call it once on a row"):
        export_model(model, str(tmp_path), {})


def test_inputs_of_any_size_are_refused(tmp_path):
    model = keras.Sequential([keras.Input((None,)), keras.layers.Flatten()])
    with pytest.raises(ValueError, match="takes inputs of any size"):
        export_model(model, str(tmp_path), {"a": Feature("int64", 1)})


def test_one_of_several_inputs_that_is_not_there_is_named(tmp_path):
    model = summed(keras.Input((1,), name="a"), keras.Input((1,), name="bb"))
    with pytest.raises(ValueError, match=r"an input of model .* is 'bb', which data does not have"):
        export_model(model, str(tmp_path), {"a": Feature("int64", 1), "b": Feature("int64", 1)})
