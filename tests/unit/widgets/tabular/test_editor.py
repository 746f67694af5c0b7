"""The line in which a row is edited: what a person does is an edit, and nothing else is."""

import credit
import numpy as np
import pandas as pd
import pytest
from answers import done

import tfinterp_widgets as tw


def matrix(frame):
    """Missing ages are 40, and cities count as there or not."""
    return np.stack(
        [
            frame["age"].fillna(40).to_numpy(np.float32),
            frame["visits"].to_numpy(np.float32),
            frame["city"].notna().to_numpy(np.float32),
        ],
        axis=1,
    )


@pytest.fixture
def gaps():
    """An explorer of a table with decimals and missing values, its first column among them."""
    frame = pd.DataFrame(
        {
            "age": [np.nan, 35.04, 18.5, 79.125],
            "visits": [1, 4, 30_007, 2],
            "city": ["Bern", None, "Zug", "Bern"],
        }
    )
    weights = np.array([[0.02], [0.0001], [1.0]], np.float32)
    explorer = tw.TabularExplorer(lambda x: x @ weights, frame, preprocess=matrix)
    yield explorer
    explorer.close()


def echo_all(editor):
    """Say what a page says that rounds, clamps and repeats whatever it was sent."""
    for part in editor.value.parts:
        value = part.value
        if hasattr(part, "step"):
            stops = round((value - part.min) / part.step)
            value = min(max(part.min + stops * part.step, part.min), part.max)
            part.set_state({"value": value})
        elif hasattr(part, "options"):
            part.set_state({"index": part.index})
        else:
            part.set_state({"value": value})


def test_what_a_page_repeats_of_any_value_is_no_edit(gaps):
    editor = gaps._board.editor
    for row in range(4):
        gaps.row = row
        for name in ("age", "visits", "city"):
            editor.choose(name)
            echo_all(editor)
            assert gaps.edits == {}, (row, name)
    assert done(gaps) == "done"


def test_a_slider_keeps_its_ends_while_its_column_is_edited(gaps):
    editor = gaps._board.editor
    editor.choose("age")
    slider = editor.value.slider
    before = (slider.min, slider.max, slider.step)
    gaps.edits = {"age": 1e6}
    gaps.row = 1
    assert (slider.min, slider.max, slider.step) == before
    assert editor.value.slider is slider
    assert done(gaps) == "done"


def test_another_column_has_a_control_of_its_own(gaps):
    editor = gaps._board.editor
    editor.choose("age")
    old = editor.value.slider
    editor.choose("visits")
    assert editor.value.slider is not old
    assert old not in editor.box.children[0].children
    assert old.comm is None


def test_a_slider_edits_in_steps_and_a_field_exactly(gaps):
    gaps.row = 1
    editor = gaps._board.editor
    editor.choose("age")
    assert editor.value.field.value == "35.04"
    editor.value.slider.set_state({"value": editor.value.slider.value + 1})
    assert gaps.edits == {"age": 35.1}
    assert editor.value.field.value == "35.1"
    editor.value.field.set_state({"value": "−12.3456789"})  # beyond the slider
    assert gaps.edits == {"age": -12.3456789}
    assert editor.value.slider.value == editor.value.slider.min
    editor.value.field.set_state({"value": "old"})
    assert "expected a number" in gaps.status["message"]
    assert (gaps.edits, editor.value.field.value) == ({"age": -12.3456789}, "-12.3456789")


def test_a_missing_number_is_said_to_be_and_can_be_set_and_taken_back(gaps):
    editor = gaps._board.editor
    editor.choose("age")
    assert editor.value.field.value == "missing"
    assert editor.value.slider.layout.display == "none"
    editor.value.field.set_state({"value": "50"})
    assert gaps.edits == {"age": 50.0}
    assert editor.value.slider.layout.display is None
    editor.value.field.set_state({"value": ""})
    assert gaps.edits == {}
    gaps.row = 1
    gaps.edits = {"age": np.nan}
    assert gaps.edits == {"age": None}
    assert gaps.get_state("edits") == {"edits": {"age": None}}
    assert done(gaps) == "done"
    assert gaps.result.values[0] is None
    assert gaps.result.prediction == pytest.approx(0.02 * 40 + 0.0001 * 4)


def test_a_missing_level_is_one_of_the_menu(gaps):
    editor = gaps._board.editor
    editor.choose("city")
    menu = editor.value.menu
    assert [label for label, _ in menu.options] == ["Bern", "Zug", "(missing)"]
    menu.value = None
    assert gaps.edits == {"city": None}
    assert done(gaps) == "done"
    assert gaps.result.prediction == pytest.approx(0.02 * 40 + 0.0001)
    gaps.row = 1
    assert menu.value is None
    assert gaps.edits == {}


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        ({"visits": 2.5}, "visits=2.5; expected a whole number, as the column holds int64"),
        ({"visits": None}, "no row of X has a missing value there; expected a finite number"),
        ({"visits": float("nan")}, "visits=nan, but no row of X has a missing value there"),
    ],
)
def test_what_a_column_cannot_hold_is_refused(gaps, edits, words):
    gaps.edits = edits
    assert gaps.edits == {}
    assert words in gaps.status["message"]


def test_edits_of_several_columns_are_kept_until_reset(finished):
    editor = finished._board.editor
    editor.choose("age")
    assert editor.value.slider.value == finished._rows.row(0).values[0]
    editor.value.slider.value += 1
    age = editor.value.slider.value
    assert finished.edits == {"age": age}
    assert str(age) in editor.edits.value
    editor.choose("housing")
    other = next(name for name in credit.HOUSING if name != editor.value.menu.value)
    editor.value.menu.value = other
    assert finished.edits == {"age": age, "housing": other}
    editor.reset.click()
    assert finished.edits == {}
    assert editor.value.menu.value != other
    assert done(finished) == "done"


def test_choosing_another_column_or_row_is_no_edit(finished):
    for name in finished._rows.names:
        finished._board.editor.choose(name)
    finished.row = 9
    assert finished.edits == {}
    assert done(finished) == "done"


def test_a_level_of_very_many_is_typed_and_a_wrong_one_put_right():
    frame = credit.table()
    frame["name"] = [f"person {k:03d}" for k in range(60)]
    frame = pd.concat([frame, frame.assign(name=[f"friend {k:03d}" for k in range(60)])])
    explorer = tw.TabularExplorer(credit.model(), frame, preprocess=credit.preprocess)
    editor = explorer._board.editor
    editor.choose("name")
    field = editor.value.field
    assert field.value == "person 000"
    field.value = "friend 007"
    assert explorer.edits == {"name": "friend 007"}
    field.value = "nobody"
    assert explorer.edits == {"name": "friend 007"}
    assert field.value == "friend 007"
    assert "expected one of" in explorer.status["message"]
    explorer.close()
