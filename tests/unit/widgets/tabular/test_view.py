"""What a person does in the view reaches the traits, and what the traits say reaches the view."""

import gc
import weakref

import credit
import numpy as np
import pytest
from answers import PATIENCE, done

import tfinterp_widgets as tw
from tfinterp_widgets.pictures.numbers import shortened
from tfinterp_widgets.widgets.tabular.words import value_text


def controls(explorer):
    return explorer._board.controls


def test_controls_show_the_traits_and_set_them(finished):
    assert controls(finished).steps.value == 8
    finished.baseline = "mean"
    assert controls(finished).baseline.value == "mean"
    controls(finished).baseline.value = "zero"
    controls(finished).steps.value = 16
    controls(finished).method.value = "Saliency"
    assert (finished.baseline, finished.steps, finished.method) == ("zero", 16, "Saliency")
    assert controls(finished).steps.layout.display == "none"
    assert controls(finished).baseline.layout.display == "none"
    assert done(finished) == "done"


def test_a_pick_in_the_table_is_the_row(finished):
    finished._table.set_state({"row": 11})
    assert finished.row == 11
    assert done(finished) == "done"
    assert finished.result.row == 11


def test_a_row_to_compare_with_becomes_the_baseline(finished):
    run = finished.status["run"]
    finished._table.set_state({"baseline_row": 4})
    assert (finished.baseline, finished.baseline_row) == ("row", 4)
    assert finished.status["run"] == run + 1
    assert controls(finished).baseline_row.layout.display is None
    finished.baseline = "median"
    assert finished._table.baseline_row is None
    assert done(finished) == "done"


def test_what_the_table_may_not_say_is_put_right(finished):
    finished._table.set_state({"row": 999})
    assert finished.row == 0
    assert finished._table.row == 0
    assert "from 0 to 59" in finished.status["message"]


def test_the_table_says_how_it_is_sorted_and_filtered(finished):
    finished._table.set_state({"sort_by": "age", "descending": True, "search": "car"})
    finished._table.set_state({"wrong_only": True, "confidence": [0.5, 0.75]})
    assert (finished.sort_by, finished.descending, finished.search) == ("age", True, "car")
    assert (finished.wrong_only, finished.confidence) == (True, (0.5, 0.75))


def test_bars_stand_in_order_with_names_values_and_the_rest(finished):
    finished.top = 2
    result, bars = finished.result, finished._board._bars
    np.testing.assert_allclose(bars._bars.y[:2], result.contributions[result.order[:2]])
    assert bars._bars.y[2] == pytest.approx(result.contributions[result.order[2:]].sum())
    names = [bars._names.tick_labels[str(k)] for k in range(3)]
    first = result.order[0]
    assert names[0].startswith(result.columns[first])
    assert names[2] == "2 other columns"
    assert bars.title.value == "contribution to good, in log-odds"


def test_bars_name_the_values_of_the_row_that_is_compared_with(finished):
    with finished.hold_trait_notifications():
        finished.baseline, finished.baseline_row = "row", 9
    assert done(finished) == "done"
    result, names = finished.result, finished._board._bars._names.tick_labels
    at = result.order[0]
    assert names["0"].endswith(f" (other: {shortened(value_text(result.baseline_values[at]), 6)})")
    finished.baseline = "median"
    assert done(finished) == "done"
    assert "other:" not in finished._board._bars._names.tick_labels["0"]


def test_positive_bars_are_orange_and_negative_ones_blue(finished):
    from tfinterp_widgets.charts.frame import BLUE, ORANGE

    bars = finished._board._bars._bars
    assert bars.colors == [BLUE if value < 0 else ORANGE for value in bars.y]


def test_a_click_on_a_bar_chooses_its_column_to_edit(finished):
    second = finished.result.columns[finished.result.order[1]]
    finished._board._choose_bar(1)
    assert finished._board.editor.column.value == second


def test_a_click_on_a_dot_explains_its_row(finished):
    finished.view = "global"
    assert done(finished) == "done"
    finished._board._choose_dot(7)
    assert finished.view == "row"
    assert finished.row == finished.global_result.rows[7]
    assert done(finished) == "done"


def test_dots_lie_at_their_contributions_in_rows_of_columns(finished):
    finished.view = "global"
    assert done(finished) == "done"
    found, dots = finished.global_result, finished._board._swarm._dots
    order = found.order
    np.testing.assert_allclose(dots.x.reshape(-1, 4), found.contributions[:, order])
    np.testing.assert_array_equal(np.round(dots.y.reshape(-1, 4)), np.tile(np.arange(4), (60, 1)))
    assert ((dots.color >= 0) & (dots.color <= 1)).all()


def test_progress_and_cancel_are_there_while_it_runs(explorer, gate):
    gate.close()
    explorer.view = "global"
    gate.await_chunk()
    assert controls(explorer).cancel.layout.display is None
    assert "<progress" in controls(explorer).state.value
    controls(explorer).cancel.click()
    gate.open()
    assert done(explorer) == "cancelled"
    assert controls(explorer).cancel.layout.display == "none"
    assert "Cancelled" in controls(explorer).state.value


def test_names_with_markup_are_shown_as_text(labels):
    import pandas as pd

    values = credit.preprocess(credit.table())
    frame = pd.DataFrame(values, columns=[f"<b>{k}</b>" for k in range(7)])
    explorer = tw.TabularExplorer(credit.model(), frame, labels, class_names=["<i>", "<u>"])
    explorer.edits = {"<b>0</b>": 1.5}
    assert done(explorer) == "done"
    written = explorer._board._said.value + explorer._board.editor.edits.value
    assert "<u>" not in written
    assert "<b>0" not in written
    assert "&lt;b&gt;0" in written
    explorer.close()


def test_an_explorer_that_is_closed_takes_no_more_questions_and_is_freed(frame):
    explorer = tw.TabularExplorer(credit.model(), frame, preprocess=credit.preprocess)
    explorer.explain()
    assert explorer.wait(PATIENCE)
    explorer.close()
    with pytest.raises(RuntimeError, match="closed"):
        explorer.explain()
    explorer.row = 3
    assert explorer.result.row == 0
    gone = weakref.ref(explorer)
    del explorer
    gc.collect()
    assert gone() is None


def test_the_table_is_sent_the_levels_that_its_rows_show():
    import pandas as pd

    from tfinterp_widgets.evaluation.rows.raw_columns import RawColumn
    from tfinterp_widgets.widgets.shared.table_view import column_message
    from tfinterp_widgets.wire import from_wire

    column = RawColumn("job", pd.Series(["c", None, "a", "c", "b", "d"]))
    message = column_message(column, 4)
    assert message["levels"] == ["a", "c"]
    assert from_wire(message["values"]).tolist() == [1, -1, 0, 1]
    assert from_wire(column_message(column, 1)["values"]).tolist() == [0]


def test_a_method_object_brings_its_steps_along(frame):
    explorer = tw.TabularExplorer(
        credit.model(), frame, preprocess=credit.preprocess, method=tw.IntegratedGradients(steps=32)
    )
    assert explorer.steps == 32
    explorer.close()
