"""Labels: one number a row, whatever holds them."""

import keras
import numpy as np
import pandas as pd
import pytest

from tfinterp_widgets.evaluation.metrics.labels import labels_of


@pytest.mark.parametrize(
    ("y", "expected"),
    [
        ([0, 1, 2], [0, 1, 2]),
        ([True, False, True], [1, 0, 1]),
        (np.array([[0], [1], [1]], np.uint8), [0, 1, 1]),
        ([[0, 0, 1], [1, 0, 0], [0, 1, 0]], [2, 0, 1]),
        (np.eye(3, dtype=np.float32)[[1, 1, 0]], [1, 1, 0]),
        (pd.Series([1, 0, 1], index=[7, 7, 9], dtype="category"), [1, 0, 1]),
        (pd.Series([True, False, True], dtype="boolean"), [1, 0, 1]),
        (pd.DataFrame({"y": [1, 0, 1]}), [1, 0, 1]),
        (keras.ops.convert_to_tensor([2, 0, 1]), [2, 0, 1]),
    ],
    ids=str,
)
def test_class_ids_bools_and_one_hot_rows_become_integers(y, expected):
    labels = labels_of(y, rows=3)
    assert labels.dtype == np.int64
    assert labels.tolist() == expected


@pytest.mark.parametrize("y", [[0.5, -3, 1e9], [[0.5], [-3], [1e9]], pd.Series([0.5, -3, 1e9])])
def test_numbers_stay_numbers(y):
    labels = labels_of(y, rows=3)
    assert labels.dtype == np.float64
    assert labels.tolist() == [0.5, -3, 1e9]


@pytest.mark.parametrize(
    ("y", "kind", "message"),
    [
        ([0, 1], ValueError, "2 labels, but X has 3 rows"),
        (3, ValueError, "a single value, but X has 3 rows"),
        ([0, np.nan, 1], ValueError, r"1 of 3 labels.*first in row 1.*Leave"),
        ([0, 1, np.inf], ValueError, r"1 of 3 labels.*first in row 2"),
        ([True, None, False], ValueError, r"1 of 3 labels.*missing"),
        (pd.Series([1, 0, None], dtype="Int64"), ValueError, r"1 of 3 labels.*missing"),
        (["good", "bad", "good"], TypeError, r"str \('good', 'bad', 'good'.*y == "),
        (pd.Series(["a", "b", "a"], dtype="category"), TypeError, r"expected class ids"),
        ([1j, 0, 1], TypeError, "complex"),
        (pd.to_datetime(["2020-01-01"] * 3), TypeError, "expected class ids"),
        ([..., 1, 2], TypeError, "expected class ids"),
        ([[1, 2], [3], [4]], ValueError, "cannot be read as an array"),
        ([[0.2, 0.8], [1, 0], [0, 1]], ValueError, r"\(3, 2\).*not one-hot"),
        ([[1, 1], [1, 0], [0, 1]], ValueError, "not one-hot"),
        (np.zeros((3, 1, 1)), ValueError, r"\(3, 1, 1\)"),
    ],
    ids=str,
)
def test_what_cannot_be_meant_is_refused(y, kind, message):
    with pytest.raises(kind, match=message):
        labels_of(y, rows=3)
