"""Questions to the real classifier in JupyterLab, asked by pointer and by keys."""

from __future__ import annotations

import re

import numpy as np
import pytest
from cells import DEMO
from explorer_view import settle, widget_messages, written
from playwright.sync_api import expect

CELLS = [DEMO]


def test_computed_levels_are_dragged_without_a_message(notebook, view):
    positions = {k: notebook.array(f"picture({2**k})") for k in (5, 4, 2, 3)}
    before = len(notebook.sent)
    seen = []

    def look(part):
        position = round(part * 9)
        view.expect_picture("Attribution", positions[position])
        assert len(notebook.sent) == before, "a message before the release"
        seen.append(position)

    view.drag(view.slider("Steps"), [k / 9 for k in positions], look)
    settle(notebook)

    assert seen == [5, 4, 2, 3]
    assert widget_messages(notebook.sent[before:]) == [
        {"method": "update", "state": {"steps": 8}, "buffer_paths": []}
    ]
    assert notebook.python("explorer.steps") == 8
    assert notebook.python("explorer.result.method.steps") == 8
    assert notebook.python("explorer.result.evaluations") == 0
    view.expect_picture("Attribution", notebook.array("picture()"))
    expect(view.progress).to_contain_text("0 evaluations")


def test_steps_by_keys_write_once_for_each_key(notebook, view):
    slider, keyboard = view.slider("Steps"), notebook.page.keyboard
    view.drag(slider, [])
    expect(slider).to_be_focused()
    # Here JupyterLab has shortcuts of its own on the arrow keys.
    keyboard.press("Escape")
    command_mode = ".jp-Notebook.jp-mod-commandMode:not(.jp-mod-readWrite)"
    expect(notebook.page.locator(command_mode)).to_be_visible()
    expect(slider).to_be_focused()
    before = len(notebook.sent)

    keyboard.press("ArrowLeft")
    for _ in range(3):
        keyboard.down("ArrowLeft")  # held: it repeats
    assert written(notebook, before) == [{"steps": 32}]
    keyboard.up("ArrowLeft")
    settle(notebook)

    assert written(notebook, before) == [{"steps": 32}, {"steps": 4}]
    assert notebook.python("[explorer.steps, explorer.result.method.steps]") == [4, 4]
    assert notebook.python("explorer.result.evaluations") == 0
    view.expect_picture("Attribution", notebook.array("picture()"))


def test_a_number_between_the_stops_is_computed_as_typed(notebook, view):
    field = view.root.get_by_role("spinbutton", name="Number of steps")
    field.click(click_count=3)
    notebook.page.keyboard.type("12")
    notebook.page.keyboard.press("Enter")
    settle(notebook)

    assert notebook.python("[explorer.steps, explorer.result.method.steps]") == [12, 12]
    view.expect_picture("Attribution", notebook.array("picture()"))


def test_class_search_by_keyboard(notebook, view):
    keyboard = notebook.page.keyboard
    listbox = view.root.get_by_role("listbox")
    first_map = view.canvas("Attribution")

    view.search("Target class", "tench")
    expect(listbox.get_by_role("option")).to_have_count(1)
    expect(view.root.get_by_text("1 of 1,000 classes")).to_be_visible()
    keyboard.press("Enter")
    settle(notebook)

    assert notebook.python("[explorer.target, explorer.result.target]") == [0, 0]
    expect(view.combobox("Target class")).to_have_value("tench")
    view.expect_picture("Attribution", notebook.array("picture()"))
    assert (view.canvas("Attribution") != first_map).any()

    view.search("Target class", "retriever")
    names = notebook.python("explorer.engine.class_names")
    matches = [name for name in names if "retriever" in name.lower()]
    expect(listbox.get_by_role("option")).to_have_count(len(matches))
    keyboard.press("ArrowDown")
    keyboard.press("ArrowDown")
    keyboard.press("ArrowUp")
    chosen = listbox.get_by_role("option").nth(1).locator("span").first.inner_text()
    keyboard.press("Enter")
    settle(notebook)

    assert chosen in matches
    assert notebook.python("explorer.result.target") == names.index(chosen)

    before = len(notebook.sent)
    view.search("Target class", "goose")
    keyboard.press("Escape")
    expect(listbox).to_have_count(0)
    expect(view.combobox("Target class")).to_have_value(chosen)
    assert len(notebook.sent) == before


def test_a_contrast_explains_one_class_minus_another(notebook, view):
    view.button("vs another class").click()
    view.search("Class to subtract", "tiger cat")
    notebook.page.keyboard.press("Enter")
    settle(notebook)

    cat, tiger = 285, 282
    assert notebook.python("explorer.target") == [cat, tiger]
    assert notebook.python("explorer.result.target") == [cat, tiger]
    scores = notebook.python(
        "{p.index: p.score for p in explorer.engine.predict(photos[0], top=None)}"
    )
    difference = scores[str(cat)] - scores[str(tiger)]
    assert notebook.python("explorer.result.score") == pytest.approx(difference, abs=1e-4)
    view.expect_picture("Attribution", notebook.array("picture()"))

    view.button("× one class only").click()
    settle(notebook)
    assert notebook.python("explorer.result.target") == cat


def test_click_on_a_top_class_makes_it_the_target(notebook, view):
    bar = view.button("tabby")
    expect(bar).to_have_attribute("aria-pressed", "false")
    bar.click()
    settle(notebook)

    assert notebook.python("[explorer.target, explorer.result.target]") == [281, 281]
    expect(bar).to_have_attribute("aria-pressed", "true")
    view.expect_picture("Attribution", notebook.array("picture()"))


def test_saliency_takes_no_steps_and_no_baseline(notebook, view):
    view.choose_method("Saliency")
    settle(notebook)

    assert notebook.python("type(explorer.result.method).__name__") == "Saliency"
    view.expect_picture("Attribution", notebook.array("picture()"))
    expect(view.slider("Steps")).to_have_count(0)
    expect(view.root.get_by_role("combobox", name="Baseline")).to_have_count(0)


def test_copied_code_gives_the_same_values(notebook, view):
    notebook.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    view.button("tiger cat").click()
    settle(notebook)
    expect(view.button("tiger cat")).to_have_attribute("aria-pressed", "true")
    view.button("Copy as code").click()
    expect(view.button("Copied")).to_be_visible()
    code = notebook.page.evaluate("() => navigator.clipboard.readText()")

    assert "explorer" not in code.replace("what the explorer was given", "")
    values = notebook.array(
        f"(lambda names: (exec({code!r}, names), names['attribution'].values)[1])({{}})"
    )
    expected = notebook.array("explorer.result.values")
    # Another engine may find chunks of another size: sums in another order.
    assert np.abs(values - expected).sum() < 1e-3 * np.abs(expected).sum()


def test_a_wrong_value_from_python_is_explained_and_recovered_from(notebook, view):
    shown = view.canvas("Attribution")
    notebook.python("setattr(explorer, 'target', 1000)")

    alert = view.root.get_by_role("alert")
    expect(alert).to_contain_text("1000")
    assert notebook.python("explorer.status['state']") == "error"
    assert (view.canvas("Attribution") == shown).all(), "the last good result stays"
    assert notebook.python("explorer.result.target") == 285

    view.button("tabby").click()
    settle(notebook)
    expect(alert).to_have_count(0)
    view.expect_picture("Attribution", notebook.array("picture()"))
    assert notebook.python("explorer.result.target") == 281


def test_cancel_stops_a_long_run_and_keeps_the_last_result(notebook, view):
    field = view.root.get_by_role("spinbutton", name="Number of steps")
    field.click(click_count=3)
    notebook.page.keyboard.type("4096")
    notebook.page.keyboard.press("Enter")
    # All of them until the first chunk is there, then those that the answer for 64 has not known.
    expect(view.progress).to_contain_text(re.compile("of (4096|4032)"), timeout=30_000)
    view.button("Cancel").click()
    expect(view.progress).to_contain_text("cancelled", timeout=30_000)

    status = notebook.python("explorer.status")
    assert status["state"] == "cancelled"
    assert status["done"] < 4096
    assert notebook.python("explorer.result.method.steps") == 64
    assert notebook.python("[explorer._result['level'], explorer._result['final']]") == [64, True]
