"""A saved notebook, reopened with no kernel: it renders, and its view controls are alive."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import lab as harness
import numpy as np
import pytest
from explorer_view import ExplorerView, over, view_of
from playwright.sync_api import expect

CELL = f"""
import sys
sys.path.append({str(Path(__file__).parent)!r})
import gated
import tfinterp_widgets as tw
from tfinterp_widgets.pictures import ViewSettings, has_sign, render

images = gated.images()
explorer = tw.AttributionExplorer(gated.engine(), images, smooth=0.0, steps=16)

def picture(**settings):
    result = explorer.result
    settings = ViewSettings(smooth=0.0, **settings)
    return render(result.heatmap(), settings, signed=has_sign(result)).pixels

explorer
"""


@dataclass(frozen=True)
class Known:
    """What the kernel knew before it was shut down."""

    photograph: np.ndarray
    signed: np.ndarray
    positive: np.ndarray


@pytest.fixture(scope="module")
def saved(lab, browser) -> tuple[Path, Known]:
    """A notebook that was run and saved."""
    path = lab.write("reopened", [CELL])
    notebook = harness.open_notebook(browser, lab, path)
    notebook.run(0)
    view = view_of(notebook, 0)
    notebook.wait_until("explorer.status['state'] == 'done'")
    known = Known(
        notebook.array("images['one']"),
        notebook.array("picture()"),
        notebook.array("picture(sign='positive')"),
    )
    view.expect_picture("Attribution", known.signed)
    notebook.save()
    notebook.close()
    return path, known


@pytest.fixture(scope="module")
def known(saved) -> Known:
    return saved[1]


@pytest.fixture(scope="module")
def reopened(saved, lab, browser, opened) -> harness.Notebook:
    opened.append(harness.open_notebook(browser, lab, saved[0], kernel=False))
    return opened[-1]


@pytest.fixture
def view(reopened) -> ExplorerView:
    return view_of(reopened, 0)


def test_it_renders_from_its_saved_state(view, known, reopened):
    assert reopened.page.evaluate(
        f"() => {harness.PANEL}.sessionContext.session?.kernel == null"
    ), "there is no kernel"
    assert (view.picture("Input", (24, 24))[..., :3] == known.photograph).all()
    view.expect_picture("Attribution", known.signed)
    view.expect_picture("Overlay", over(known.signed, known.photograph, 0.7))


def test_its_view_controls_are_alive(view, known):
    slider = view.slider("Opacity")
    view.drag(slider, [0.5, 0.2])
    opacity = float(slider.input_value())
    assert opacity == pytest.approx(0.2, abs=0.02)
    view.expect_picture("Overlay", over(known.signed, known.photograph, opacity))

    view.root.get_by_role("radio", name="+ only").click()
    view.expect_picture("Attribution", known.positive)
    view.root.get_by_role("radio", name="± signed").click()
    view.expect_picture("Attribution", known.signed)

    view.point_at("Input", 0.5, 0.5)
    read = view.readout
    assert read.rgb == known.photograph[read.row, read.column].tolist()


def test_what_needs_the_model_breaks_nothing(view, known):
    view.drag(view.slider("Steps"), [0.9])
    expect(view.progress).to_contain_text("kernel", timeout=15_000)
    view.expect_picture("Attribution", known.signed)
