"""What the importance widget shows: bars, numbers, names, and what a click on them does."""

import re

import numpy as np
import pytest
from importance import Gated, labels, settled, table

import tfinterp_widgets as tw
from tfinterp_widgets.widgets.importance import words

X = table()
Y = labels(X)


@pytest.fixture
def widget(gate, view):  # noqa: ARG001  # the view has to be there first
    widget = tw.PermutationImportance(Gated(gate), X, Y, repeats=3)
    widget.explain()
    assert settled(widget) == "done"
    yield widget
    widget.close()


@pytest.fixture
def board(widget):
    return widget._board


def names(board):
    return [name for _, name in board._names.options]


def test_bars_are_sorted_and_stand_beside_their_names_and_numbers(widget, board):
    order = np.argsort(-widget.result.mean)
    assert names(board) == [widget.result.feature_names[row] for row in order]
    assert np.allclose(board._bars._bars.y, widget.result.mean[order])
    assert np.allclose(board._bars._dots.x, widget.result.importances[order].ravel())
    assert np.allclose(board._bars._intervals.x, widget.result.interval[order])
    assert board._numbers.value.count("<b>") == 4
    assert "line: 95 % interval over rows" in board._bars_title.value
    assert board._bars._axis.label == "Drop of ROC AUC when shuffled"


def test_a_column_whose_interval_holds_0_is_grey_and_it_is_said(widget, board):
    low, high = widget.result.interval.T
    nothing = set(X.columns[(low <= 0) & (high >= 0)])
    assert "idle" in nothing
    assert "strong" not in nothing
    colours = dict(zip(names(board), board._bars._bars.colors, strict=True))
    grey = {colours[name] for name in nothing}
    assert len(grey) == 1
    assert grey.isdisjoint({colours[name] for name in set(X.columns) - nothing})
    assert board._numbers.value.count("holds 0") == len(nothing)


@pytest.mark.parametrize(
    ("mean", "interval", "expected"),
    [
        (0.004, [-0.0004, 0.0231], "<b>.0040</b> [−.0004, .0231]"),
        (0.0004, [-0.0012, 0.0023], "<b>.000</b> [−.001, .002]"),
        (0.0002, [-0.0002, 0.0003], "<b>.0002</b> [−.0002, .0003]"),
        (0.004, [0.0, 0.02], "<b>.004</b> [.000, .020]"),
        (0.0, [0.0, 0.0], "<b>.00</b> [.00, .00]"),
        (0.0, [-1e-17, 0.0], "<b>.00</b> [.00, .00]"),
    ],
)
def test_numbers_have_the_decimals_that_tell_them_apart(mean, interval, expected):
    means, ends = np.array([1.2, mean]), np.array([[1.1, 1.3], interval])
    html = words.numbers_beside(means, ends, np.array([False, True]), ["large", "small"])
    large, small = re.sub("</?(span|div)[^>]*>", "", html).split("<b>")[1:]
    assert large == "1.20</b> [1.10, 1.30]"
    assert f"<b>{small}" == f"{expected} holds 0"


def test_a_click_on_a_bar_or_a_name_chooses_its_column(widget, board):
    board._bars._rows._handle_custom_msg({"event": "element_click", "data": {"index": 1}}, [])
    assert widget.feature == names(board)[1]
    assert settled(widget) == "done"
    assert board._names.value == widget.feature
    assert np.flatnonzero(board._bars._rows.opacities).tolist() == [1]
    board._names.value = names(board)[0]
    assert widget.feature == names(board)[0]
    assert settled(widget) == "done"
    assert board._curves._bottom.label == widget.feature


def test_curves_and_drops_are_there_while_a_column_is_chosen(widget, board):
    assert board._side.children == (board._invitation,)
    widget.feature = "strong"
    assert settled(widget) == "done"
    assert board._side.children == (board._details,)
    assert "3 repeats, 200 of resampled rows" in board._drops_title.value
    widget.feature = ""
    assert board._side.children == (board._invitation,)
    assert not any(board._bars._rows.opacities)


def test_a_search_and_a_top_show_some_columns_only(widget, board):
    widget.search = "W"
    assert names(board) == ["twin", "weak"] or names(board) == ["weak", "twin"]
    widget.search = "nowhere"
    assert names(board) == []
    assert "none of 4 columns" in board._bars_title.value
    assert "tfi-empty" in board._table._dom_classes
    widget.search = ""
    widget.top = 2
    assert len(names(board)) == 2
    assert "2 of 4 columns" in board._bars_title.value
    widget.top = 15
    assert len(names(board)) == 4
    assert "tfi-empty" not in board._table._dom_classes


def test_controls_and_traits_follow_one_another(widget, board):
    controls = board.controls
    controls.repeats.value = 2
    assert widget.repeats == 2
    widget.repeats = 4
    assert controls.repeats.value == 4
    controls.metric.value = "accuracy"
    assert widget.metric == "accuracy"
    controls.grouped.value = True
    assert widget.grouped is True
    assert controls.correlation.layout.display is None
    controls.search.value = "st"
    assert widget.search == "st"
    assert settled(widget) == "done"
    assert widget.result.metric == "accuracy"


def test_the_menu_offers_the_metrics_that_fit(widget, board):
    options = dict(board.controls.metric.options)
    assert options["auto: ROC AUC"] == "auto"
    assert "log_loss" in options.values()
    assert "mse" not in options.values()
    widget.metric = "mse"  # which the run then refuses, in sight
    assert board.controls.metric.value == "mse"
    assert settled(widget) == "error"


def test_buttons_are_there_when_they_help(widget, board, gate):
    cancel, again = board.controls.cancel.layout, board.controls.again.layout
    assert (cancel.display, again.display) == ("none", "none")
    gate.close()
    widget.repeats = 5
    gate.await_chunk()
    assert (cancel.display, again.display) == (None, "none")
    board.controls.cancel.click()
    gate.open()
    assert settled(widget) == "cancelled"
    assert (cancel.display, again.display) == ("none", None)
    board.controls.again.click()
    assert settled(widget) == "done"
    assert widget.result.importances.shape == (4, 5)


def test_bars_are_dimmed_until_they_answer_what_is_asked(widget, board, gate):
    def dimmed():
        return "tfi-stale" in board._table._dom_classes

    gate.close()
    widget.repeats = 5
    gate.await_chunk()
    assert not dimmed(), "the same question, answered better"
    widget.seed = 1
    assert dimmed()
    gate.open()
    assert settled(widget) == "done"
    assert not dimmed()


def test_names_are_text_and_no_markup(gate, view):  # noqa: ARG001
    frame = X.rename(columns={"strong": "<b>&\"'"})

    def model(rows):
        return rows["<b>&\"'"]

    widget = tw.PermutationImportance(model, frame, Y, repeats=1, feature="<b>&\"'")
    widget.explain()
    assert settled(widget) == "done", widget.status
    widget.shuffle()
    assert settled(widget) == "done"
    for part in (widget._board._numbers, widget._board._shuffle):
        assert "<b>&" not in part.value
    widget.close()


def test_it_can_be_saved_as_a_picture_and_as_a_page(widget, tmp_path):
    widget.feature = "strong"
    assert settled(widget) == "done"
    picture = widget.save_png(tmp_path / "importance.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    page = widget.save_html(tmp_path / "importance.html").read_text(encoding="utf-8")
    assert "Permutation importance, ROC AUC" in page
    assert "http" not in page
    assert page.count("<tr>") == 1 + 4


def test_before_its_answer_there_is_nothing_to_save(gate, view, tmp_path):  # noqa: ARG001
    widget = tw.PermutationImportance(Gated(gate), X, Y)
    with pytest.raises(RuntimeError, match="call explain"):
        widget.save_png(tmp_path / "importance.png")
    data, _ = widget._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "image/png" in data
    widget.close()
    data, _ = widget._repr_mimebundle_()
    assert data.keys() == {"text/plain", "image/png"}
