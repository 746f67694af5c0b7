"""Methods of every family on the real classifier in JupyterLab, with their parameters."""

from __future__ import annotations

import lab as harness
import numpy as np
import pytest
from cells import DEMO
from explorer_view import settle, written
from playwright.sync_api import expect

CELLS = [DEMO]

# Of every element in the header how far it sticks out of it, where it does by more than a pixel.
STICKING_OUT = """(root) => {
    const header = root.querySelector(".tfi-header");
    const { left, right } = header.getBoundingClientRect();
    return [...header.querySelectorAll(".tfi-field, .tfi-parameter, select, input")]
        .map((element) => [element.className || element.tagName, element.getBoundingClientRect()])
        .filter(([, box]) => box.left < left - 1 || box.right > right + 1)
        .map(([name, box]) => `${name}: ${box.left - left} to ${box.right - right}`);
}"""

# How far names, and controls, that stand in one row of the header lie above one another; names
# beside that of the method are smaller, and left out.
OUT_OF_LINE = """(root) => {
    const header = root.querySelector(".tfi-header");
    const find = (selector) => [...header.querySelectorAll(selector)]
        .filter((element) => element.closest(".tfi-aside") === null);
    const top = (element) => {
        const words = document.createRange();
        words.selectNodeContents(element);
        return { name: element.textContent, top: words.getBoundingClientRect().top };
    };
    const frame = (element) => ({
        name: element.getAttribute("aria-label") ?? element.className,
        top: element.getBoundingClientRect().top,
    });
    const names = find(".tfi-field-head > label, .tfi-parameter > :first-child").map(top);
    const controls = find("select, .tfi-combobox, input[type=number]").map(frame);
    const inRow = (one, other) => Math.abs(one.top - other.top) < 14;
    return [names, controls].flatMap((row) => row.flatMap((one, k) => row.slice(k + 1)
        .filter((other) => inRow(one, other) && Math.abs(one.top - other.top) > 0.5)
        .map((other) => `${one.name} ${one.top}, ${other.name} ${other.top}`)));
}"""


def enlarged(picture: np.ndarray) -> np.ndarray:
    """A picture of cells, each as many pixels as it covers of a photograph."""
    size = 224 // len(picture)
    return picture.repeat(size, 0).repeat(size, 1)


def each_method(notebook, view, width):
    """Choose one method after another, in a view of some width."""
    view.root.evaluate("(root, width) => { root.parentElement.style.width = width + 'px' }", width)
    for name in notebook.python("list(tw.engine.methods.METHODS)"):
        notebook.python(f"setattr(explorer, 'method', {name!r})")
        expect(view.root.get_by_role("combobox", name="Method")).to_have_value(name)
        yield name
    view.root.evaluate("(root) => { root.parentElement.style.width = '' }")


def test_the_menu_lists_every_method_by_family(notebook, view):
    menu = view.root.get_by_role("combobox", name="Method")
    groups = menu.evaluate(
        "(menu) => [...menu.querySelectorAll('optgroup')].map((group) =>"
        " [group.label, [...group.children].map((option) => option.value)])"
    )
    families = notebook.python(
        "{name: kind.family for name, kind in tw.engine.methods.METHODS.items()}"
    )
    listed = {name: family for family, names in groups for name in names}
    assert listed == families
    assert len(groups) == len(set(families.values()))


def test_rise_previews_at_once_and_can_be_cancelled(notebook, view):
    aside = view.root.locator(".tfi-pane").nth(1).locator(".tfi-aside")
    view.choose_method("RISE")
    expect(view.progress).to_contain_text("of 4000", timeout=30_000)
    expect(aside).to_have_text("running preview")
    first = view.canvas("Attribution")
    harness.wait_until(
        lambda: (view.canvas("Attribution") != first).any(), "a better preview", notebook.page, 30
    )
    view.button("Cancel").click()
    expect(view.progress).to_contain_text("cancelled", timeout=30_000)
    assert notebook.python("type(explorer.result.method).__name__") == "IntegratedGradients"

    view.set_number("Masks", 24)
    settle(notebook)
    assert notebook.python("[explorer.result.method.masks, explorer.result.evaluations]") == [
        24,
        24,
    ]
    view.expect_picture("Attribution", notebook.array("picture()"))
    expect(aside).to_have_text("")
    expect(view.root.locator(".tfi-uncertainty")).to_contain_text("±")
    expect(view.root.locator(".tfi-remark")).to_contain_text("Not centred on zero")
    expect(view.root.get_by_role("radio", name="± signed")).to_be_disabled()


def test_grad_cam_at_a_layer_from_the_menu(notebook, view):
    view.choose_method("Grad-CAM")
    settle(notebook)
    layers = view.root.get_by_role("combobox", name="Layer")
    expect(layers).to_have_value("")
    expect(layers.locator("option:checked")).to_have_text("auto: head_relu6")
    view.expect_picture("Attribution", notebook.array("picture()"))

    before = len(notebook.sent)
    layers.select_option("block5c_expand_relu6")
    settle(notebook)
    assert written(notebook, before) == [{"_method_parameters": {"layer": "block5c_expand_relu6"}}]
    assert notebook.python("explorer.result.method.layer") == "block5c_expand_relu6"
    view.expect_picture("Attribution", notebook.array("picture()"))


def test_the_cells_of_a_layer_are_drawn_over_the_whole_image_and_read(notebook, view):
    view.choose_method("Layer integrated")
    settle(notebook)
    assert notebook.python("explorer.result.values.shape[:2]") == [7, 7]
    view.expect_picture("Attribution", enlarged(notebook.array("picture()")))
    heatmap = notebook.array("explorer.result.heatmap()")
    for row, column in ((0, 0), (3, 5), (6, 6)):
        view.point_at("Overlay", (column + 0.5) / 7, (row + 0.5) / 7)
        assert view.readout.attribution == pytest.approx(heatmap[row, column], rel=0.01)

    before = len(notebook.sent)
    view.drag(view.slider("Steps"), [3 / 9], lambda _: len(notebook.sent) == before)
    settle(notebook)
    assert notebook.python("[explorer.steps, explorer.result.evaluations]") == [8, 0]
    view.expect_picture("Attribution", enlarged(notebook.array("picture()")))


def test_smoothgrad_by_a_held_arrow_key_is_asked_once(notebook, view):
    view.choose_method("SmoothGrad")
    settle(notebook)
    samples, keyboard = view.root.get_by_role("spinbutton", name="Samples"), notebook.page.keyboard
    samples.click()
    before = len(notebook.sent)
    for _ in range(3):
        keyboard.down("ArrowDown")  # held: it repeats
    assert written(notebook, before) == []
    keyboard.up("ArrowDown")
    settle(notebook)
    parameters = {"samples": 47, "noise": 0.15, "seed": 0}
    assert written(notebook, before) == [{"_method_parameters": parameters}]
    assert notebook.python("explorer.result.method.samples") == 47
    view.expect_picture("Attribution", notebook.array("picture()"))


def test_a_number_out_of_bounds_goes_to_the_nearest_that_is_not(notebook, view):
    view.choose_method("SmoothGrad")
    settle(notebook)
    view.set_number("Samples", 0)
    settle(notebook)
    field = view.root.get_by_role("spinbutton", name="Samples")
    expect(field).to_have_value("1")
    assert notebook.python("explorer.result.method.samples") == 1
    notebook.python("setattr(explorer, '_method_parameters', {'samples': -1})")
    expect(view.root.get_by_role("alert")).to_contain_text("samples")
    expect(field).to_have_value("1")


@pytest.mark.parametrize("width", [900, 700, 500, 340])
def test_no_control_sticks_out_of_the_header(notebook, view, width):
    for name in each_method(notebook, view, width):
        assert view.root.evaluate(STICKING_OUT) == [], name


@pytest.mark.parametrize("width", [900, 700, 500, 340])
def test_the_words_of_a_row_of_the_header_stand_on_one_line(notebook, view, width):
    for name in each_method(notebook, view, width):
        assert view.root.evaluate(OUT_OF_LINE) == [], name
