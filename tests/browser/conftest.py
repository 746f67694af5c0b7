"""Fixtures for tests in a browser: one JupyterLab and one Chromium for them all."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

import lab as harness
import pytest
from explorer_view import ExplorerView, view_of
from playwright.sync_api import Browser, expect

OpenNotebook = Callable[[Sequence[str]], harness.Notebook]


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[harness.Lab]:
    """A JupyterLab server."""
    with harness.serve(tmp_path_factory.mktemp("lab")) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with harness.launch() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def opened() -> Iterator[list[harness.Notebook]]:
    """The notebooks that the module has opened; they are closed as it ends."""
    notebooks: list[harness.Notebook] = []
    yield notebooks
    for notebook in notebooks:
        notebook.close()


@pytest.fixture(scope="module")
def open_notebook(
    lab: harness.Lab,
    browser: Browser,
    opened: list[harness.Notebook],
    request: pytest.FixtureRequest,
) -> OpenNotebook:
    """A function that opens a notebook of the given cells."""
    numbers = itertools.count()

    def open_notebook(cells: Sequence[str]) -> harness.Notebook:
        path = lab.write(f"{request.path.stem}-{next(numbers)}", cells)
        opened.append(harness.open_notebook(browser, lab, path))
        return opened[-1]

    return open_notebook


@pytest.fixture(scope="module")
def notebook(open_notebook: OpenNotebook, request: pytest.FixtureRequest) -> harness.Notebook:
    """A notebook of the module's ``CELLS``, the first of which has displayed an explorer."""
    notebook = open_notebook(request.module.CELLS)
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
    expect(view.root.get_by_role("alert")).to_have_count(0)
    return view


@pytest.fixture(autouse=True)
def nothing_goes_wrong_in_the_page(opened: list[harness.Notebook]) -> Iterator[None]:
    """No test passes while a script in its page fails, or logs an error."""
    yield
    for notebook in opened:
        notebook.check()
