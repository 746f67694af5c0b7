"""What TFMA has written to disk, in JupyterLab: found, sorted, and what cannot be asked of it."""

import lab as harness
import pandas as pd
import pytest
from playwright.sync_api import expect
from slices_view import view_of

CONFIG = """
model_specs { label_key: "label" prediction_key: "prediction" }
slicing_specs {} slicing_specs { feature_keys: "home" } slicing_specs { feature_keys: "job" }
metrics_specs { metrics { class_name: "BinaryAccuracy" } metrics { class_name: "ExampleCount" } }
"""
WRONG = {"own": 1, "rent": 6, "free": 3}  # of ten rows each


@pytest.fixture(scope="module")
def folder(analyse, tmp_path_factory):
    """A folder that TFMA has written."""
    rows = [
        {"label": 1.0, "prediction": 0.2 if at < wrong else 0.9, "home": home, "job": str(at % 2)}
        for home, wrong in WRONG.items()
        for at in range(10)
    ]
    written = tmp_path_factory.mktemp("written")
    analyse(pd.DataFrame(rows), CONFIG, written)
    return written


@pytest.fixture(scope="module")
def notebook(folder, tmp_path_factory):
    """A notebook that has displayed an explorer of the folder."""
    cells = [
        "import tfinterp_widgets as tw\n"
        f"explorer = tw.SliceExplorer.from_tfma({str(folder)!r})\n"
        "explorer"
    ]
    with harness.serve(tmp_path_factory.mktemp("lab")) as lab, harness.launch() as chromium:
        notebook = harness.open_notebook(chromium, lab, lab.write("slices", cells))
        notebook.run(0)
        yield notebook
        notebook.check()
        notebook.close()


@pytest.fixture
def view(notebook):
    """The view, with its answer on display."""
    return view_of(notebook, 0)


def test_the_slices_are_those_that_tfma_has_measured(view):
    homes = {name: value for name, value in view.values().items() if name.startswith("home")}
    assert homes == {f"home {home}": 1 - wrong / 10 for home, wrong in WRONG.items()}
    expect(view.notes).to_contain_text("TensorFlow Model Analysis")


def test_slices_are_found_by_their_names(view):
    box = view.root.get_by_role("searchbox", name="Search the slices")
    box.fill("home rent")
    expect(view.count).to_have_text("1 of 5 slices")
    assert view.names() == ["all", "home rent"]
    box.fill("")
    expect(view.count).to_have_text("5 of 5 slices")


def test_slices_are_sorted_by_the_metric(notebook, view):
    view.sort_by("accuracy")
    notebook.wait_until("explorer.sort_by == 'value'")
    values = list(view.values().values())[1:]
    assert values in (sorted(values), sorted(values, reverse=True))


def test_what_cannot_be_asked_is_not_offered_and_refused_with_the_reason(notebook, view):
    expect(view.slider("Threshold")).to_have_count(0)
    expect(view.button("+ slice by")).to_have_count(0)
    expect(view.button("Find the worst")).to_have_count(0)
    assert notebook.python("setattr(explorer, 'threshold', 0.3)") is None
    expect(view.alert).to_contain_text("hold no scores")
    assert notebook.python("setattr(explorer, 'slices', ['home'])") is None
    expect(view.alert).to_contain_text("hold no rows to slice")
    view.slice("rent").click()
    expect(view.examples).to_have_count(0)
