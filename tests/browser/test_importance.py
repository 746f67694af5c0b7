"""The importance widget in a real JupyterLab: bars, curves, controls, errors, light and dark."""

from __future__ import annotations

from pathlib import Path

import lab as harness
import pytest
from playwright.sync_api import Locator, expect

CELL = f"""
import sys
sys.path.append({str(Path(__file__).parent)!r})
import numpy as np, pandas as pd
from gated import gate
import tfinterp_widgets as tw

def table(seed, rows=80):
    random = np.random.default_rng(seed)
    strong = random.normal(size=rows)
    X = pd.DataFrame({{
        "strong": strong,
        "weak": random.normal(size=rows),
        "idle": random.normal(size=rows),
        "twin": strong + .01 * random.normal(size=rows),
        "colour": random.choice(["red", "green", "blue"], rows),
    }})
    return X, (3 * strong + X["weak"] + random.normal(size=rows) > 0).astype(int)

class Model:
    def predict_proba(self, X):
        gate.pass_through()
        positive = 1 / (1 + np.exp(-(3 * X["strong"] + X["weak"] + (X["colour"] == "red"))))
        return np.stack([1 - positive, positive], axis=1)

X, y = table(0)
widget = tw.PermutationImportance(Model(), X, y, train=table(1), repeats=3)

def start_again():
    gate.error = None
    gate.open()
    with widget.hold_trait_notifications():
        widget.metric, widget.repeats, widget.data, widget.feature = "auto", 3, "test", ""
        widget.search, widget.grouped, widget.top = "", False, 15
    widget.explain()
    return widget.wait(60)

widget
"""
ROWS = "[height='24']"  # what lies over all of a row; a bar is lower
NARROW = "import ipywidgets\nipywidgets.VBox([widget], layout={'width': '500px'})"

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
    notebook = open_notebook([CELL, NARROW])
    notebook.run(0)
    notebook.output(0).locator(".tfi-importance").wait_for()
    return notebook


@pytest.fixture
def view(notebook):
    """The widget's view, its settings and its answer as they were at first."""
    assert notebook.python("start_again()")
    view = notebook.output(0).locator(".tfi-importance")
    expect(view.locator(".tfi-state")).to_contain_text("rows predicted")
    expect(view.get_by_role("alert")).to_have_count(0)
    expect(names(view)).to_have_count(5)
    return view


def names(view: Locator) -> Locator:
    return view.locator(".tfi-names .widget-radio-box label")


def row_of(view: Locator, name: str) -> int:
    return names(view).all_inner_texts().index(name)


def bars(view: Locator) -> Locator:
    return view.locator(f".tfi-table .bargroup rect:not({ROWS})")


def rows(view: Locator) -> Locator:
    """What lies over all of each row, to be clicked."""
    return view.locator(f".tfi-table .bargroup rect{ROWS}")


def settle(notebook: harness.Notebook, state: str = "done") -> None:
    notebook.wait_until(f"widget.status['state'] == {state!r}")


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
    names(view).nth(row_of(view, "colour")).click()
    notebook.wait_until("widget.dependence is not None")
    settle(notebook)
    for colour in ("red", "green", "blue"):
        expect(view.locator(".tfi-side .bqplot").first).to_contain_text(colour)


def test_more_repeats_extend_and_another_metric_recomputes_nothing(notebook, view):
    view.locator(".noUi-handle").first.focus()
    notebook.page.keyboard.press("ArrowRight")
    notebook.wait_until("widget.repeats == 4")
    settle(notebook)
    assert notebook.python("widget.result.evaluations") == notebook.python("X.size")
    assert notebook.python("widget.result.importances.shape[1]") == 4

    view.get_by_label("Metric").select_option("log loss")
    notebook.wait_until("widget.metric == 'log_loss'")
    settle(notebook)
    assert notebook.python("widget.result.evaluations") == 0
    expect(view.locator(".tfi-table .bqplot")).to_contain_text("Rise of log loss when shuffled")
    expect(view.locator(".tfi-state")).to_contain_text("nothing predicted anew")


def test_groups_search_and_the_training_part(notebook, view):
    view.get_by_label("Group correlated").check()
    notebook.wait_until("widget.grouped")
    settle(notebook)
    expect(names(view).filter(has_text="strong + twin")).to_have_count(1)
    expect(names(view)).to_have_count(4)

    view.get_by_label("Search").fill("STRO")
    notebook.wait_until("widget.search == 'STRO'")
    expect(names(view)).to_have_count(1)
    expect(bars(view)).to_have_count(1)

    view.get_by_role("button", name="Train").click()
    notebook.wait_until("widget.data == 'train'")
    settle(notebook)
    assert notebook.python("widget.result.evaluations") > 0


def test_cancel_keeps_what_is_known(notebook, view):
    notebook.python("gate.close()")
    notebook.python("setattr(widget, 'repeats', 20)")
    notebook.wait_until("gate.waiting")
    expect(view.locator("progress")).to_be_visible()
    view.get_by_role("button", name="Cancel").click()
    notebook.python("None")  # the kernel has heard it
    notebook.python("gate.open()")
    settle(notebook, "cancelled")
    expect(view.locator(".tfi-state")).to_contain_text("Cancelled")
    expect(names(view)).to_have_count(5)
    assert notebook.python("widget.result.importances.shape[1]") == 3

    view.get_by_role("button", name="Try again").click()
    settle(notebook)
    assert notebook.python("widget.result.importances.shape[1]") == 20


def test_an_error_is_shown_in_place_and_recovered_from(notebook, view):
    notebook.python("gate.fail(RuntimeError('the <model> broke'))")
    notebook.python("setattr(widget, 'repeats', 5)")
    expect(view.get_by_role("alert")).to_contain_text("the <model> broke")
    expect(names(view)).to_have_count(5)
    view.get_by_role("button", name="Try again").click()
    settle(notebook)
    expect(view.get_by_role("alert")).to_have_count(0)
    assert notebook.python("widget.result.importances.shape[1]") == 5

    notebook.python("setattr(widget, 'repeats', 1000)")
    expect(view.get_by_role("alert")).to_contain_text("expected a whole number from 1 to 100")
    expect(view.get_by_role("button", name="Try again")).to_be_hidden()


def test_a_button_animates_one_shuffle(notebook, view):
    names(view).nth(row_of(view, "strong")).click()
    notebook.wait_until("widget.dependence is not None")
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
        names(view).nth(row_of(view, "strong")).click()
        notebook.wait_until("widget.dependence is not None")
        settle(notebook)
        words = ".tfi-numbers b, .tfi-ends, .tfi-muted, .axis .tick text"
        for word in view.locator(f":is({words}, .tfi-title, .axislabel):visible").all():
            assert word.evaluate(CONTRAST) >= 4.5, word.inner_text()
    finally:
        notebook.set_theme("JupyterLab Light")


def test_in_a_narrow_box_the_curves_stand_below_the_bars(notebook, view):
    names(view).nth(row_of(view, "strong")).click()
    notebook.wait_until("widget.dependence is not None")
    settle(notebook)
    notebook.run(1)
    narrow = notebook.output(1).locator(".tfi-importance")
    expect(narrow.locator(".tfi-side .bqplot")).to_have_count(2)
    above = narrow.locator(".tfi-wide").bounding_box()
    below = narrow.locator(".tfi-side").bounding_box()
    assert below["y"] >= above["y"] + above["height"]
    assert below["x"] == above["x"]
    for box in (above, below):
        assert box["width"] <= 500
