"""Fixtures for tests in a browser: one JupyterLab and one Chromium for them all."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

import lab as harness
import pytest
from playwright.sync_api import Browser

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


@pytest.fixture(autouse=True)
def nothing_goes_wrong_in_the_page(opened: list[harness.Notebook]) -> Iterator[None]:
    """No test passes while a script in its page fails, or logs an error."""
    yield
    for notebook in opened:
        notebook.check()
