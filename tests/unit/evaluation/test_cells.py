"""What cells hold that are neither numbers nor text."""

import numpy as np
import pandas as pd
import pytest

import tfinterp_widgets as tw
from tfinterp_widgets.evaluation.rows.rows import Rows
from tfinterp_widgets.evaluation.tables.tables import as_table

LISTS = pd.DataFrame({"age": [1.0, 2.0, 3.0, 4.0], "words": [[1], [2], [1, 2], [3]]})
Y = [0, 1, 0, 1]


def lengths(rows):
    return rows["age"].to_numpy() + rows["words"].map(len).to_numpy()


def matrix(rows):
    return np.stack([rows["age"], rows["words"].map(len)], axis=1)


@pytest.mark.parametrize(
    "ask",
    [
        lambda frame: tw.partial_dependence(lengths, frame, "words"),
        lambda frame: tw.permutation_importance(lengths, frame, Y, repeats=1, seed=0),
        lambda frame: Rows(frame, matrix),
    ],
)
def test_lists_are_refused_and_tuples_are_not(ask):
    with pytest.raises(TypeError, match=r"'words' of X holds a list, \[1\].*map\(tuple\)"):
        ask(LISTS)
    ask(LISTS.assign(words=LISTS["words"].map(tuple)))


def test_lists_in_a_column_that_is_not_asked_about_are_passed_on():
    assert tw.partial_dependence(lengths, LISTS, "age").average.tolist() == [2.25, 3.25, 4.25, 5.25]


@pytest.mark.parametrize("kind", [np.asarray, pd.DataFrame, lambda X: {"a": X[:, 0]}])
def test_complex_numbers_are_refused(kind):
    with pytest.raises(TypeError, match="holds complex numbers, complex128; expected real ones"):
        as_table(kind(np.full((4, 2), 1j)))


@pytest.mark.parametrize("kind", [lambda X: X, lambda X: {"a": X[:, 0], "b": X[:, 1]}])
@pytest.mark.parametrize("dtype", ["float32", "int64", "bool", "datetime64[ns]", "object", "str"])
def test_what_a_mask_hides_is_missing(kind, dtype):
    mask = [[False, True], [False, False], [True, False]]
    values = np.arange(6).reshape(3, 2).astype(dtype)
    table = as_table(kind(np.ma.masked_array(values, mask)))
    missing = np.stack([table.column(0).isna(), table.column(1).isna()], axis=1)
    assert missing.tolist() == mask
    assert table.column(1)[2] == values[2, 1]
