"""The importance widget of a small gated model, and its view in a page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import lab as harness
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


def open_widget(open_notebook: Callable[..., harness.Notebook], *cells: str) -> harness.Notebook:
    """Open a notebook whose first cell has displayed the widget."""
    notebook = open_notebook([CELL, *cells])
    notebook.run(0)
    notebook.output(0).locator(".tfi-importance").wait_for()
    return notebook


def start_again(notebook: harness.Notebook) -> Locator:
    """The widget's view, its settings and its answer as they were at first."""
    assert notebook.python("start_again()")
    view = notebook.output(0).locator(".tfi-importance")
    expect(view.locator(".tfi-state")).to_contain_text("rows predicted")
    expect(view.get_by_role("alert")).to_have_count(0)
    expect(names(view)).to_have_count(5)
    return view


def choose(notebook: harness.Notebook, view: Locator, name: str) -> None:
    """Click a column's name, and wait for its curves."""
    names(view).nth(row_of(view, name)).click()
    notebook.wait_until("widget.dependence is not None")
    settle(notebook)


def names(view: Locator) -> Locator:
    """The names beside the bars."""
    return view.locator(".tfi-names .widget-radio-box label")


def row_of(view: Locator, name: str) -> int:
    """Where a column stands, from the top."""
    return names(view).all_inner_texts().index(name)


def bars(view: Locator) -> Locator:
    """The bars."""
    return view.locator(f".tfi-table .bargroup rect:not({ROWS})")


def rows(view: Locator) -> Locator:
    """What lies over all of each row, to be clicked."""
    return view.locator(f".tfi-table .bargroup rect{ROWS}")


def settle(notebook: harness.Notebook, state: str = "done") -> None:
    """Wait until the run is over."""
    notebook.wait_until(f"widget.status['state'] == {state!r}")
