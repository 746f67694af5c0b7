"""Take the README's screenshots, and the explorer narrow and wide, light and dark, to look at."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests" / "browser"))

import lab as harness  # noqa: E402  # the browser tests' harness

FOLDER = ROOT / "output" / "screenshots"
DOCS = ROOT / "docs"
WIDTHS = (900, 500)
HEIGHT = 1800  # of the window: the narrow view is tall
# The first answer, about another photograph, takes the time to compile; the one on show does not.
CELLS = (
    "import tfinterp_widgets as tw\nexplorer = tw.demo(image_index=1)\n"
    "explorer.explain()\nexplorer.wait()",
    "explorer.image_index = 0\nexplorer.wait()",
    "explorer",
)
# What the crosshair points at, in parts of the photograph: between the cat's eyes.
POINT = (0.49, 0.33)
# The explorer's own part of the page.
VIEW = ".tfi"


def take(notebook: harness.Notebook, theme: str, width: int) -> Path:
    """Take one screenshot of the explorer in a cell whose output is `width` pixels wide."""
    notebook.set_theme(f"JupyterLab {theme}")
    fit(notebook, width)
    pane = notebook.page.locator(f"{VIEW} [role=application]").first
    box = pane.bounding_box()
    assert box is not None
    x, y = POINT
    notebook.page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
    notebook.page.wait_for_timeout(1000)  # layout and theme have settled
    path = FOLDER / f"explorer-{theme.lower()}-{width}.png"
    notebook.page.locator(VIEW).screenshot(path=path)
    return path


def fit(notebook: harness.Notebook, width: int) -> None:
    """Make the window as wide as it takes for the output to have that width."""
    page, output = (
        notebook.page,
        notebook.output(len(CELLS) - 1).locator(".jp-OutputArea-output").last,
    )
    for _ in range(2):  # the margins beside the output depend a little on the window
        now = output.evaluate("(element) => element.clientWidth")
        viewport = page.viewport_size
        assert viewport is not None
        page.set_viewport_size({"width": viewport["width"] + width - now, "height": HEIGHT})
        page.wait_for_timeout(500)


def reduce(source: Path, target: Path) -> None:
    """Copy a screenshot with 256 colours, a third of the bytes: it is in git, and on a page."""
    with Image.open(source) as image:
        picture = image.convert("RGB").quantize(256, kmeans=3, dither=Image.Dither.NONE)
    picture.save(target, optimize=True)


def main() -> None:
    """Run the demo in JupyterLab and take every screenshot."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        harness.serve(Path(folder)) as lab,
        harness.launch() as browser,
    ):
        notebook = harness.open_notebook(browser, lab, lab.write("screenshots", CELLS))
        notebook.page.evaluate("() => jupyterapp.commands.execute('application:toggle-left-area')")
        notebook.run_all()
        for theme in ("Light", "Dark"):
            for width in WIDTHS:
                print(take(notebook, theme, width).relative_to(ROOT))
        notebook.close()
    DOCS.mkdir(exist_ok=True)
    reduce(FOLDER / f"explorer-light-{WIDTHS[0]}.png", DOCS / "explorer.png")
    reduce(FOLDER / f"explorer-dark-{WIDTHS[0]}.png", DOCS / "explorer-dark.png")


if __name__ == "__main__":
    main()
