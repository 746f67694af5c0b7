"""What a person does in the view reaches the traits, and what the traits say reaches the view."""

import gc
import weakref

import numpy as np
import pandas as pd
import pytest
from answers import PATIENCE, done

import tfinterp_widgets as tw
from tfinterp_widgets.wire import from_wire

RENT = (("housing", "rent"),)
RENT_ID = '[["housing", "rent"]]'


def values(explorer, metric="accuracy", model=0):
    """What the view was sent of a metric, by slice."""
    answer = explorer._view._answer
    sent = next(each for each in answer["metrics"] if each["name"] == metric)
    found = from_wire(sent["models"][model]["value"])
    return dict(zip(answer["table"]["ids"], found, strict=True))


def test_the_view_is_sent_what_the_table_holds(finished):
    table, sent = finished.result, values(finished)
    assert sent[""] == table[()]["accuracy"].value
    assert sent[RENT_ID] == table[RENT]["accuracy"].value
    slices = finished._view._answer["table"]
    assert from_wire(slices["counts"]).tolist() == table.counts.tolist()
    assert slices["weights"] is None
    assert slices["keys"][-1] == [["housing", "rent"]]
    features = {each["name"]: each for each in finished._view._features}
    assert features["age"] == {"name": "age", "kind": "bins", "levels": 4}
    assert features["housing"] == {"name": "housing", "kind": "category", "levels": 2}


def test_the_view_can_move_the_threshold_by_itself(finished):
    curves, answer = finished._view._curves, finished._view._answer
    assert curves["partition"] == answer["partition"]
    stops = from_wire(curves["stops"])
    (model,) = curves["models"]
    at = int(np.flatnonzero(stops == 0.29)[0])
    place = answer["table"]["ids"].index(RENT_ID)
    recall = from_wire(model["above_positive"])[place, at] / from_wire(model["positives"])[place]
    assert recall == finished.result.at_threshold(0.29)[RENT]["recall"].value


def test_curves_are_sent_once_for_the_same_slices(finished):
    before = finished._view._curves
    finished.threshold = 0.3
    assert done(finished) == "done"
    assert finished._view._curves is before
    assert finished._view._answer["partition"] == before["partition"]
    finished.slices = ["housing"]
    assert done(finished) == "done"
    assert finished._view._curves["partition"] == finished._view._answer["partition"]
    assert finished._view._curves is not before


def test_what_a_person_picks_is_set_and_asked(finished):
    view = finished._view
    view.set_state({"selected": RENT_ID, "baseline": ""})
    assert (finished.selected, finished.baseline) == (RENT, ())
    view.set_state({"slices": [["housing"]], "metric": "recall", "threshold": 0.25})
    assert (finished.slices, finished.metric, finished.threshold) == (
        (("housing",),),
        "recall",
        0.25,
    )
    view.set_state({"search": "rent", "sort_by": "n", "descending": True, "min_count": 5})
    assert (finished.search, finished.sort_by, finished.descending) == ("rent", "n", True)
    view.set_state({"brush": [0.5, 0.75]})
    assert finished.brush == (0.5, 0.75)
    assert done(finished) == "done"


def test_messages_of_the_view_are_heard(finished):
    run = finished.status["run"]
    finished._view._handle_custom_msg({"kind": "explain"}, [])
    assert done(finished) == "done"
    assert finished.status["run"] == run + 1
    finished._view._handle_custom_msg({"kind": "find", "metric": "accuracy"}, [])
    assert done(finished) == "done"
    assert finished.findings is not None
    finished._view._handle_custom_msg({"kind": "cancel", "run": finished.status["run"]}, [])
    assert finished.status["state"] == "done"  # that run is over


def test_examples_are_listed_by_their_rows(finished, rows):
    labels, scores, frame = rows
    finished.selected = RENT
    assert done(finished) == "done"
    table = finished._board.examples.table
    listed = from_wire(table._rows)
    np.testing.assert_array_equal(listed, finished.selected_examples)
    np.testing.assert_array_equal(from_wire(table._labels), labels[listed])
    decided = from_wire(table._predictions["predicted"])
    np.testing.assert_array_equal(decided, scores[listed] > 0.5)
    ages = next(each for each in table._columns if each["name"] == "age")
    np.testing.assert_array_equal(from_wire(ages["values"]), frame["age"][listed])
    assert finished._board.examples.box in finished.children
    finished.selected = None
    assert finished._board.examples.box not in finished.children


def test_a_click_on_an_example_hands_it_to_an_explorer(finished, rows):
    _, _, frame = rows
    weights = np.array([[0.1], [0.2]], np.float32)
    other = tw.TabularExplorer(lambda rows: rows @ weights, np.column_stack([frame["age"]] * 2))
    finished.explain_with(other)
    finished.selected = RENT
    assert done(finished) == "done"
    row = int(finished.selected_examples[2])
    finished._board.examples.table.set_state({"row": row})
    assert (finished.example, other.row) == (row, row)
    assert finished._board._hand_on_box in finished.children
    assert other.wait(PATIENCE)
    finished.close()
    assert other.comm is not None  # it is the user's
    other.close()


def test_an_explorer_of_some_rows_only_says_which_it_lacks(finished, rows):
    _, _, frame = rows
    shown = [5, 9, 200]
    X = frame[["age"]].to_numpy(np.float32)[shown]
    other = tw.TabularExplorer(lambda rows: rows * 0.1, X)
    finished.explain_with(other, rows=shown)
    finished.example = 200
    assert other.row == 2
    finished.example = 6
    assert other.row == 2
    assert "Row 6 is not among" in finished._board._said.value
    other.close()


def test_only_explorers_of_single_inputs_are_handed_examples(finished):
    with pytest.raises(TypeError, match="`image_index` or `row`"):
        finished.explain_with(finished)
    with pytest.raises(TypeError, match="`image_index` or `row`"):
        finished.explain_with("explorer")


@pytest.fixture
def many():
    """An explorer of more slices than a person can read one by one."""
    random = np.random.default_rng(0)
    shop = random.integers(0, 80, 2000).astype(str)
    labels, scores = random.integers(0, 2, 2000), random.uniform(0, 1, 2000)
    explorer = tw.SliceExplorer(
        labels, scores, pd.DataFrame({"shop": shop}), metrics=["accuracy"], interval=None
    )
    explorer.explain()
    assert done(explorer) == "done"
    yield explorer
    explorer.close()


def test_many_slices_are_shown_as_a_histogram_too(many):
    board = many._board
    assert board._histogram_box in many.children
    counts = board.histogram._bins.y[::2]
    assert counts.sum() == 80
    assert board.histogram._whole.x[0] == many.result[()]["accuracy"].value
    many.min_count = int(np.sort(many.result.counts)[::-1][20])
    assert board._histogram_box not in many.children


def test_the_brush_is_linked_to_the_view_in_the_page(many):
    link = many._board._link
    assert link.source == (many._board.histogram.brush, "selected")
    assert link.target == (many._view, "brush")


def test_few_slices_need_no_histogram(finished):
    assert finished._board._histogram_box not in finished.children


def test_names_with_markup_are_shown_as_text():
    frame = pd.DataFrame({"<b>": ["<i>", "<u>"] * 20})
    explorer = tw.SliceExplorer([0, 1] * 20, np.linspace(0, 1, 40), frame)
    explorer.selected = {"<b>": "<i>"}
    assert done(explorer) == "done"
    title = explorer._board.examples._title.value
    assert "<b>" not in title
    assert "&lt;b&gt;: &lt;i&gt;" in title
    explorer.close()


def test_the_heading_of_examples_says_in_which_order_they_are_and_of_which_model(rows):
    labels, scores, features = rows
    of_two = tw.SliceExplorer(labels, {"old": scores, "new": 1 - scores}, features)
    of_numbers = tw.SliceExplorer(labels * 1.5, scores, features)
    orders = ("the wrong ones of new first", "the largest errors first")
    for explorer, order in zip((of_two, of_numbers), orders, strict=True):
        explorer.selected = RENT
        assert done(explorer) == "done", explorer.status
        assert order in explorer._board.examples._title.value
        explorer.close()


def test_a_closed_explorer_is_freed(rows):
    explorer = tw.SliceExplorer(*rows)
    explorer.explain()
    assert explorer.wait(PATIENCE)
    explorer.close()
    gone = weakref.ref(explorer)
    del explorer
    gc.collect()
    assert gone() is None
