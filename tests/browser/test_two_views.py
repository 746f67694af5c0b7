"""Two explorers side by side, and one explorer shown twice."""

from __future__ import annotations

from pathlib import Path

import lab as harness
import numpy as np
import pytest
from explorer_view import ExplorerView, view_of, written
from playwright.sync_api import expect

SIDE = 24

CELL = f"""
import sys
sys.path.append({str(Path(__file__).parent)!r})
import gated, ipywidgets
import tfinterp_widgets as tw
from tfinterp_widgets.pictures import ViewSettings, has_sign, render

gate, engine, images = gated.gate, gated.engine(), gated.images()
left = tw.AttributionExplorer(engine, images, smooth=0.0, steps=16)
right = tw.AttributionExplorer(engine, images, smooth=0.0, steps=32, image_index=1)

def picture(explorer):
    settings = {{name: getattr(explorer, name) for name in ViewSettings.__annotations__}}
    result = explorer.result
    settings = ViewSettings(**settings)
    return render(result.heatmap(), settings, signed=has_sign(result)).pixels

def idle(explorer):
    return explorer.wait(60) and explorer.status["state"] == "done"

ipywidgets.HBox([left, right])
"""


@pytest.fixture(scope="module")
def notebook(open_notebook) -> harness.Notebook:
    notebook = open_notebook([CELL, "left"])
    notebook.run(0)
    view_of(notebook, 0, 1)
    notebook.wait_until("idle(left) and idle(right)")
    return notebook


def same(notebook: harness.Notebook, view: ExplorerView, explorer: str) -> None:
    """Hold a view to what its explorer knows."""
    view.expect_picture("Attribution", notebook.array(f"picture({explorer})"))


def test_two_explorers_do_not_disturb_one_another(notebook):
    left, right = (view_of(notebook, 0, index) for index in (0, 1))
    same(notebook, left, "left")
    same(notebook, right, "right")
    panes = "Input", "Attribution", "Overlay"
    shown = [right.canvas(pane) for pane in panes]
    state = "{name: value for name, value in right.get_state().items() if name[0] != '_'}"
    before = notebook.python(state)

    # Everything that a person can do to the left one.
    left.root.get_by_role("radio", name="three").click()
    left.drag(left.slider("Steps"), [6 / 9])
    left.drag(left.slider("Opacity"), [0.2])
    left.root.get_by_role("radio", name="+ only").click()
    left.search("Target class", "duck")
    notebook.page.keyboard.press("Enter")
    left.point_at("Input", 0.3, 0.3)
    notebook.page.keyboard.down("Control")
    notebook.page.mouse.wheel(0, -60)
    notebook.page.keyboard.up("Control")
    expect(left.root.get_by_role("button", name="× reset")).to_be_visible()
    notebook.wait_until("idle(left)")

    assert notebook.python("[left.steps, left.image_index, left.target]") == [64, 2, 3]
    assert notebook.python(state) == before
    assert left.crosshair("Overlay") is not None
    assert right.crosshair("Overlay") is None
    for pane, canvas in zip(panes, shown, strict=True):
        assert (right.canvas(pane) == canvas).all(), pane
    left.see_all()
    same(notebook, left, "left")


def test_two_explorers_of_one_engine_run_at_the_same_time(notebook):
    left, right = (view_of(notebook, 0, index) for index in (0, 1))
    notebook.python("gate.close()")
    left.drag(left.slider("Steps"), [1.0])
    right.drag(right.slider("Steps"), [8 / 9])
    expect(left.button("Cancel")).to_be_visible()
    expect(right.button("Cancel")).to_be_visible()
    right.button("Cancel").click()
    notebook.python("gate.open()")
    notebook.wait_until("idle(left)")
    notebook.wait_until("right.wait(60) and right.status['state'] == 'cancelled'")

    assert notebook.python("left.result.method.steps") == 512
    assert notebook.python("right.result.method.steps") == 32
    same(notebook, left, "left")


def test_two_views_of_one_explorer_agree(notebook):
    notebook.run(1)
    second, first = view_of(notebook, 1), view_of(notebook, 0)
    second.show()
    same(notebook, second, "left")
    # As wide as they differ in size, both draw the same map.
    shape = (SIDE, SIDE)
    before = len(notebook.sent)

    def look(_):
        pictures = [view.picture("Attribution", shape) for view in (first, second)]
        assert np.array_equal(*pictures), "both follow the drag"

    second.drag(second.slider("Steps"), [5 / 9, 4 / 9], look)
    notebook.wait_until("idle(left)")
    assert written(notebook, before) == [{"steps": 16}]
    assert notebook.python("left.result.evaluations") == 0
    for view in (first, second):
        same(notebook, view, "left")

    second.root.get_by_role("radio", name="|abs|").click()
    notebook.wait_until("left.sign == 'absolute'")
    for view in (first, second):
        same(notebook, view, "left")
