"""The explorer in Notebook 7, which the lab's server serves as well."""

from __future__ import annotations

from pathlib import Path

import lab as harness
import pytest
from explorer_view import ExplorerView
from playwright.sync_api import expect

CELL = f"""
import sys
sys.path.append({str(Path(__file__).parent)!r})
import gated
import tfinterp_widgets as tw
explorer = tw.AttributionExplorer(gated.engine(), gated.images(), smooth=0.0, steps=16)
explorer
"""


@pytest.fixture
def notebook(lab, browser, opened) -> harness.Notebook:
    path = lab.write("notebook7", [CELL])
    page = browser.new_context(**harness.SCREEN).new_page()
    opened.append(harness.watch(page))
    page.goto(f"{lab.url}/notebooks/{path.name}")
    harness.wait_for_kernel(page)
    return opened[-1]


def test_it_draws_and_answers(notebook):
    page = notebook.page
    page.locator(".jp-Notebook .jp-Cell .cm-content").click()
    page.keyboard.press("Shift+Enter")

    view = ExplorerView(notebook, page.locator(".tfi"))
    expect(view.root).to_be_visible(timeout=90_000)
    expect(view.progress).to_contain_text("evaluations", timeout=60_000)
    view.show()
    first = view.canvas("Attribution")
    assert first.any(axis=-1).all(), "a map in every pixel"
    assert (view.canvas("Input") != first).any()

    slider = view.slider("Steps")
    view.drag(slider, [3 / 9])
    harness.wait_until(lambda: (view.canvas("Attribution") != first).any(), "another map", page)
    notebook.wait_until("explorer.steps == 8 and explorer.wait(60)")
    assert notebook.python("explorer.result.evaluations") == 0
    slider.press("ArrowRight")
    expect(view.root.get_by_role("spinbutton", name="Number of steps")).to_have_value("16")
    harness.wait_until(lambda: (view.canvas("Attribution") == first).all(), "the first map", page)
