"""Take the README's screenshot, and the explorer narrow and wide, light and dark, to look at."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests" / "browser"))

import lab as harness  # noqa: E402  # the browser tests' harness

FOLDER = ROOT / "output" / "screenshots"
README = ROOT / "docs" / "explorer.png"
WIDTHS = (900, 500)
HEIGHT = 1800  # of the window: the narrow view is tall
CELL = "import tfinterp_widgets as tw\nexplorer = tw.demo()\nexplorer"
# The explorer's own part of the page.
VIEW = ".tfi"


def take(notebook: harness.Notebook, theme: str, width: int) -> Path:
    """Take one screenshot of the explorer in a cell whose output is `width` pixels wide."""
    notebook.set_theme(f"JupyterLab {theme}")
    fit(notebook, width)
    notebook.page.mouse.move(0, 0)  # no crosshair, no tooltip
    notebook.page.wait_for_timeout(1000)  # layout and theme have settled
    path = FOLDER / f"explorer-{theme.lower()}-{width}.png"
    notebook.page.locator(VIEW).screenshot(path=path)
    return path


def fit(notebook: harness.Notebook, width: int) -> None:
    """Make the window as wide as it takes for the output to have that width."""
    page, output = notebook.page, notebook.output(0).locator(".jp-OutputArea-output").last
    for _ in range(2):  # the margins beside the output depend a little on the window
        now = output.evaluate("(element) => element.clientWidth")
        viewport = page.viewport_size
        assert viewport is not None
        page.set_viewport_size({"width": viewport["width"] + width - now, "height": HEIGHT})
        page.wait_for_timeout(500)


def main() -> None:
    """Run the demo in JupyterLab and take every screenshot."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        harness.serve(Path(folder)) as lab,
        harness.launch() as browser,
    ):
        notebook = harness.open_notebook(browser, lab, lab.write("screenshots", [CELL]))
        notebook.page.evaluate("() => jupyterapp.commands.execute('application:toggle-left-area')")
        notebook.run(0)
        notebook.wait_until("explorer.status['state'] == 'done'")
        for theme in ("Light", "Dark"):
            for width in WIDTHS:
                print(take(notebook, theme, width).relative_to(ROOT))
        notebook.close()
    README.parent.mkdir(exist_ok=True)
    shutil.copy(FOLDER / f"explorer-light-{WIDTHS[0]}.png", README)


if __name__ == "__main__":
    main()
