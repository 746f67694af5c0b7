"""The table is UCI's, and the model of it is the one that was trained."""

from __future__ import annotations

import gzip
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from scipy.stats import rankdata

from tfinterp_widgets.samples import german_credit
from tfinterp_widgets.samples.credit_table import COLUMNS, read_table

if TYPE_CHECKING:
    from tfinterp_widgets.samples import GermanCreditSample

DATA = files("tfinterp_widgets.samples") / "data"
NOTICE = Path(__file__).parents[3] / "NOTICE"
NUMBERS = ("duration", "credit_amount", "age")


@pytest.fixture(scope="module")
def credit() -> GermanCreditSample:
    return german_credit()


def uci_lines() -> list[str]:
    return gzip.decompress((DATA / "german_credit.data.gz").read_bytes()).decode().splitlines()


def auc(good: pd.Series, scores: np.ndarray) -> float:
    positives = good.sum()
    ranks = rankdata(scores)[good == 1].sum() - positives * (positives + 1) / 2
    return ranks / (positives * (len(good) - positives))


def scores(credit: GermanCreditSample, rows: pd.DataFrame) -> np.ndarray:
    return np.asarray(credit.model(credit.preprocess(rows)))[:, 0]


def test_stored_rows_are_those_of_ucis_file() -> None:
    lines = uci_lines()
    assert len(lines) == 1_000
    assert sum(len(line) + 1 for line in lines) == 79_793
    assert lines[0] == (
        "A11 6 A34 A43 1169 A65 A75 4 A93 A101 4 A121 67 A143 A152 2 A173 1 A192 A201 1"
    )
    assert lines[-1] == (
        "A12 45 A34 A41 4576 A62 A71 3 A93 A101 4 A123 27 A143 A152 1 A173 1 A191 A201 1"
    )


def test_every_code_of_the_file_has_a_label_and_every_label_a_code() -> None:
    rows = [line.split() for line in uci_lines()]
    for place, column in enumerate(COLUMNS):
        if column.levels:
            assert {row[place] for row in rows} == column.levels.keys(), column.name
            assert len(set(column.levels.values())) == len(column.levels), column.name


def test_table_reads_the_codes_as_labels() -> None:
    table, good = read_table()
    assert table.shape == (1_000, 20)
    assert not table.isna().any(axis=None)
    assert (good.sum(), len(good)) == (700, 1_000)
    first = table.iloc[0]
    assert (first["duration"], first["credit_amount"], first["age"]) == (6, 1_169, 67)
    assert first["checking_account"] == "none"
    assert first["employment"] == ">= 7 years"
    assert first["housing"] == "rent"


def test_sex_does_not_tell_the_sex_of_310_rows() -> None:
    table, _ = read_table()
    assert (table["sex"] == "female: not single, or male: single").sum() == 310


def test_parts_share_no_row_and_both_hold_three_bad_credits_in_ten(
    credit: GermanCreditSample,
) -> None:
    assert (len(credit.X_train), len(credit.X_test)) == (700, 300)
    assert (credit.y_train.mean(), credit.y_test.mean()) == (0.7, 0.7)
    table, good = read_table()
    whole = table.assign(good=good)
    parts = [
        credit.X_train.assign(good=credit.y_train),
        credit.X_test.assign(good=credit.y_test),
    ]
    by = ["credit_amount", "age", "duration", "purpose", "good"]
    together = pd.concat(parts).sort_values(by, ignore_index=True)
    pd.testing.assert_frame_equal(together, whole.sort_values(by, ignore_index=True))


def test_parts_are_the_same_every_time_and_the_callers_own(credit: GermanCreditSample) -> None:
    other = german_credit()
    pd.testing.assert_frame_equal(other.X_test, credit.X_test)
    other.X_test["age"] = 0
    assert credit.X_test["age"].min() >= 18


def test_columns_keep_their_types(credit: GermanCreditSample) -> None:
    for rows in (credit.X_train, credit.X_test):
        assert set(rows.select_dtypes("int64")) == set(NUMBERS)
        assert len(rows.select_dtypes("category").columns) == 17
        assert list(rows["housing"].cat.categories) == ["for free", "rent", "own"]
        assert rows["employment"].cat.ordered
        assert not rows["purpose"].cat.ordered
        assert list(rows.index) == list(range(len(rows)))


def test_matrix_has_a_column_for_each_number_and_each_level(credit: GermanCreditSample) -> None:
    matrix = credit.preprocess(credit.X_test)
    assert matrix.dtype == np.float32
    assert matrix.shape == (300, len(credit.columns)) == (300, 71)
    behind = np.array(credit.columns)
    assert list(dict.fromkeys(credit.columns)) == list(credit.X_test)
    for name in credit.X_test.select_dtypes("category"):
        one_hot = matrix[:, behind == name]
        levels = credit.X_test[name].cat
        np.testing.assert_array_equal(one_hot, np.eye(len(levels.categories))[levels.codes])


def test_numbers_are_scaled_by_the_training_part_alone(credit: GermanCreditSample) -> None:
    behind = np.array(credit.columns)
    train, test = credit.preprocess(credit.X_train), credit.preprocess(credit.X_test)
    for name in NUMBERS:
        assert train[:, behind == name].mean() == pytest.approx(0, abs=1e-6)
        assert train[:, behind == name].std() == pytest.approx(1, abs=1e-6)
        mean, deviation = credit.X_train[name].mean(), credit.X_train[name].std(ddof=0)
        expected = (credit.X_test[name] - mean) / deviation
        np.testing.assert_allclose(test[:, behind == name][:, 0], expected, atol=1e-6)


def test_a_row_is_encoded_alone_as_among_others(credit: GermanCreditSample) -> None:
    matrix = credit.preprocess(credit.X_test)
    for row in (0, 137, 299):
        alone = credit.preprocess(credit.X_test.iloc[[row]])
        np.testing.assert_array_equal(alone, matrix[[row]])


def test_no_rows_are_encoded_as_none(credit: GermanCreditSample) -> None:
    assert credit.preprocess(credit.X_test.iloc[:0]).shape == (0, 71)


@pytest.mark.parametrize("kind", [object, str], ids=["object", "str"])
def test_types_and_order_of_the_columns_do_not_matter(
    credit: GermanCreditSample, kind: type
) -> None:
    plain = credit.X_test.astype(dict.fromkeys(credit.X_test.select_dtypes("category"), kind))
    plain = plain.astype({"age": float})[sorted(plain)].assign(further=1)
    np.testing.assert_array_equal(credit.preprocess(plain), credit.preprocess(credit.X_test))


def test_preprocess_leaves_its_rows_alone(credit: GermanCreditSample) -> None:
    before = credit.X_test.copy()
    credit.preprocess(credit.X_test)
    pd.testing.assert_frame_equal(credit.X_test, before)


def test_missing_columns_are_named(credit: GermanCreditSample) -> None:
    rows = credit.X_test.drop(columns=["age", "housing"])
    with pytest.raises(ValueError, match="the rows lack 'age', 'housing'"):
        credit.preprocess(rows)


def test_an_unknown_category_is_named_with_its_row_and_the_known_ones(
    credit: GermanCreditSample,
) -> None:
    rows = credit.X_test.astype({"housing": object})
    rows.loc[7, "housing"] = "castle"
    known = "'housing' holds 'castle' in row 7; expected one of 'for free', 'rent', 'own'"
    with pytest.raises(ValueError, match=known):
        credit.preprocess(rows)


def test_a_missing_category_is_named_with_its_row(credit: GermanCreditSample) -> None:
    rows = credit.X_test.assign(housing=credit.X_test["housing"].where(credit.X_test.index != 3))
    with pytest.raises(ValueError, match="'housing' holds nan in row 3"):
        credit.preprocess(rows)


@pytest.mark.parametrize("wrong", ["old", None, np.nan, np.inf], ids=repr)
def test_a_value_that_is_no_number_is_named_with_its_row(
    credit: GermanCreditSample, wrong: object
) -> None:
    rows = credit.X_test.astype({"age": object})
    rows.loc[5, "age"] = wrong
    with pytest.raises(ValueError, match=r"'age' holds .+ in row 5; expected a number"):
        credit.preprocess(rows)


def test_one_row_as_a_series_is_refused_with_what_to_write(credit: GermanCreditSample) -> None:
    with pytest.raises(TypeError, match=r"got Series.+iloc\[\[0\]\]"):
        credit.preprocess(credit.X_test.iloc[0])


def test_model_orders_good_and_bad_as_well_as_its_description_says(
    credit: GermanCreditSample,
) -> None:
    assert german_credit.__doc__ is not None
    for rows, good, measured in (
        (credit.X_test, credit.y_test, 0.786),
        (credit.X_train, credit.y_train, 0.829),
    ):
        assert auc(good, scores(credit, rows)) == pytest.approx(measured, abs=1e-3)
        assert f" {measured:.3f} on the".replace("0.", ".") in german_credit.__doc__


def test_model_gives_the_probability_of_good_from_one_matrix(credit: GermanCreditSample) -> None:
    assert credit.model.input_shape == (None, 71)
    assert credit.model.output_shape == (None, 1)
    assert credit.model.layers[-1].activation.__name__ == "sigmoid"
    assert credit.class_names == ("bad", "good")
    probability = scores(credit, credit.X_test)
    assert probability[credit.y_test == 1].mean() > 0.7 > probability[credit.y_test == 0].mean()


def test_models_are_separate(credit: GermanCreditSample) -> None:
    before = scores(credit, credit.X_test)
    other = german_credit().model
    other.set_weights([np.zeros_like(weights) for weights in other.get_weights()])
    np.testing.assert_array_equal(scores(credit, credit.X_test), before)


def test_weights_are_plain_arrays_and_all_are_used(credit: GermanCreditSample) -> None:
    with np.load(str(DATA / "german_credit.npz"), allow_pickle=False) as stored:
        arrays = [stored[name] for name in stored.files]
    assert all(array.dtype == np.float32 for array in arrays)
    assert sum(array.size for array in arrays) == credit.model.count_params() == 1_169


def test_table_is_credited_with_source_licence_and_what_was_changed() -> None:
    notice = NOTICE.read_text(encoding="utf-8")
    section = notice.split("The table: ")[1].split("\n\n\n")[0]
    for word in ("Hofmann", "10.24432/C5NC77", "CC BY 4.0", "Changed", "Grömping", "sex"):
        assert word in section
