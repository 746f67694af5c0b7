"""Raw rows and the model's matrix: whose a matrix column is, and which rows to compare with."""

import credit
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

from tfinterp_widgets.evaluation.rows.rows import Rows


@pytest.fixture(scope="module")
def frame():
    return credit.table()


@pytest.fixture(scope="module")
def rows(frame):
    return Rows(frame, credit.preprocess)


def owners(rows):
    return tuple(rows.names[at] for at in rows.owners)


def test_probing_finds_the_raw_column_of_each_matrix_column(rows):
    assert owners(rows) == credit.OWNERS


def test_numbers_without_preprocessing_are_the_matrix():
    values = np.arange(6.0).reshape(3, 2)
    rows = Rows(values)
    assert rows.names == ("0", "1")
    assert rows.owners.tolist() == [0, 1]
    np.testing.assert_array_equal(rows.matrix, values.astype(np.float32))


def test_numbers_among_the_objects_of_an_array_are_numbers():
    values = np.array([[1.5, "a"], [2.5, "b"], [4.5, "a"]], object)
    rows = Rows(values, lambda raw: np.stack([raw[:, 0], raw[:, 1] == "a"], axis=1).astype(float))
    assert [column.is_number for column in rows.columns] == [True, False]
    assert rows.baseline("median").values == (2.5, "a")
    assert rows.owners.tolist() == [0, 1]


def test_narrow_bins_of_a_number_are_found():
    frame = pd.DataFrame({"age": np.arange(500.0), "other": np.arange(500) % 7})

    def binned(raw):
        bins = raw["age"].to_numpy()[:, None] == np.array([3.0, 251.0, 422.0])
        return np.column_stack([bins, raw["other"]]).astype(np.float32)

    assert Rows(frame, binned).owners.tolist() == [0, 0, 0, 1]


def test_a_level_that_no_row_shows_is_found_too():
    frame = pd.DataFrame({"housing": pd.Categorical(["own", "own"], categories=["own", "free"])})
    rows = Rows(frame, lambda raw: pd.get_dummies(raw["housing"]).to_numpy(np.float32))
    assert rows.owners.tolist() == [0, 0]


def test_a_constant_is_nobodys(frame):
    def with_constant(raw):
        return np.concatenate([credit.preprocess(raw), np.ones((len(raw), 1))], axis=1)

    rows = Rows(frame, with_constant)
    assert rows.owners.tolist() == [0, 1, 2, 2, 2, 3, 3, -1]
    np.testing.assert_allclose(rows.sums(np.arange(8)), [0, 1, 9, 11])


def test_a_matrix_column_of_two_raw_columns_is_refused(frame):
    def crossed(raw):
        return (raw[["age"]].to_numpy() * raw[["duration"]].to_numpy()).astype(np.float32)

    with pytest.raises(ValueError, match=r"'age' and 'duration'.*Pass columns="):
        Rows(frame, crossed)
    assert owners(Rows(frame, crossed, columns=["age"])) == ("age",)


def test_a_matrix_column_that_follows_the_whole_table_is_refused(frame):
    def of_row_count(raw):
        return np.stack([raw["age"], np.arange(len(raw)) % 2], axis=1).astype(np.float32)

    with pytest.raises(ValueError, match="changes"):
        Rows(frame, of_row_count)


def test_the_median_row_has_medians_and_modes(frame, rows):
    median = rows.baseline("median")
    expected = (
        frame["age"].median(),
        frame["duration"].median(),
        frame["purpose"].mode()[0],
        frame["housing"].mode()[0],
    )
    assert median.values == pytest.approx(expected)
    one = pd.DataFrame([expected], columns=frame.columns)
    np.testing.assert_allclose(median.matrix, credit.preprocess(one)[0], rtol=1e-6)


def test_the_mean_of_a_category_is_the_mean_one_hot_vector(frame, rows):
    mean = rows.baseline("mean")
    np.testing.assert_allclose(
        mean.matrix[2:5],
        [(frame["purpose"] == purpose).mean() for purpose in credit.PURPOSES],
        rtol=1e-6,
    )
    assert mean.matrix[0] == pytest.approx((frame["age"].mean() - 40) / 10, rel=1e-5)
    assert mean.values == (pytest.approx(frame["age"].mean()), mean.values[1], None, None)


def test_zero_is_a_numbers_own_zero_and_no_category_at_all(rows):
    zero = rows.baseline("zero")
    assert zero.matrix.tolist() == [-4, 0, 0, 0, 0, 0, 0]
    assert zero.values == (0, 0, None, None)


def test_another_row_is_the_baseline_as_it_is(frame, rows):
    other = rows.baseline("row", 7)
    np.testing.assert_array_equal(other.matrix, rows.matrix[7])
    assert other.values == tuple(frame.iloc[7])


def test_missing_values_do_not_count_and_are_none():
    frame = pd.DataFrame({"age": [20.0, None, 40.0, 60.0], "job": ["a", "a", None, "b"]})

    def filled(raw):
        jobs = pd.get_dummies(pd.Categorical(raw["job"], categories=["a", "b"]))
        return np.column_stack([raw["age"].fillna(-1), jobs]).astype(np.float32)

    rows = Rows(frame, filled)
    assert rows.baseline("median").values == (40.0, "a")
    assert rows.row(1).values == (None, "a")
    assert rows.owners.tolist() == [0, 1, 1]


def test_edits_reach_the_matrix_and_nothing_else(frame, rows):
    before = frame.copy()
    edited = rows.row(3, {"age": 50, "purpose": "repairs", "housing": "rent"})
    assert edited.values == (50, frame["duration"][3], "repairs", "rent")
    assert edited.matrix.tolist() == pytest.approx(
        [1, frame["duration"][3] / 12, 0, 0, 1, 0, 1], rel=1e-6
    )
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("edits", "error", "match"),
    [
        ({"agee": 3}, ValueError, "no column 'agee'. Did you mean 'age'"),
        ({"age": "old"}, TypeError, "age='old' is a str; expected a number"),
        ({"age": float("nan")}, ValueError, "expected a finite number"),
        ({"age": 40.5}, ValueError, "age=40.5; expected a whole number, as the column holds int64"),
        ({"housing": "rental"}, ValueError, "expected one of 'own', 'rent'. Did you mean 'rent'"),
    ],
)
def test_wrong_edits_are_refused_by_name(rows, edits, error, match):
    with pytest.raises(error, match=match):
        rows.row(0, edits)


@pytest.mark.parametrize(
    ("preprocess", "columns", "error", "match"),
    [
        (None, None, TypeError, "purpose, housing hold no numbers.*preprocess="),
        (lambda raw: raw.to_numpy()[:2], None, ValueError, "turned 60 rows into"),
        (credit.preprocess, ["age"] * 3, ValueError, "names 3 columns, but the matrix has 7"),
        (credit.preprocess, ["agee"] * 7, ValueError, "Did you mean 'age'"),
    ],
)
def test_what_does_not_fit_is_refused(frame, preprocess, columns, error, match):
    with pytest.raises(error, match=match):
        Rows(frame, preprocess, columns)


def test_an_error_of_the_preprocessing_says_so(frame):
    def broken(raw):
        return raw["salary"]

    with pytest.raises(KeyError) as caught:
        Rows(frame, broken)
    assert caught.value.__notes__ == ["Raised inside preprocess, for 60 rows of the table."]


def test_preprocessing_in_place_changes_nothing_of_the_users():
    values = np.ones((3, 2))

    def in_place(raw):
        raw += 1
        return raw

    assert Rows(values, in_place).matrix.tolist() == [[2, 2]] * 3
    assert values.tolist() == [[1, 1]] * 3


def test_positions_tell_low_from_high_values(frame, rows):
    positions = rows.columns[0].positions()
    assert positions.min() == 0
    assert positions[frame["age"].idxmax()] == 1


def test_positions_of_categories_are_those_of_their_order_if_they_have_one(rows):
    assert np.isnan(rows.columns[3].positions()).all()
    sizes = pd.Categorical(["small", "large", None], ["small", "large"], ordered=True)
    ranked = Rows({"size": sizes, "one": np.ones(3)}, lambda frame: frame[["one"]])
    assert ranked.columns[0].positions().tolist()[:2] == [0, 1]
    assert np.isnan(ranked.columns[0].positions()[2])


@pytest.mark.parametrize(
    "values",
    [
        [1.0, None, 3.0],
        ["a", None, "b"],
        pd.array([1, None, 3], dtype="Int64"),
        pd.array([True, None, False], dtype="boolean"),
        pd.Categorical(["a", None, "b"]),
        pd.to_datetime(["2020", None, "2021"]),
    ],
)
def test_an_indicator_of_missing_values_belongs_to_the_column_that_misses_them(values):
    frame = pd.DataFrame({"rooms": [1, 2, 3], "rent": values})
    rows = Rows(frame, lambda raw: np.stack([raw["rent"].isna(), raw["rooms"]], axis=1) * 1.0)
    assert rows.owners.tolist() == [1, 0]


@pytest.mark.parametrize("name", ["median", "mean", "zero"])
def test_a_nullable_column_without_values_has_no_middle(name):
    frame = pd.DataFrame({"rooms": [1, 2, 3], "rent": pd.array([None] * 3, dtype="Int64")})
    baseline = Rows(frame, lambda raw: raw.fillna(0).to_numpy(float)).baseline(name)
    assert baseline.values[1] == (0 if name == "zero" else None)
    assert baseline.matrix[1] == 0


def test_preprocessing_may_return_a_sparse_matrix(frame, rows):
    sparse = Rows(frame, lambda raw: csr_matrix(credit.preprocess(raw)))
    np.testing.assert_array_equal(sparse.matrix, rows.matrix)


def test_one_hot_columns_that_depend_on_the_rows_are_refused(frame):
    texts = frame.astype({"purpose": str})
    with pytest.raises(ValueError, match=r"expected the same ones of any rows\. One-hot"):
        Rows(texts, lambda raw: pd.get_dummies(raw).to_numpy(np.float32))
