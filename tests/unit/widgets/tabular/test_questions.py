"""What the tabular explorer answers, and what makes it ask."""

import credit
import numpy as np
import pytest
from answers import PATIENCE, check_displays, done

import tfinterp_widgets as tw
from tfinterp_widgets.evaluation.rows.rows import Rows


@pytest.fixture(scope="module")
def rows(frame):
    return Rows(frame, credit.preprocess)


def expected(rows, row, baseline, edits=None, other=0):
    """Weight times difference, summed per raw column: the score is linear."""
    difference = rows.row(row, edits).matrix - rows.baseline(baseline, other).matrix
    return rows.sums(credit.WEIGHTS * difference)


def test_making_one_asks_nothing_and_its_first_display_does(explorer):
    assert explorer._table._predictions is None
    check_displays(explorer)


def test_the_answer_is_summed_per_raw_column(finished, rows):
    result = finished.result
    assert result.columns == ("age", "duration", "purpose", "housing")
    np.testing.assert_allclose(result.contributions, expected(rows, 0, "median"), atol=1e-5)
    assert result.attribution.values.shape == (7,)
    assert result.relative_error < 1e-4


@pytest.mark.parametrize("baseline", ["mean", "zero", "row"])
def test_a_baseline_asks_again(finished, rows, baseline):
    with finished.hold_trait_notifications():
        finished.baseline, finished.baseline_row = baseline, 9
    assert done(finished) == "done"
    contributions = expected(rows, 0, baseline, other=9)
    np.testing.assert_allclose(finished.result.contributions, contributions, atol=1e-5)


def test_a_row_asks_again(finished, rows):
    finished.row = 17
    assert done(finished) == "done"
    assert finished.result.row == 17
    np.testing.assert_allclose(
        finished.result.contributions, expected(rows, 17, "median"), atol=1e-5
    )


def test_edits_are_followed_and_are_gone_with_another_row(finished, rows):
    edits = {"duration": 60.0, "housing": "rent"}
    finished.edits = edits
    assert done(finished) == "done"
    np.testing.assert_allclose(
        finished.result.contributions, expected(rows, 0, "median", edits), atol=1e-5
    )
    finished.row = 3
    assert finished.edits == {}
    assert done(finished) == "done"
    np.testing.assert_allclose(
        finished.result.contributions, expected(rows, 3, "median"), atol=1e-5
    )


def test_a_row_and_its_edits_are_set_together(finished):
    run = finished.status["run"]
    with finished.hold_trait_notifications():
        finished.row, finished.edits = 5, {"age": 33}
    assert done(finished) == "done"
    assert (finished.result.row, finished.result.values[0]) == (5, 33)
    assert finished.status["run"] == run + 1


def test_the_value_that_a_row_has_is_no_edit(finished, frame):
    finished.edits = {"age": int(frame["age"][0]), "duration": 5.5}
    assert finished.edits == {"duration": 5.5}


def test_integrated_gradients_by_name_has_the_rule_for_tables(finished):
    assert finished.result.attribution.method.rule == "gauss-legendre"
    assert finished.result.attribution.method.steps == 8


def test_a_method_object_keeps_its_parameters_and_its_steps(finished):
    finished.method = tw.IntegratedGradients(steps=32, rule="midpoint")
    assert done(finished) == "done"
    assert finished.steps == 32
    assert finished.result.attribution.method.rule == "midpoint"
    finished.steps = 4
    assert done(finished) == "done"
    assert finished.result.attribution.method.steps == 4


def test_a_method_without_baseline_explains_too(finished):
    finished.method = "saliency"
    assert done(finished) == "done"
    assert finished.result.convergence_delta is None
    np.testing.assert_allclose(finished.result.contributions[0], credit.WEIGHTS[0], atol=1e-6)


def test_many_rows_are_explained_in_the_global_view(finished, rows):
    finished.sample = 25
    finished.view = "global"
    assert done(finished) == "done"
    found = finished.global_result
    assert found.rows.size == 25
    each = [np.abs(expected(rows, row, "median")) for row in found.rows]
    np.testing.assert_allclose(found.mean_absolute, np.mean(each, axis=0), atol=1e-5)
    assert finished.status["total"] == 25


def test_the_global_view_does_not_ask_about_a_row(finished):
    finished.view = "global"
    assert done(finished) == "done"
    run = finished.status["run"]
    finished.row = 8
    assert finished.status["run"] == run
    finished.view = "row"
    assert done(finished) == "done"
    assert finished.result.row == 8


def test_what_only_the_table_shows_asks_nothing(finished):
    run = finished.status["run"]
    finished.search, finished.wrong_only, finished.sort_by = "car", True, "confidence"
    finished.descending, finished.confidence, finished.top = True, (0.5, 0.9), 3
    assert finished.status["run"] == run
    table = finished._table
    assert (table.search, table.wrong_only, table.sort_by) == ("car", True, "confidence")
    assert (table.descending, table.confidence) == (True, [0.5, 0.9])


def test_cancelling_keeps_the_last_good_result(finished, gate):
    before = finished.result
    gate.close()
    finished.view = "global"
    gate.await_chunk()
    finished.cancel()
    gate.open()
    assert done(finished) == "cancelled"
    assert finished.global_result is None
    assert finished.result is before


def test_the_newest_question_wins(finished, gate):
    gate.close()
    finished.row = 1
    gate.await_chunk()
    finished.row = 2
    gate.open()
    assert done(finished) == "done"
    assert finished.result.row == 2


def test_wait_gives_up_after_its_timeout_and_not_inside_observers(finished, gate):
    gate.close()
    finished.row = 1
    assert finished.wait(0.01) is False
    gate.open()
    assert finished.wait(PATIENCE)
    with finished.hold_trait_notifications(), pytest.raises(RuntimeError, match="hold_trait"):
        finished.wait()


def test_new_weights_predict_the_table_anew(frame, labels):
    model = credit.model()
    explorer = tw.TabularExplorer(model, frame, labels, preprocess=credit.preprocess)
    explorer.explain()
    assert done(explorer) == "done"
    before = bytes(explorer._table._predictions["confidence"]["view"])
    model.set_weights([2 * weight for weight in model.get_weights()])
    explorer.explain()
    assert done(explorer) == "done"
    assert bytes(explorer._table._predictions["confidence"]["view"]) != before
    explorer.close()
