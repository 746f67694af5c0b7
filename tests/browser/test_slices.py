"""The slice explorer in JupyterLab: found, sorted, moved and asked, by pointer and by keys."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from explorer_view import widget_messages, written
from lab import wait_until
from playwright.sync_api import expect
from slices_view import view_of

FOLDER = str(Path(__file__).parent)
CELLS = [
    f"""
import sys
sys.path.append({FOLDER!r})
import gated, numpy as np
import tfinterp_widgets as tw

gate = gated.gate
credit = tw.samples.german_credit()
explorer = tw.SliceExplorer(
    credit.model, credit.X_test, credit.y_test, preprocess=credit.preprocess,
    class_names=credit.class_names, metrics=["accuracy", "recall", "auc"],
    slices=["housing", "purpose"],
)
tabular = tw.TabularExplorer(
    credit.model, credit.X_test, credit.y_test, preprocess=credit.preprocess,
    class_names=credit.class_names,
)
explorer.explain_with(tabular)
START = {{name: getattr(explorer, name) for name in
         "metric threshold slices min_count search sort_by descending baseline selected brush "
         "example gates".split()}}

def start_again():
    with explorer.hold_trait_notifications():
        for name, value in START.items():
            setattr(explorer, name, value)
    explorer.explain()
    return explorer.wait(60) and explorer.status["state"] == "done"

def value(key, metric="accuracy", threshold=None):
    table = explorer.result if threshold is None else explorer.result.at_threshold(threshold)
    return table[key][metric].value

explorer
""",
    """
random = np.random.default_rng(0)
shops = tw.SliceExplorer(
    random.integers(0, 2, 4000), random.uniform(0, 1, 4000),
    {"shop": random.integers(0, 90, 4000).astype(str)}, metrics=["accuracy"],
)
shops
""",
    """
def slow(labels, predictions):
    gate.pass_through()
    return float((labels == (predictions > 0.5)).mean())

held = tw.SliceExplorer(
    random.integers(0, 2, 60), random.uniform(0, 1, 60),
    {"half": np.arange(60) % 2, "third": np.arange(60) % 3},
    metrics=["accuracy", slow], interval=None, greater_is_better=True,
)
held
""",
    """
random = np.random.default_rng(0)
features = {
    f"mean {name}": random.normal(40, 9, 1000) for name in ("radius", "texture", "area (mm²)")
}
labels = random.integers(0, 2, 1000)
hard = (features["mean radius"] > 46) & (features["mean texture"] > 46)
scores = {
    "forest": np.where(hard, 0.9 - 0.8 * labels, 0.1 + 0.8 * labels),
    "logistic": random.uniform(0, 1, 1000),
}
crossed = tw.SliceExplorer(
    labels, scores, features, metrics=["accuracy"], slices=[tuple(features)], seed=0
)
crossed
""",
    """
random = np.random.default_rng(0)
irises = tw.SliceExplorer(
    random.integers(0, 3, 300), random.dirichlet([1, 1, 1], 300),
    {"half": np.arange(300) % 2}, metrics=["precision", "accuracy"], interval=None,
)
irises
""",
]


@pytest.fixture(scope="module")
def notebook(open_notebook):
    """A notebook whose first cell has displayed an explorer."""
    notebook = open_notebook(CELLS)
    notebook.run(0)
    view_of(notebook, 0)
    return notebook


@pytest.fixture
def view(notebook):
    """The view, with every trait as it was at first and its answer on display."""
    assert notebook.python("start_again()")
    view = view_of(notebook, 0)
    expect(view.alert).to_have_count(0)
    expect(view.count).to_have_text("13 of 13 slices")
    expect(view.examples).to_have_count(0)
    return view


def settle(notebook, name="explorer"):
    notebook.wait_until(f"{name}.wait(60) and {name}.status['state'] == 'done'")


def test_each_slice_has_its_rows_value_interval_and_difference(notebook, view):
    key = "(('housing', 'rent'),)"
    count, low, high = notebook.python(
        f"(lambda m: [m.count, m.low, m.high])(explorer.result[{key}]['accuracy'])"
    )
    cells = [text.strip() for text in view.slice("rent").get_by_role("gridcell").all_inner_texts()]
    value = notebook.python(f"value({key})")
    written_value = f"{value:.2f} [{low:.2f}, {high:.2f}]".replace("0.", ".")
    assert cells[1] == str(count)
    assert written_value in " ".join(cells).replace("\n", " ")
    difference = notebook.python(
        f"explorer.result.difference({key}, ['accuracy'])['accuracy'].value"
    )
    assert f"{difference:+.2f}".replace("0.", ".").replace("-", "−") in " ".join(cells)


def test_a_search_finds_and_a_heading_sorts_without_the_kernel(notebook, view):
    run = notebook.python("explorer.status['run']")
    search = view.root.get_by_role("searchbox", name="Search the slices")
    search.fill("purpose car")
    expect(view.count).to_have_text("2 of 13 slices")
    search.press("Enter")
    notebook.wait_until("explorer.search == 'purpose car'")
    search.fill("")
    search.press("Enter")
    view.sort_by("accuracy")
    expect(view.grid.locator("[aria-sort=ascending]")).to_have_count(1)
    values = list(view.values().values())[1:]
    assert values == sorted(values)
    view.sort_by("accuracy")
    values = list(view.values().values())[1:]
    assert values == sorted(values, reverse=True)
    notebook.wait_until("(explorer.sort_by, explorer.descending) == ('value', True)")
    assert notebook.python("explorer.status['run']") == run


def test_a_threshold_that_is_dragged_moves_all_slices_and_sends_nothing(notebook, view):
    before = len(notebook.sent)
    at_first = view.values()
    view.drag("Threshold", 0.3)
    wait_until(lambda: view.values() != at_first, "values move", notebook.page)
    threshold = float(view.slider("Threshold").input_value())
    assert 0.25 < threshold < 0.35
    expected = notebook.python(f"value((('housing', 'rent'),), threshold={threshold})")
    assert view.values()["housing rent"] == pytest.approx(expected, abs=0.005)
    assert written(notebook, before) == []
    notebook.page.mouse.up()
    settle(notebook)
    assert written(notebook, before) == [{"threshold": threshold}]
    assert notebook.python("explorer.result.threshold") == threshold
    assert view.values()["housing rent"] == pytest.approx(expected, abs=0.005)


def test_small_slices_are_hidden_and_counted(notebook, view):
    run = notebook.python("explorer.status['run']")
    view.drag("n ≥", 0.75)
    least = int(view.slider("n ≥").get_attribute("aria-valuetext"))
    counts = notebook.python("explorer.result.counts[1:].tolist()")
    hidden = sum(count < least for count in counts)
    assert hidden > 0
    expect(view.notes).to_contain_text(f"{hidden} hidden: n < {least}")
    notebook.page.mouse.up()
    notebook.wait_until(f"explorer.min_count == {least}")
    assert notebook.python("explorer.status['run']") == run


def test_chips_add_a_feature_and_take_one_away(notebook, view):
    view.button("+ slice by").click()
    box = view.root.get_by_role("combobox", name="Feature, or pair of features")
    box.fill("job")
    view.root.locator(".tfi-option").first.click()
    notebook.wait_until("explorer.slices[-1] == ('job',)")
    settle(notebook)
    expect(view.root.get_by_role("group", name="Slice by")).to_contain_text("job")
    view.button("Do not slice by purpose").click()
    notebook.wait_until("explorer.slices == (('housing',), ('job',))")
    settle(notebook)
    names = notebook.python("len(explorer.result)")
    expect(view.count).to_have_text(f"{names - 1} of {names - 1} slices")


def test_another_metric_and_another_baseline_are_answered(notebook, view):
    view.root.get_by_label("Metric", exact=True).select_option("ROC AUC")
    settle(notebook)
    expected = notebook.python("value((('housing', 'rent'),), 'auc')")
    wait_until(
        lambda: abs(view.values()["housing rent"] - expected) < 0.006, "the AUC", notebook.page
    )
    view.slice("own").click(modifiers=["Shift"])
    notebook.wait_until("explorer.baseline == (('housing', 'own'),)")
    settle(notebook)
    expect(
        view.grid.get_by_role("columnheader").filter(has_text="from housing: own")
    ).to_be_visible()


def test_from_worse_on_this_group_to_why_this_one_in_two_clicks(notebook, view):
    view.slice("rent").click()
    settle(notebook)
    rows = view.examples.locator(".tfi-row")
    first = notebook.python("[int(row) for row in explorer.selected_examples[:3]]")
    expect(rows.nth(2)).to_be_visible()
    numbers = view.examples.locator(".tfi-row > .tfi-cell:first-child").all_inner_texts()
    assert [int(number) for number in numbers[:3]] == first
    expect(rows.nth(0)).to_contain_text("✗")
    rows.nth(1).locator(".tfi-cell").nth(1).click()
    notebook.wait_until(f"explorer.example == {first[1]} and tabular.row == {first[1]}")
    explained = view.root.locator(".tfi-tabular .tfi-said")
    expect(explained).to_contain_text(f"Row {first[1]} ", timeout=60_000)
    view.slice("own").click()
    expect(view.root.locator(".tfi-tabular")).to_have_count(0)


def test_keys_lead_from_slice_to_slice_and_on_to_the_examples(notebook, view):
    view.grid.focus()
    notebook.page.keyboard.press("ArrowDown")
    notebook.page.keyboard.press("ArrowDown")
    notebook.wait_until("explorer.selected is not None and len(explorer.selected) == 1")
    settle(notebook)
    expect(view.examples.get_by_role("grid")).to_be_visible()
    notebook.page.keyboard.press("Enter")
    expect(view.examples.get_by_role("grid")).to_be_focused()
    notebook.page.keyboard.press("ArrowDown")
    notebook.wait_until("explorer.example == int(explorer.selected_examples[0])")


def test_a_wrong_value_from_python_is_shown_and_the_result_stays(notebook, view):
    before = view.values()
    notebook.python("setattr(explorer, 'slices', ['hosing'])")
    expect(view.alert).to_contain_text("Did you mean 'housing'?")
    assert view.values() == before
    notebook.python("setattr(explorer, 'slices', ['housing'])")
    settle(notebook)
    expect(view.alert).to_have_count(0)


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_the_view_follows_the_theme(notebook, view, theme):
    notebook.set_theme(theme)
    ground = "dark" if theme.endswith("Dark") else "light"
    expect(view.root).to_have_attribute("data-ground", ground)
    expect(view.root.locator(".tfi-slices")).to_have_attribute("data-ground", ground)


def test_nothing_is_cut_in_a_narrow_window(notebook, view):
    page, size = notebook.page, notebook.page.viewport_size
    page.set_viewport_size({"width": 500, "height": 1600})
    try:
        page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
        wait_until(lambda: view.root.bounding_box()["width"] < 480, "it is narrow", page)
        outer = view.root.bounding_box()
        for part in view.root.locator(".tfi-ask > *, .tfi-sift > *, .tfi-grid, .tfi-footer").all():
            box = part.bounding_box()
            assert box["x"] >= outer["x"] - 1
            assert box["x"] + box["width"] <= outer["x"] + outer["width"] + 1
    finally:
        page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
        page.set_viewport_size(size)


def test_names_of_crossed_slices_are_whole_in_any_width(notebook, view):
    assert view.root.is_visible()
    notebook.run(3)
    crossed = view_of(notebook, 3)
    settle(notebook, "crossed")
    for width in (880, 500):
        notebook.python(f"setattr(crossed.layout, 'width', '{width}px')")
        wait_until(
            lambda width=width: abs(crossed.root.bounding_box()["width"] - width) < 2,
            f"it is {width} wide",
            notebook.page,
        )
        for cell in crossed.grid.locator(".tfi-row > .tfi-slice").all():
            outer = cell.bounding_box()
            for part in cell.locator(".tfi-part").all():
                assert is_within(part.bounding_box(), outer)
        row = crossed.grid.locator(".tfi-row").nth(1)
        for column in ("other", "value", "comparison", "difference"):
            expect(row.locator(f".tfi-{column}")).to_have_text(re.compile(r"\d"))
    places = crossed.grid.locator(".tfi-row").evaluate_all(
        "rows => rows.map(row => [row.offsetTop, row.offsetHeight])"
    )
    assert all(top == place * places[0][1] for place, (top, _) in enumerate(places))


def is_within(box, outer):
    """Whether a box lies in another, but for a part of a pixel."""
    return (
        box["x"] >= outer["x"] - 1
        and box["y"] >= outer["y"] - 1
        and box["x"] + box["width"] <= outer["x"] + outer["width"] + 1
        and box["y"] + box["height"] <= outer["y"] + outer["height"] + 1
    )


def test_several_classes_are_decided_by_the_most_probable_or_by_a_score(notebook, view):
    assert view.root.is_visible()
    notebook.run(4)
    irises = view_of(notebook, 4)
    settle(notebook, "irises")
    said = irises.root.locator(".tfi-metric .tfi-aside")
    expect(said).to_have_text("most probable class")
    expect(irises.slider("Threshold")).to_have_count(0)
    irises.root.get_by_label("Decide by").select_option("score")
    notebook.wait_until("irises.threshold == 0.5")
    settle(notebook, "irises")
    expect(said).to_have_text("score > .50")
    expected = notebook.python("irises.result[(('half', 0),)]['precision'].value")
    wait_until(
        lambda: abs(irises.values()["half 0"] - expected) < 0.006, "the precision", notebook.page
    )
    irises.root.get_by_label("Metric", exact=True).select_option("accuracy")
    settle(notebook, "irises")
    expect(said).to_have_text("most probable class")


def test_the_chosen_slice_is_read_out(notebook, view):
    view.slice("rent").click()
    settle(notebook)
    readout = view.root.locator(".tfi-slices .tfi-said")
    count = notebook.python("explorer.result[(('housing', 'rent'),)]['accuracy'].count")
    expect(readout).to_contain_text(f"housing: rent: {count} rows; accuracy .")


def test_many_slices_are_brushed_in_the_page(notebook, view):
    assert view.root.is_visible()
    notebook.run(1)
    shops = view_of(notebook, 1)
    settle(notebook, "shops")
    expect(shops.histogram.locator(".brushintsel")).to_have_count(1)
    shops.histogram.scroll_into_view_if_needed()
    run = notebook.python("shops.status['run']")
    box = shops.histogram.locator(".brushintsel .overlay").bounding_box()
    middle = box["y"] + box["height"] / 2
    notebook.page.mouse.move(box["x"] + 0.4 * box["width"], middle)
    notebook.page.mouse.down()
    notebook.page.mouse.move(box["x"] + 0.6 * box["width"], middle, steps=8)
    notebook.page.mouse.up()
    notebook.wait_until("shops.brush is not None")
    low, high = notebook.python("list(shops.brush)")
    values = notebook.python("shops.result.column('accuracy').value[1:].tolist()")
    inside = sum(low <= value <= high for value in values)
    assert 0 < inside < len(values)
    expect(shops.count).to_have_text(f"{inside} of {len(values)} slices")
    shops.button("show all values").click()
    expect(shops.count).to_have_text(f"{len(values)} of {len(values)} slices")
    notebook.wait_until("shops.brush is None")
    assert notebook.python("shops.status['run']") == run


def test_a_run_is_cancelled_and_an_error_recovered_from(notebook, view):
    assert view.root.is_visible()
    notebook.python("gate.open()")
    notebook.run(2)
    held = view_of(notebook, 2)
    settle(notebook, "held")
    notebook.python("gate.close()")
    held.button("Do not slice by third").click()
    notebook.wait_until("gate.waiting")
    held.button("Cancel").click()
    notebook.python("gate.open()")
    notebook.wait_until("held.wait(60) and held.status['state'] == 'cancelled'")
    assert notebook.python("len(held.result)") == 6
    notebook.python("gate.fail(RuntimeError('out of paper'))")
    notebook.python("held.explain()")
    expect(held.alert).to_contain_text("out of paper")
    held.button("Retry").click()
    settle(notebook, "held")
    expect(held.alert).to_have_count(0)


def test_what_the_page_is_sent_stays_small(notebook, view):
    before = len(notebook.received)
    view.slice("rent").click()
    settle(notebook)
    updates = widget_messages(notebook.received[before:])
    assert not [update for update in updates if "_curves" in update.get("state", {})]
