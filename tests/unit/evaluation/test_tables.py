"""Tables of every kind: named, cut, and gathered from other rows."""

import numpy as np
import pandas as pd
import pytest

from tfinterp_widgets.evaluation.tables.tables import Shuffle, as_table

EVERY = np.arange(4)
BACKWARDS = EVERY[::-1]
MIXED = pd.DataFrame(
    {
        "age": [20, 30, 40, 50],
        "home": pd.Categorical(["own", "rent", None, "own"]),
        "note": ["a", None, "c", "d"],
        "score": pd.array([1, 2, None, 4], dtype="Int64"),
    },
    index=[7, 7, 8, 9],
)


def test_columns_of_an_array_are_named_by_position():
    assert as_table(np.zeros((2, 3))).names == ("0", "1", "2")


def test_a_dict_of_columns_is_a_table_of_named_ones():
    table = as_table({"a": np.ones((3, 1)), "b": ["x", "y", "z"], "c": pd.Series([1, 2, 3])})
    assert table.names == ("a", "b", "c")
    assert len(table) == 3


def test_gathered_columns_come_from_their_source_and_the_others_from_their_row():
    X = np.arange(12).reshape(4, 3)
    rows = as_table(X).gather(
        [Shuffle(EVERY, BACKWARDS, (1,)), Shuffle(EVERY[:2], BACKWARDS[:2], (0, 2))]
    )
    assert rows[:4, 1].tolist() == [10, 7, 4, 1]
    assert (rows[:4, [0, 2]] == X[:, [0, 2]]).all()
    assert rows[4:].tolist() == [[9, 1, 11], [6, 4, 8]]
    assert X.tolist() == np.arange(12).reshape(4, 3).tolist()


def test_a_gathered_frame_keeps_types_categories_missing_values_and_index():
    rows = as_table(MIXED).gather([Shuffle(EVERY, BACKWARDS, (1, 3))])
    assert rows.dtypes.equals(MIXED.dtypes)
    assert rows.index.equals(MIXED.index)
    for name in ("home", "score"):
        expected = MIXED[name].iloc[::-1].array
        assert pd.Series(rows[name].array).equals(pd.Series(expected))
    for name in ("age", "note"):
        assert rows[name].equals(MIXED[name])


def test_one_column_shuffled_differently_in_one_chunk():
    rows = as_table(MIXED).gather(
        [Shuffle(EVERY, BACKWARDS, (0,)), Shuffle(EVERY, np.roll(EVERY, 1), (0,))]
    )
    assert rows["age"].tolist() == [50, 40, 30, 20, 50, 20, 30, 40]


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        (np.zeros((0, 3)), ValueError, "0 rows and 3 columns"),
        (MIXED.iloc[:0], ValueError, "0 rows and 4 columns"),
        (MIXED[[]], ValueError, "4 rows and 0 columns"),
        (np.zeros(3), ValueError, r"shape \(3,\).*X\[:, None\]"),
        (np.zeros((2, 2, 2)), ValueError, r"shape \(2, 2, 2\)"),
        ([[1, 2], [3]], TypeError, "ragged"),
        (3, TypeError, "is a int"),
        ("table.csv", TypeError, "is a str"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), ValueError, "several columns named 'a'"),
    ],
)
def test_what_is_no_table_is_refused_by_name(X, error, message):
    with pytest.raises(error, match=message):
        as_table(X)


def test_columns_of_an_array_of_objects_have_types_of_their_own():
    table = as_table(np.array([[1, 0.5, "a"], [2, 1.5, "b"]], object))
    assert [table.column(at).dtype.kind for at in range(2)] == ["i", "f"]
    assert not table.is_numeric
    assert as_table(table.rows[:, :2]).is_numeric
