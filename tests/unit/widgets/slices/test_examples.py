"""What the rows of a slice are listed with."""

import numpy as np
import pandas as pd
import pytest
from answers import done

import tfinterp_widgets as tw
from tfinterp_widgets.wire import from_wire


def model(rows):
    return np.asarray(rows, np.float32)[:, :1]


@pytest.fixture
def listed():
    """Makes an explorer, chooses all rows, and returns the columns that these are listed with."""
    made = []

    def listed(*data):
        made.append(tw.SliceExplorer(*data))
        made[-1].selected = ()
        assert done(made[-1]) == "done", made[-1].status
        return {each["name"]: each for each in made[-1]._board.examples.table._columns}, made[-1]

    yield listed
    for explorer in made:
        explorer.close()


def test_they_are_the_features_where_a_model_takes_something_else(listed):
    X, homes = np.linspace(0, 1, 40)[:, None], np.array(["own", "rent"] * 20)
    columns, explorer = listed(model, X, np.arange(40) % 2, {"home": homes})
    assert list(columns) == ["home"]
    codes = from_wire(columns["home"]["values"])
    shown = np.array(columns["home"]["levels"])[codes]
    np.testing.assert_array_equal(shown, homes[explorer.selected_examples])
    columns, _ = listed(model, X, np.arange(40) % 2)
    assert list(columns) == ["0"]


def test_columns_are_taken_row_by_row_whatever_their_index(listed):
    age = pd.Series(np.arange(40), index=np.arange(100, 140))
    columns, explorer = listed(
        np.arange(40) % 2, np.linspace(0, 1, 40), {"age": age, "half": np.arange(40) % 2}
    )
    np.testing.assert_array_equal(from_wire(columns["age"]["values"]), explorer.selected_examples)


def test_rows_without_features_are_listed_by_their_numbers(listed):
    columns, explorer = listed(np.arange(40) % 2, np.linspace(0, 1, 40), None)
    assert columns == {}
    table = explorer._board.examples.table
    assert (table._total, from_wire(table._rows).size) == (40, 40)


def test_numbers_are_listed_with_how_far_they_are_off(listed):
    truth = np.linspace(5, 9, 40)
    said = truth + np.random.default_rng(0).normal(0, 1, 40)
    columns, explorer = listed(truth, said, {"half": np.arange(40) % 2})
    assert list(columns) == ["half", "prediction − label"]
    rows = explorer.selected_examples
    errors = from_wire(columns["prediction − label"]["values"])
    np.testing.assert_allclose(errors, (said - truth)[rows])
    assert (np.diff(np.abs(errors)) <= 0).all()
