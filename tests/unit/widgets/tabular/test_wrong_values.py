"""Wrong values are refused: the trait keeps its last good one, and the status says why."""

import credit
import numpy as np
import pandas as pd
import pytest
from answers import done

import tfinterp_widgets as tw


@pytest.mark.parametrize(
    ("trait", "value", "match"),
    [
        ("row", 60, "row=60; expected a whole number from 0 to 59"),
        ("row", "first", "is a str"),
        ("target", 1, "one output unit"),
        ("method", "gradient", "unknown"),
        ("steps", 0, "from 1 to 4096"),
        ("baseline", "medium", "Did you mean 'median'"),
        ("baseline_row", -1, "from 0 to 59"),
        ("edits", {"agee": 3}, "Did you mean 'age'"),
        ("edits", {"age": "old"}, "expected a number"),
        ("edits", [1], "expected a dict"),
        ("search", 3, "expected text"),
        ("wrong_only", "yes", "expected True or False"),
        ("sort_by", "confidences", "Did you mean 'confidence'"),
        ("descending", 1, "expected True or False"),
        ("confidence", (0.9, 0.1), "the smaller limit first"),
        ("confidence", 0.5, "expected a pair"),
        ("view", "rows", "expected one of 'row', 'global'"),
        ("sample", 0, "from 1"),
        ("top", 0, "from 1 to 200"),
    ],
)
def test_a_wrong_value_is_refused_and_the_result_stays(finished, trait, value, match):
    before, result = getattr(finished, trait), finished.result
    setattr(finished, trait, value)
    assert getattr(finished, trait) == before
    assert finished.result is result
    assert finished.status["state"] == "error"
    assert match in finished.status["message"]
    assert 'role="alert"' in finished._board.controls.state.value
    finished.explain()
    assert done(finished) == "done"
    assert finished.status["message"] == ""


def test_a_wrong_value_raises_while_the_explorer_is_made(frame):
    with pytest.raises(ValueError, match="from 0 to 59"):
        tw.TabularExplorer(credit.model(), frame, preprocess=credit.preprocess, row=60)


@pytest.mark.parametrize(
    ("changes", "error", "match"),
    [
        ({"preprocess": None}, TypeError, "purpose, housing hold no numbers"),
        ({"labels": [0, 1]}, ValueError, "2 labels, but X has 60 rows"),
        ({"columns": ["age"]}, ValueError, "names 1 columns, but the matrix has 7"),
        ({"class_names": ["a", "b", "c"]}, ValueError, "class_names has 3 names"),
        ({"stepps": 3}, TypeError, "Did you mean 'steps'"),
        ({"preprocess": lambda raw: np.ones((len(raw), 3))}, ValueError, "matrix of 3 columns"),
    ],
)
def test_arguments_that_do_not_fit_are_refused_by_name(frame, changes, error, match):
    given = {"labels": None, "preprocess": credit.preprocess, **changes}
    with pytest.raises(error, match=match):
        tw.TabularExplorer(credit.model(), frame, **given)


def test_an_engine_with_its_own_preprocessing_is_refused(frame):
    engine = tw.AttributionEngine(credit.model(), preprocess=lambda rows: rows)
    with pytest.raises(ValueError, match="preprocess of its own"):
        tw.TabularExplorer(engine, frame, preprocess=credit.preprocess)


def test_an_empty_table_is_refused():
    with pytest.raises(ValueError, match="0 rows"):
        tw.TabularExplorer(credit.model(), np.empty((0, 7)))


def test_a_row_that_cannot_be_explained_is_an_error_and_the_next_one_is_not():
    values = credit.preprocess(credit.table(5))
    values[1, 0] = np.nan
    explorer = tw.TabularExplorer(credit.model(), values)
    explorer.row = 1
    assert done(explorer) == "error"
    assert "NaN or infinite" in explorer.status["message"]
    assert "Fill these in `preprocess`" in explorer.status["message"]
    assert explorer._board.controls.again.layout.display is None
    explorer.row = 2
    assert done(explorer) == "done"
    assert explorer.result.row == 2
    explorer.close()


def test_a_table_without_any_usable_row_says_so():
    explorer = tw.TabularExplorer(credit.model(), np.full((3, 7), np.nan))
    explorer.explain()
    assert done(explorer) == "error"
    assert "each of the first 3 rows" in explorer.status["message"]
    explorer.close()


def test_a_model_that_fails_is_an_error_in_place(finished, gate):
    gate.close()
    gate.error = RuntimeError("out of paper")
    finished.row = 4
    gate.let_one_through()
    assert done(finished) == "error"
    assert "out of paper" in finished.status["message"]
    assert finished.result.row == 0
    gate.open()
    finished._board.controls.again.click()
    assert done(finished) == "done"
    assert finished.result.row == 4


def test_missing_values_may_be_edited():
    frame = pd.DataFrame({"a": [1.0, np.nan, 3.0], "b": [1.0, 2.0, 3.0]})

    def filled(raw):
        numbers = raw.fillna(0).to_numpy(np.float32)
        return np.concatenate([numbers, np.zeros((len(raw), 5), np.float32)], axis=1)

    explorer = tw.TabularExplorer(credit.model(), frame, preprocess=filled, row=1)
    explorer.edits = {"a": 7}
    assert done(explorer) == "done"
    assert explorer.result.values == (7.0, 2.0)
    explorer.close()


def test_nothing_is_wrong_where_no_labels_were_given(frame):
    with pytest.raises(ValueError, match="no labels were given"):
        tw.TabularExplorer(credit.model(), frame, preprocess=credit.preprocess, wrong_only=True)
