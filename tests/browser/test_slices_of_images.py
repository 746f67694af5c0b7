"""From slices of photographs to an attribution: the embedded classifier, in JupyterLab."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from slices_view import view_of

CELLS = [
    """
import numpy as np
import tfinterp_widgets as tw

sample = tw.samples.imagenet()
photos = tw.samples.photos()
images = list(photos.values())
guess = ["first", "second"] * 4
engine = tw.AttributionEngine(
    sample.model, preprocess=sample.preprocess, class_names=sample.class_names
)
top = [engine.predict(image, top=2) for image in images]
labels = np.array([guesses[index % 2].index for index, guesses in enumerate(top)])
explorer = tw.SliceExplorer(
    sample.model, np.stack(images), labels, {"guess": guess},
    sample.preprocess, metrics=["accuracy"], interval=None,
)
attribution = tw.AttributionExplorer(engine, images, steps=2)
explorer.explain_with(attribution)
explorer
""",
]


@pytest.fixture(scope="module")
def notebook(open_notebook):
    notebook = open_notebook(CELLS)
    notebook.run(0)
    return notebook


def test_two_clicks_lead_from_a_slice_that_is_worse_to_the_map_of_a_photograph(notebook):
    view = view_of(notebook, 0)
    assert view.values() == {"all": 0.5, "guess first": 1.0, "guess second": 0.0}
    view.slice("second").click()
    notebook.wait_until("explorer.wait(60) and explorer.selected_examples.size == 4")
    row = view.examples.locator(".tfi-row").first
    expect(row).to_contain_text("✗")
    row.click()
    notebook.wait_until("attribution.wait(60) and attribution.status['state'] == 'done'")
    first = notebook.python("int(explorer.selected_examples[0])")
    assert notebook.python("[explorer.example, attribution.image_index]") == [first, first]
    embedded = view.root.locator(".tfi-hand-on")
    expect(embedded).to_contain_text(f"Row {first}")
    expect(embedded.locator(".tfi-pane canvas").first).to_be_visible()
    expect(embedded.get_by_role("alert")).to_have_count(0)
