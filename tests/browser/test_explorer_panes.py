"""What the panes show of the real classifier: crosshair, zoom, and how a map is drawn."""

from __future__ import annotations

import re

import numpy as np
import pytest
from cells import DEMO
from explorer_view import Readout, over, written
from playwright.sync_api import expect

CELLS = [DEMO]


def test_draws_photograph_map_and_overlay(notebook, view):
    photograph, colours = notebook.array("photos[0]"), notebook.array("picture()")

    shown = view.picture("Input", photograph.shape)
    assert (shown[..., :3] == photograph).all()
    assert (shown[..., 3] == 255).all()
    view.expect_picture("Overlay", over(colours, photograph, 0.7))

    red, blue = (view.canvas("Attribution")[..., k].astype(int) for k in (0, 2))
    assert (red - blue > 60).mean() > 0.05, "orange: for the class"
    assert (blue - red > 60).mean() > 0.05, "blue: against it"


def test_nothing_around_or_in_it_needs_to_scroll(view):
    scrolling = view.root.evaluate(
        """root => {
          const around = [];
          for (let each = root; each !== null; each = each.parentElement) around.push(each);
          const output = around.findIndex(each => each.matches(".jp-OutputArea-output"));
          const scrolls = each => /auto|scroll/.test(getComputedStyle(each).overflow);
          const full = each =>
            each.scrollHeight > each.clientHeight || each.scrollWidth > each.clientWidth;
          return [...around.slice(0, output + 1), ...root.querySelectorAll("*")]
            .filter(each => scrolls(each) && full(each) && each.checkVisibility())
            .map(each => each.className);
        }"""
    )
    assert scrolling == []


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
