"""The importance widget in a real JupyterLab: bars, curves, a shuffle, light and dark, narrow."""

import pytest
from importance_view import bars, choose, names, open_widget, row_of, rows, settle, start_again
from playwright.sync_api import expect

# What would scroll inside an element: boxes that are wider or higher inside than out.
SCROLLING = """
(root) => [...root.querySelectorAll("*")].filter((element) => {
    const { overflowX, overflowY } = getComputedStyle(element);
    const scrolls = (overflow) => overflow === "auto" || overflow === "scroll";
    return (scrolls(overflowX) && element.scrollWidth > element.clientWidth)
        || (scrolls(overflowY) && element.scrollHeight > element.clientHeight);
}).map((element) => `${element.className} ${element.scrollWidth} > ${element.clientWidth}, or `
    + `${element.scrollHeight} > ${element.clientHeight}`)
"""

NARROW = """
import ipywidgets
box = ipywidgets.VBox([widget], layout={"width": "500px", "overflow": "hidden"})
box
"""

# The contrast (WCAG) of an element's ink against the nearest ground that is not transparent.
CONTRAST = """
(element) => {
    // "rgb(0, 127, 255)", or of mixed colours "color(srgb 0 0.5 1)".
    const channels = (colour) => {
        const unit = colour.startsWith("color") ? 255 : 1;
        return colour.match(/[\\d.]+/g).map((part, k) => part * (k < 3 ? unit : 1));
    };
    const luminance = (colour) => {
        const [r, g, b] = channels(colour).map((value) => {
            const part = value / 255;
            return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const style = getComputedStyle(element);
    const ink = element instanceof SVGElement ? style.fill : style.color;
    let node = element, ground = "rgba(0, 0, 0, 0)";
    while (channels(ground)[3] === 0) {
        ground = getComputedStyle(node).backgroundColor;
        node = node.parentElement;
    }
    const [dark, light] = [luminance(ink), luminance(ground)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
}
"""


@pytest.fixture(scope="module")
def notebook(open_notebook):
    return open_widget(open_notebook, NARROW)


@pytest.fixture
def view(notebook):
    return start_again(notebook)


def test_the_first_display_asks_and_bars_stand_beside_their_names(notebook, view):
    expected = notebook.python("widget.result.to_frame()['feature'].tolist()")
    assert names(view).all_inner_texts() == expected
    widths = [bars(view).nth(k).bounding_box()["width"] for k in range(5)]
    assert widths == sorted(widths, reverse=True)
    for k in range(5):
        name, bar = names(view).nth(k).bounding_box(), bars(view).nth(k).bounding_box()
        number = view.locator(".tfi-numbers > div").nth(k).bounding_box()
        middle = bar["y"] + bar["height"] / 2
        for beside in (name, number):
            assert abs(beside["y"] + beside["height"] / 2 - middle) <= 1
    assert view.locator(".tfi-table .dot").count() == 5 * 3, "every repeat a dot"


def test_a_click_on_a_bar_opens_the_curves(notebook, view):
    expect(view.locator(".tfi-side .bqplot")).to_have_count(0)
    rows(view).nth(row_of(view, "strong")).click()
    notebook.wait_until("widget.dependence is not None")
    settle(notebook)
    assert notebook.python("widget.feature") == "strong"
    expect(view.locator(".tfi-side .bqplot")).to_have_count(2)
    expect(view.locator(".tfi-side .bqplot").first).to_contain_text("strong")
    expect(view.locator(".tfi-side")).to_contain_text("3 repeats, 200 of resampled rows")
    curves = view.locator(".tfi-side .bqplot").first.locator("path.line")
    assert curves.count() >= 40
    assert notebook.python("widget.result.evaluations") == 0


def test_keys_choose_a_column_too(notebook, view):
    names(view).first.locator("input").focus()
    notebook.page.keyboard.press("ArrowDown")
    notebook.wait_until("widget.feature != ''")
    expect(names(view).nth(1).locator("input")).to_be_checked()
    assert notebook.python("widget.feature") == names(view).nth(1).inner_text()
    settle(notebook)


def test_categories_are_named_on_the_axis(notebook, view):
    choose(notebook, view, "colour")
    for colour in ("red", "green", "blue"):
        expect(view.locator(".tfi-side .bqplot").first).to_contain_text(colour)


def test_a_button_animates_one_shuffle(notebook, view):
    choose(notebook, view, "strong")
    view.get_by_role("button", name="Shuffle strong").click()
    shown = view.locator(".tfi-shuffle")
    expect(shown.locator(".tfi-mover")).to_have_count(6)
    expect(shown).to_contain_text("ROC AUC of all rows")
    animation = "(element) => getComputedStyle(element).animationName"
    assert shown.locator(".tfi-mover").first.evaluate(animation) == "tfi-fly"
    settle(notebook)
    view.get_by_role("button", name="Shuffle strong").click()
    expect(view.locator(".tfi-shuffle[data-take='2']")).to_be_visible()

    notebook.page.emulate_media(reduced_motion="reduce")
    assert shown.locator(".tfi-mover").first.evaluate(animation) == "none"
    notebook.page.emulate_media(reduced_motion="no-preference")


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_every_word_can_be_read(notebook, view, theme):
    notebook.set_theme(f"JupyterLab {theme}")
    try:
        expect(view).to_have_attribute("data-ground", theme.lower())
        choose(notebook, view, "strong")
        words = ".tfi-numbers b, .tfi-ends, .tfi-muted, .axis .tick text"
        for word in view.locator(f":is({words}, .tfi-title, .axislabel):visible").all():
            assert word.evaluate(CONTRAST) >= 4.5, word.inner_text()
    finally:
        notebook.set_theme("JupyterLab Light")


def test_in_a_narrow_box_the_curves_stand_below_the_bars(notebook, view):
    choose(notebook, view, "strong")
    notebook.run(1)
    narrow = notebook.output(1).locator(".tfi-importance")
    expect(narrow.locator(".tfi-side .bqplot")).to_have_count(2)
    above = narrow.locator(".tfi-wide").bounding_box()
    below = narrow.locator(".tfi-side").bounding_box()
    assert below["y"] >= above["y"] + above["height"]
    assert below["x"] == above["x"]
    for box in (above, below):
        assert box["width"] <= 500


@pytest.mark.parametrize("width", [370, 430, 500, 600, 760, 900])
def test_at_any_width_the_bars_keep_room_and_nothing_scrolls(notebook, view, width):
    choose(notebook, view, "strong")
    notebook.run(1)
    narrow = notebook.output(1).locator(".tfi-importance")
    notebook.python(f"setattr(box.layout, 'width', '{width}px')")
    expect(narrow.locator(".tfi-side .bqplot")).to_have_count(2)
    notebook.page.wait_for_function(
        "([element, width]) => element.getBoundingClientRect().width === width",
        arg=[narrow.element_handle(), width],
    )
    assert narrow.locator(".tfi-table .bqplot").bounding_box()["width"] >= 140
    inside, outside = narrow.locator(".tfi-numbers-box").bounding_box(), narrow.bounding_box()
    assert inside["x"] + inside["width"] <= outside["x"] + outside["width"]
    assert narrow.evaluate(SCROLLING) == []
