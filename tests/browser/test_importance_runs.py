"""What the importance widget computes as its controls are used: only what is new."""

import pytest
from importance_view import bars, names, open_widget, settle, start_again
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def notebook(open_notebook):
    return open_widget(open_notebook)


@pytest.fixture
def view(notebook):
    return start_again(notebook)


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
