"""The tabular explorer in JupyterLab: rows picked, values edited, by pointer and by keys."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from explorer_view import widget_messages, written
from lab import wait_until
from playwright.sync_api import expect
from tabular_view import view_of

FOLDER = str(Path(__file__).parent)
CELLS = [
    f"""
import sys
sys.path.append({FOLDER!r})
import gated, numpy as np
import tfinterp_widgets as tw

gate = gated.gate
credit = tw.samples.german_credit()
explorer = tw.TabularExplorer(
    gated.GatedEngine(credit.model), credit.X_test, credit.y_test,
    preprocess=credit.preprocess, class_names=credit.class_names, sample=30,
)
START = {{name: getattr(explorer, name) for name in
         "row target method steps baseline edits search wrong_only sort_by descending "
         "confidence view top".split()}}

def start_again():
    gate.error = None
    gate.open()
    with explorer.hold_trait_notifications():
        for name, value in START.items():
            setattr(explorer, name, value)
    explorer.explain()
    return explorer.wait(60)

def contributions():
    result = explorer.result
    return result.contributions[result.order[:explorer.top]]

probability = credit.model(credit.preprocess(credit.X_test)).numpy()[:, 0]
wrong = np.flatnonzero((probability > 0.5) != credit.y_test)
explorer
""",
    """
tw.TabularExplorer(
    credit.model, credit.X_test, credit.y_test, preprocess=credit.preprocess,
    class_names=credit.class_names, row=220,
)
""",
]


@pytest.fixture
def view(notebook):
    """The view, with every trait as it was at first and its answer on display."""
    assert notebook.python("start_again()")
    view = view_of(notebook, 0)
    expect(view.headline).to_contain_text("Row 0 ")
    expect(view.alert).to_have_count(0)
    expect_bars(notebook, view)
    return view


def expect_bars(notebook, view):
    """Wait until each bar is as long as its contribution, on the same scale."""
    expected = np.abs(notebook.array("contributions()"))

    def fits():
        lengths = np.array(list(view.bars().values()))
        if len(lengths) != len(expected):
            return False
        return np.abs(lengths / lengths.max() - expected / expected.max()).max() < 0.01

    wait_until(fits, "bars show the contributions", notebook.page, 30)


def settle(notebook):
    notebook.wait_until("explorer.wait(60) and explorer.status['state'] == 'done'")


def test_the_table_says_what_the_model_does_and_what_is_true(notebook, view):
    name, probability, label = notebook.python(
        "[credit.class_names[int(probability[0] > 0.5)], "
        "float(max(probability[0], 1 - probability[0])), credit.class_names[credit.y_test[0]]]"
    )
    cells = view.cells(0)
    assert cells[:4] == ["0", name, f"{100 * probability:.1f} %", label]
    expect(view.count).to_have_text("300 of 300 rows")
    expect(view.headline).to_contain_text(f"{100 * notebook.python('float(probability[0])'):.1f} %")


def test_a_click_on_a_row_explains_it_and_sends_nothing_else(notebook, view):
    before = len(notebook.sent)
    view.row(4).click()
    settle(notebook)
    assert written(notebook, before) == [{"row": 4}]
    expect(view.headline).to_contain_text("Row 4 ")
    assert notebook.python("explorer.result.row") == 4
    expect_bars(notebook, view)


def test_arrow_keys_move_through_the_rows_and_ask_when_they_come_up(notebook, view):
    keyboard = notebook.page.keyboard
    view.grid.focus()
    before = len(notebook.sent)
    for _ in range(3):
        keyboard.down("ArrowDown")  # held: it repeats
    expect(view.row(3)).to_have_attribute("aria-selected", "true")
    assert written(notebook, before) == []
    keyboard.up("ArrowDown")
    settle(notebook)
    assert written(notebook, before) == [{"row": 3}]
    expect(view.headline).to_contain_text("Row 3 ")
    keyboard.press("End")
    expect(view.headline).to_contain_text("Row 299 ")
    assert view.row(299).bounding_box() is not None
    expect_bars(notebook, view)


def test_an_edited_number_moves_the_bars(notebook, view):
    before = view.bars()
    view.choose("Edit", "duration")
    slider = view.root.get_by_role("slider")  # the others are not in sight
    slider.focus()
    for _ in range(6):
        notebook.page.keyboard.press("ArrowLeft")
    notebook.wait_until("'duration' in explorer.edits")
    settle(notebook)
    own, edited = notebook.python("[int(credit.X_test['duration'][0]), explorer.edits['duration']]")
    assert edited < own
    expect_bars(notebook, view)
    after = view.bars()
    assert any(name == f"duration = {edited}" for name in after)
    assert after != before
    expect(view.headline).to_contain_text("1 edited")
    view.button("Reset").click()
    settle(notebook)
    assert notebook.python("explorer.edits") == {}
    wait_until(lambda: view.bars() == before, "the bars are back", notebook.page, 30)


def test_an_edited_category_moves_the_bars(notebook, view):
    view.choose("Edit", "housing")
    other = notebook.python(
        "next(level for level in credit.X_test['housing'].cat.categories "
        "if level != credit.X_test['housing'][0])"
    )
    view.choose("Value", other)
    notebook.wait_until(f"explorer.edits == {{'housing': {other!r}}}")
    settle(notebook)
    expect_bars(notebook, view)


def test_choosing_columns_to_edit_edits_nothing(notebook, view):
    before = len(notebook.sent)
    for row in (3, 8):
        view.row(row).click()
        for column in ("duration", "credit_amount", "age", "savings", "duration"):
            view.choose("Edit", column)
            notebook.wait_until(f"explorer._board.editor.column.value == {column!r}")
        expect(view.root.get_by_label("Exact value")).to_have_value(
            notebook.python(f"str(credit.X_test['duration'][{row}])")
        )
    settle(notebook)
    assert notebook.python("explorer.edits") == {}
    told = [name for state in written(notebook, before) for name in state]
    assert "value" not in told
    view.root.get_by_label("Exact value").fill("100")  # beyond the longest, 60
    notebook.page.keyboard.press("Enter")
    notebook.wait_until("explorer.edits == {'duration': 100}")
    settle(notebook)


def test_a_click_on_a_bar_chooses_its_column_to_edit(notebook, view):
    second = notebook.python("explorer.result.columns[explorer.result.order[1]]")
    view.root.locator(".tfi-row-view .bargroup rect").nth(1).click()
    expect(view.root.get_by_label("Edit", exact=True)).to_have_value(second)


def test_another_row_to_compare_with_is_picked_in_the_table(notebook, view):
    view.row(5).click(modifiers=["Shift"])
    settle(notebook)
    assert notebook.python("[explorer.baseline, explorer.baseline_row]") == ["row", 5]
    expect(view.root.get_by_label("Baseline", exact=True)).to_have_value("Another row")
    expect(view.root.locator(".tfi-row-view")).to_contain_text("Row 5: ")
    expect_bars(notebook, view)


def test_wrong_predictions_are_found_without_the_kernel(notebook, view):
    wrong = notebook.python("wrong.tolist()")
    before = len(notebook.sent)
    view.root.get_by_label("wrong only").check()
    expect(view.count).to_have_text(f"{len(wrong)} of 300 rows")
    assert view.numbers() == wrong[: len(view.numbers())]
    assert written(notebook, before) == [{"wrong_only": True}]
    assert notebook.python("explorer.wrong_only")


def test_the_row_is_in_sight_wherever_it_is_set(notebook, view):
    notebook.python("setattr(explorer, 'row', 150)")
    settle(notebook)
    expect(view.row(150)).to_be_in_viewport()
    assert 150 in view.numbers()
    view.button("Many rows").click()
    settle(notebook)
    view.button("One row").click()  # the table is made anew
    expect(view.row(150)).to_be_in_viewport()


def test_a_row_chosen_before_the_first_display_is_in_sight(notebook):
    notebook.run(1)
    there = view_of(notebook, 1)
    expect(there.headline).to_contain_text("Row 220 ")
    expect(there.row(220)).to_be_in_viewport()
    expect(there.row(220)).to_have_attribute("aria-selected", "true")


def test_cells_show_all_of_what_they_hold(view):
    is_cut = "(all) => all.map((one) => one.scrollWidth > one.clientWidth)"
    assert not any(view.grid.locator(".tfi-cell").evaluate_all(is_cut))


def test_a_heading_sorts_and_a_search_finds(notebook, view):
    view.sort_by("confidence")
    expect(view.grid.locator("[aria-sort=ascending]")).to_contain_text("confidence")
    order = notebook.python("np.argsort(np.abs(probability - 0.5), kind='stable').tolist()")
    assert view.numbers()[:5] == order[:5]
    view.root.get_by_label("Search the rows").press_sequentially("car (new)")
    found = notebook.python("int((credit.X_test['purpose'] == 'car (new)').sum())")
    expect(view.count).to_have_text(f"{found} of 300 rows")
    assert notebook.python("explorer.search") == ""
    notebook.page.keyboard.press("Enter")
    notebook.wait_until("explorer.search == 'car (new)'")
    view.root.get_by_label("Search the rows").fill("spaceship")
    expect(view.count).to_have_text("0 of 300 rows")
    expect(view.grid).to_contain_text("No row matches “spaceship”.")


def test_many_rows_are_dots_and_a_click_on_one_explains_it(notebook, view):
    view.button("Many rows").click()
    settle(notebook)
    dots = view.root.locator(".tfi-swarm .dot")
    expect(dots).to_have_count(30 * 12)
    expect(view.root.locator(".tfi-swarm .bargroup rect")).to_have_count(12)
    row = notebook.python("int(explorer.global_result.rows[3])")
    dots.nth(3 * 12).dispatch_event("click")  # dots of a crowd lie on one another
    settle(notebook)
    expect(view.headline).to_contain_text(f"Row {row} ")
    assert notebook.python("explorer.view") == "row"


def test_a_run_is_cancelled(notebook, view):
    notebook.python("setattr(explorer, 'steps', 40)")  # of which no answer is known yet
    settle(notebook)
    notebook.python("gate.close()")
    view.button("Many rows").click()
    notebook.wait_until("gate.waiting")
    expect(view.root.get_by_role("progressbar", name="Progress")).to_be_visible()
    view.button("Cancel").click()
    notebook.python("gate.open()")
    expect(view.root.locator(".tfi-footer")).to_contain_text("Cancelled")
    assert notebook.python("explorer.status['state']") == "cancelled"
    view.button("Try again").click()
    settle(notebook)
    expect(view.root.locator(".tfi-swarm .dot")).to_have_count(30 * 12)


def test_an_error_is_shown_and_the_next_answer_recovers(notebook, view):
    notebook.python("gate.fail(RuntimeError('out of paper'))")
    view.row(6).click()
    expect(view.alert).to_contain_text("out of paper")
    expect(view.headline).to_contain_text("Row 0 ")
    view.button("Try again").click()
    settle(notebook)
    expect(view.alert).to_have_count(0)
    expect(view.headline).to_contain_text("Row 6 ")


def test_a_wrong_value_from_python_is_shown_and_the_result_stays(notebook, view):
    notebook.python("setattr(explorer, 'edits', {'durations': 3})")
    expect(view.alert).to_contain_text("Did you mean 'duration'?")
    expect(view.headline).to_contain_text("Row 0 ")
    view.row(2).click()
    settle(notebook)
    expect(view.alert).to_have_count(0)


CONTRAST = """(element) => {
    const channels = (colour) => {
        const canvas = document.createElement("canvas");
        const context = canvas.getContext("2d");
        context.fillStyle = colour;
        context.fillRect(0, 0, 1, 1);
        return [...context.getImageData(0, 0, 1, 1).data];
    };
    const light = ([r, g, b]) => [r, g, b].reduce((sum, value, k) => {
        const part = value / 255;
        const linear = part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        return sum + [0.2126, 0.7152, 0.0722][k] * linear;
    }, 0);
    const ground = (node) => {
        const colour = channels(getComputedStyle(node).backgroundColor);
        return colour[3] < 255 ? ground(node.parentElement) : colour;
    };
    const style = getComputedStyle(element);
    const ink = element instanceof SVGElement ? style.fill : style.color;
    const [a, b] = [light(channels(ink)), light(ground(element))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_text_stands_out_on_either_ground(notebook, view, theme):
    notebook.set_theme(theme)
    ground = "dark" if theme.endswith("Dark") else "light"
    expect(view.root).to_have_attribute("data-ground", ground)
    for selector in (
        ".tfi-cell >> nth=3",
        ".tfi-row .tfi-cell >> nth=9",
        ".tfi-said b",
        ".tfi-row-view .axis .tick text >> nth=0",
        ".tfi-row-view text.label >> nth=0",
        ".tfi-hint",
        ".widget-label >> nth=1",
    ):
        assert view.root.locator(selector).first.evaluate(CONTRAST) >= 4.5, selector


OVERLAPS = """(figures) => figures.flatMap((figure) => {
    const outer = figure.closest(".tfi-main").getBoundingClientRect();
    const boxes = (selector) => [...figure.querySelectorAll(selector)]
        .filter((one) => one.textContent.trim() !== "")
        .map((one) => ({ text: one.textContent, ...one.getBoundingClientRect().toJSON() }));
    const ticks = boxes(".axis .tick text");
    const level = ticks.filter((a, k) => ticks.some((b, l) => l > k && a.left < b.right + 1
        && b.left < a.right + 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3));
    const beyond = [...ticks, ...boxes("text.label")]
        .filter((one) => one.left < outer.left - 1 || one.right > outer.right + 1);
    return [...level, ...beyond].map((one) => one.text);
})"""


def test_nothing_is_cut_or_runs_together_in_a_narrow_window(notebook, view):
    page, size = notebook.page, notebook.page.viewport_size
    page.set_viewport_size({"width": 500, "height": 1600})
    try:
        page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
        wait_until(lambda: view.root.bounding_box()["width"] < 480, "it is narrow", page)
        for button in ("One row", "Many rows"):
            view.button(button).click()
            settle(notebook)
            figures = view.root.locator(".tfi-main .bqplot:visible")
            wait_until(lambda f=figures: f.evaluate_all(OVERLAPS) == [], "all is legible", page)
            titles = view.root.locator(".tfi-main .tfi-axis-title").all()
            boxes = [title.bounding_box() for title in titles]
            assert all(box["width"] > 0 for box in boxes)
            assert all(a["x"] + a["width"] <= b["x"] for a, b in pairwise(boxes))
    finally:
        page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
        page.set_viewport_size(size)


def test_what_the_page_is_sent_stays_small(notebook, view):
    before = len(notebook.received)
    view.row(7).click()
    settle(notebook)
    updates = widget_messages(notebook.received[before:])
    assert not [update for update in updates if "_columns" in update.get("state", {})]
