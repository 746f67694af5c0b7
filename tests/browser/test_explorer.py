"""The explorer on the real classifier in JupyterLab, moved by pointer and by keys."""

from __future__ import annotations

import re

import lab as harness
import numpy as np
import pytest
from explorer_view import ExplorerView, Readout, over, view_of, widget_messages, written
from playwright.sync_api import expect

CELL = """
import tfinterp_widgets as tw
from tfinterp_widgets.pictures.render import ViewSettings, render

photos = list(tw.samples.photos().values())
explorer = tw.demo()
START = {name: getattr(explorer, name) for name in explorer.keys
         if name in "steps target method baseline image_index".split()
         or name in ViewSettings.__annotations__}

def start_again():
    with explorer.hold_trait_notifications():
        for name, value in START.items():
            setattr(explorer, name, value)
    return explorer.wait(60)

def picture(steps=None, ground="light"):
    result = explorer.result
    if steps is not None:
        method = tw.IntegratedGradients(steps, result.method.baseline)
        result = explorer.engine.attribute(photos[explorer.image_index], result.target, method)
    settings = {name: getattr(explorer, name) for name in ViewSettings.__annotations__}
    reduction = result.method.reduction
    return render(result.heatmap(), reduction, ViewSettings(**settings), ground).pixels

explorer
"""


@pytest.fixture(scope="module")
def notebook(open_notebook) -> harness.Notebook:
    notebook = open_notebook([CELL])
    notebook.run(0)
    view_of(notebook, 0)
    return notebook


@pytest.fixture
def view(notebook: harness.Notebook) -> ExplorerView:
    """The view, with every trait as it was at first and its answer on display."""
    assert notebook.python("start_again()")
    view = view_of(notebook, 0)
    view.see_all()
    view.expect_picture("Attribution", notebook.array("picture()"))
    expect(view.progress).to_contain_text("evaluations")
    return view


def settle(notebook: harness.Notebook) -> None:
    """Wait until the newest question is answered."""
    notebook.wait_until("explorer.wait(60) and explorer.status['state'] == 'done'")


def test_draws_photograph_map_and_overlay(notebook, view):
    photograph, colours = notebook.array("photos[0]"), notebook.array("picture()")

    shown = view.picture("Input", photograph.shape)
    assert (shown[..., :3] == photograph).all()
    assert (shown[..., 3] == 255).all()
    view.expect_picture("Overlay", over(colours, photograph, 0.7))

    red, blue = (view.canvas("Attribution")[..., k].astype(int) for k in (0, 2))
    assert (red - blue > 60).mean() > 0.05, "orange: for the class"
    assert (blue - red > 60).mean() > 0.05, "blue: against it"


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


def assert_true(read: Readout, photograph: np.ndarray, heatmap: np.ndarray) -> None:
    """Hold what is read to what Python knows; attributions have three digits on screen."""
    assert read.rgb == photograph[read.row, read.column].tolist()
    expected = heatmap[read.row, read.column]
    assert read.attribution == pytest.approx(expected, rel=0.005, abs=1e-7)


def test_crosshair_is_in_every_pane_and_reads_true_numbers(notebook, view):
    photograph, heatmap = notebook.array("photos[0]"), notebook.array("explorer.result.heatmap()")
    points = {"Input": (0.2, 0.3), "Attribution": (0.51, 0.5), "Overlay": (0.9, 0.77)}
    for title, (x, y) in points.items():
        view.point_at(title, x, y)
        places = [view.crosshair(pane) for pane in points]
        assert places[0] == pytest.approx((x, y), abs=0.01)
        assert places[1] == pytest.approx(places[0], abs=0.005)
        assert places[2] == pytest.approx(places[0], abs=0.005)

        read = view.readout
        assert (read.column, read.row) == pytest.approx((x * 224, y * 224), abs=2)
        assert_true(read, photograph, heatmap)

    # A click pins it, and the arrow keys move it on.
    notebook.page.mouse.down()
    notebook.page.mouse.up()
    pinned = view.readout
    notebook.page.mouse.move(5, 5)
    for key in ("ArrowLeft", "ArrowLeft", "ArrowDown", "Shift+ArrowUp"):
        notebook.page.keyboard.press(key)
    read = view.readout
    assert (read.column, read.row) == (pinned.column - 2, pinned.row + 1 - 10)
    assert_true(read, photograph, heatmap)
    notebook.page.keyboard.press("Escape")
    assert view.crosshair("Input") is None


def test_zoom_and_pan_are_shared_by_all_panes(notebook, view):
    photograph, colours = notebook.array("photos[0]"), notebook.array("picture()")
    expected = {
        "Input": np.dstack([photograph, np.full(photograph.shape[:2], 255)]),
        "Attribution": colours,
        "Overlay": over(colours, photograph, 0.7),
    }
    before = len(notebook.sent)

    def look(x: float, y: float) -> tuple[int, int]:
        """The picture's pixel at a point of the panes, where each of them shows that pixel."""
        found = set()
        for title, picture in expected.items():
            view.point_at(title, x, y)
            column, row = view.readout.column, view.readout.row
            canvas = view.canvas(title)
            shown = canvas[int(y * len(canvas)), int(x * len(canvas))].astype(int)
            # The point may lie on the edge of the next pixel.
            near = picture[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2]
            assert np.abs(near - shown).max(axis=-1).min() <= 2, (title, shown, near)
            found.add((column, row))
        assert len(found) == 1, found
        return found.pop()

    view.point_at("Attribution", 0.75, 0.25)
    notebook.page.keyboard.down("Control")
    notebook.page.mouse.wheel(0, -120)
    notebook.page.keyboard.up("Control")
    reset = view.root.get_by_role("button", name=re.compile("× reset"))
    expect(reset).to_be_visible()
    fixed = look(0.75, 0.25)
    assert fixed == pytest.approx((168, 56), abs=2), "what is under the pointer stays there"
    left, right = look(0.1, 0.25)[0], look(0.9, 0.25)[0]
    assert right - left < 0.6 * 0.8 * 224, "magnified"

    view.point_at("Overlay", 0.5, 0.5)
    centre = look(0.5, 0.5)
    view.point_at("Overlay", 0.5, 0.5)
    notebook.page.mouse.down()
    view.point_at("Overlay", 0.6, 0.4)
    notebook.page.mouse.up()
    assert np.abs(np.subtract(look(0.6, 0.4), centre)).max() <= 1, "panned with the pointer"

    view.see_all()
    expect(reset).to_have_count(0)
    view.expect_picture("Input", expected["Input"], within=0)
    assert len(notebook.sent) == before, "no message"


CONTROLS = {
    # label: pane that shows it, parts of the track, trait, its value at the last part
    "Opacity": ("Overlay", [0.5, 0.1, 0.3], "opacity", 0.3),
    "Clip": ("Attribution", [0.9, 0.4, 0.8], "clip_percentile", 90),
    "Smooth": ("Attribution", [0.5, 0.1, 0.2], "smooth", 2),
    "Top": ("Attribution", [0.5, 0.05, 0.2], "top_percent", 20),
}


@pytest.mark.parametrize("label", CONTROLS)
def test_a_view_control_is_written_once_on_release(notebook, view, label):
    pane, parts, trait, value = CONTROLS[label]
    seen = [view.canvas(pane)]
    before = len(notebook.sent)

    def look(_):
        seen.append(view.canvas(pane))
        assert len(notebook.sent) == before, "a message before the release"

    view.drag(view.slider(label), parts, look)
    drawn = np.stack(seen)
    assert all((a != b).any() for a, b in zip(drawn[1:], drawn, strict=False)), "drawn at each move"

    (update,) = written(notebook, before)
    assert list(update) == [trait]
    tolerance = {"opacity": 0.011, "top_percent": 1.01}.get(trait, 0.51)
    assert update[trait] == pytest.approx(value, abs=tolerance)
    assert notebook.python(f"explorer.{trait}") == pytest.approx(update[trait])
    colours = notebook.array("picture()")
    view.expect_picture("Attribution", colours)
    opacity = notebook.python("explorer.opacity")
    view.expect_picture("Overlay", over(colours, notebook.array("photos[0]"), opacity), within=3)
    assert notebook.python("explorer.status['state']") == "done"


def test_sign_and_colour_map(notebook, view):
    before = len(notebook.sent)
    view.root.get_by_role("radio", name="+ only").click()
    assert written(notebook, before) == [{"sign": "positive"}]
    view.expect_picture("Attribution", notebook.array("picture()"))

    view.root.get_by_role("radio", name="± signed").click()
    keyboard = notebook.page.keyboard
    keyboard.press("Tab")
    expect(view.root.get_by_role("combobox", name="Colour map")).to_be_focused()
    keyboard.press("End")
    notebook.wait_until("explorer.colormap == 'purple-green'")
    view.expect_picture("Attribution", notebook.array("picture()"))
    assert [*map(list, written(notebook, before))] == [["sign"], ["sign"], ["colormap"]]


def test_saliency_takes_no_steps_and_no_baseline(notebook, view):
    view.root.get_by_role("combobox", name="Method").click()
    notebook.page.keyboard.type("Sal")
    notebook.page.keyboard.press("Enter")
    settle(notebook)

    assert notebook.python("type(explorer.result.method).__name__") == "Saliency"
    view.expect_picture("Attribution", notebook.array("picture()"))
    expect(view.slider("Steps")).to_be_disabled()
    expect(view.root.get_by_role("combobox", name="Baseline")).to_be_disabled()


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


def test_colours_follow_the_dark_theme(notebook, view):
    def luminance(selector: str, colour: str) -> float:
        style = view.root.locator(selector).evaluate(
            "(element, name) => getComputedStyle(element)[name]", colour
        )
        return float(np.mean([float(part) for part in re.findall(r"[\d.]+", style)][:3])) / 255

    neutral = view.picture("Attribution", (224, 224))
    assert luminance(".tfi-card", "backgroundColor") > 0.9
    assert luminance(".tfi-card", "color") < 0.4
    notebook.set_theme("JupyterLab Dark")
    try:
        view.expect_picture("Attribution", notebook.array("picture(ground='dark')"))
        assert luminance(".tfi-card", "backgroundColor") < 0.2
        assert luminance(".tfi-card", "color") > 0.6
        # Where the map says nothing, the light one is the lightest and the dark one the darkest.
        nothing = neutral[..., :3].min(axis=-1) > 235
        dark = view.picture("Attribution", (224, 224))
        assert dark[nothing][:, :3].max() < 60
    finally:
        notebook.set_theme("JupyterLab Light")
    view.expect_picture("Attribution", notebook.array("picture()"))


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
    expect(view.progress).to_contain_text("of 4096", timeout=30_000)
    view.button("Cancel").click()
    expect(view.progress).to_contain_text("cancelled", timeout=30_000)

    status = notebook.python("explorer.status")
    assert status["state"] == "cancelled"
    assert status["done"] < 4096
    assert notebook.python("explorer.result.method.steps") == 64
    assert notebook.python("[explorer._result['level'], explorer._result['final']]") == [64, True]
