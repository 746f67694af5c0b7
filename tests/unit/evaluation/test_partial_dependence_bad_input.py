"""Bad input to partial dependence: what came, what was expected, what to do."""

import numpy as np
import pandas as pd
import pytest

import tfinterp_widgets as tw

FRAME = pd.DataFrame(
    {
        "age": [20, 30, 40],
        "income": [1.5, np.nan, 2.5],
        "home": ["own", "rent", "rent"],
        "constant": [7, 7, 7],
        "missing": [np.nan] * 3,
    }
)


def ages(rows):
    return rows["age"].to_numpy(np.float32)


@pytest.mark.parametrize(
    ("feature", "grid", "kind", "message"),
    [
        ("agee", 40, ValueError, "'agee' is no column of X. Did you mean 'age'"),
        ("zzz", 40, ValueError, "'zzz' is no column.*It has age, income"),
        (5, 40, ValueError, "feature=5 is no column"),
        (-1, 40, ValueError, "feature=-1 is no column"),
        (None, 40, ValueError, "feature=None is no column"),
        ([], 40, ValueError, "names 0 columns"),
        (["age", "income", "home"], 40, ValueError, "names 3 columns; expected one, or two"),
        (["age", 0], 40, ValueError, "two different ones"),
        ("constant", 40, ValueError, r"'constant' is constant: every row has 7.*grid=\["),
        ("missing", 40, ValueError, "'missing' has no values"),
        ("missing", [1, 2], ValueError, "'missing' has no values"),
        ("age", 1, ValueError, "grid=1; expected at least 2 points"),
        ("age", 0, ValueError, "grid=0"),
        ("age", [], ValueError, "grid for column 'age' is empty"),
        ("age", np.array([]), ValueError, "grid for column 'age' is empty"),
        ("age", [20, np.nan], ValueError, "age=nan; expected a finite number"),
        ("age", [20, np.inf], ValueError, "age=inf"),
        ("age", ["young"], TypeError, "age='young' is a str; expected a number"),
        ("age", 2.5, TypeError, "grid=2.5 is a float; expected how many points, or an array"),
        ("age", True, TypeError, "grid=True is a bool"),
        ("home", "own", TypeError, "grid='own' is a str"),
        ("home", ["owned"], ValueError, "home='owned'; expected one of 'own', 'rent'.*'own'"),
        (["age", "home"], [1, 2, 3], ValueError, "for two columns expected.*a pair"),
    ],
)
def test_feature_and_grid(feature, grid, kind, message):
    with pytest.raises(kind, match=message):
        tw.partial_dependence(ages, FRAME, feature, grid)


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"ice": -1}, ValueError, "ice=-1; expected a number of individual curves"),
        ({"ice": True}, TypeError, "ice=True is a bool; expected a whole number"),
        ({"ice": 1.5}, TypeError, "ice=1.5 is a float"),
        ({"max_rows": 0}, ValueError, "max_rows=0; expected at least 1, or None"),
        ({"max_rows": "all"}, TypeError, "max_rows='all' is a str"),
        ({"scale": "logits"}, ValueError, "scale='logits'; expected one of.*mean 'logit'"),
        ({"scale": None}, ValueError, "scale=None; expected one of auto, probability"),
        ({"target": 1}, ValueError, "target=1; the model has 1 output, so expected 0 or None"),
        ({"target": -1}, ValueError, "target=-1"),
        ({"target": "age"}, TypeError, "target='age' is a str; expected the index"),
        ({"target": True}, TypeError, "target=True is a bool"),
        ({"seed": -1}, ValueError, "seed=-1; expected a whole number of at least 0"),
        ({"seed": "a"}, TypeError, "seed='a' is a str; expected a whole number"),
    ],
)
def test_options(options, kind, message):
    with pytest.raises(kind, match=message):
        tw.partial_dependence(ages, FRAME, "age", **options)


def test_individual_curves_of_two_columns():
    with pytest.raises(ValueError, match="ice=5 with two columns"):
        tw.partial_dependence(ages, FRAME, ["age", "home"], ice=5)


def test_an_output_must_be_chosen_of_several():
    rows = np.eye(3)
    with pytest.raises(ValueError, match="the model has 3 outputs; say which: target=0 to 2"):
        tw.partial_dependence(lambda rows: rows, rows, 0)
    with pytest.raises(ValueError, match="target=3; the model has 3 outputs, so expected 0 to 2"):
        tw.partial_dependence(lambda rows: rows, rows, 0, target=3)


@pytest.mark.parametrize("empty", [FRAME.iloc[:0], np.empty((0, 3)), np.empty((3, 0))])
def test_an_empty_table(empty):
    with pytest.raises(ValueError, match="expected at least one of each"):
        tw.partial_dependence(ages, empty, 0)


def test_a_constant_column_may_be_asked_about_other_values():
    curve = tw.partial_dependence(
        lambda rows: rows["constant"].to_numpy(np.float32), FRAME, "constant", [7, 8]
    )
    assert curve.average.tolist() == [7, 8]
    assert curve.empty.tolist() == [False, True]


def test_an_answer_that_is_no_number_is_refused_with_the_row_and_the_value():
    def poor(rows):
        return (rows["income"] * (rows["age"] > 25)).to_numpy(np.float32)

    with pytest.raises(ValueError, match=r"NaN or infinity for row 1 with age = 20.*`preprocess`"):
        tw.partial_dependence(poor, FRAME, "age")


def test_numbers_are_no_warning(recwarn):
    tw.partial_dependence(ages, FRAME, "income")
    assert not recwarn.list


def test_a_column_without_finite_values():
    with pytest.raises(ValueError, match="column 'income' has no finite values"):
        tw.partial_dependence(ages, FRAME.assign(income=np.inf), "income")
