"""Take the README's screenshots: views narrow and wide, light and dark, to look at."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests" / "browser"))

import lab as harness  # noqa: E402  # the browser tests' harness

FOLDER = ROOT / "output" / "screenshots"
DOCS = ROOT / "docs"
WIDTHS = (900, 500)
HEIGHT = 1800  # of the window: narrow views are tall
# A view's own part of the page.
VIEW = ".tfi"


def point(notebook: harness.Notebook) -> None:
    """Move the crosshair between the cat's eyes."""
    box = notebook.page.locator(f"{VIEW} [role=application]").first.bounding_box()
    assert box is not None
    notebook.page.mouse.move(box["x"] + 0.49 * box["width"], box["y"] + 0.33 * box["height"])


def rest(notebook: harness.Notebook) -> None:
    """Keep the pointer away, so that nothing is lit by it."""
    notebook.page.mouse.move(0, 0)


@dataclass(frozen=True)
class Scene:
    """A view in a notebook: the cells that make it, the last one showing it."""

    name: str
    cells: tuple[str, ...]
    pose: Callable[[harness.Notebook], None]


SCENES = (
    Scene(
        "explorer",
        # The first answer, about another photograph, takes the time to compile; the one on show
        # does not.
        (
            "import tfinterp_widgets as tw\nexplorer = tw.demo(image_index=1)\n"
            "explorer.explain()\nexplorer.wait()",
            "explorer.image_index = 0\nexplorer.wait()",
            "explorer",
        ),
        point,
    ),
    Scene(
        "slices",
        (
            "import tfinterp_widgets as tw\ncredit = tw.samples.german_credit()\n"
            "explorer = tw.SliceExplorer(credit.model, credit.X_test, credit.y_test,\n"
            "    preprocess=credit.preprocess, class_names=credit.class_names,\n"
            "    slices=['age', 'housing', 'purpose'], bins={'age': [25, 40, 60]},\n"
            "    metric='recall', gates={'recall': 0.8}, threshold=0.6, min_count=10, seed=0)\n"
            "explorer.explain()\nexplorer.wait()",
            "explorer",
        ),
        rest,
    ),
)


def take(notebook: harness.Notebook, scene: Scene, theme: str, width: int) -> Path:
    """Take one screenshot of a view in a cell whose output is `width` pixels wide."""
    notebook.set_theme(f"JupyterLab {theme}")
    fit(notebook, len(scene.cells) - 1, width)
    scene.pose(notebook)
    notebook.page.wait_for_timeout(1000)  # layout and theme have settled
    path = FOLDER / f"{scene.name}-{theme.lower()}-{width}.png"
    notebook.page.locator(VIEW).first.screenshot(path=path)
    return path


def fit(notebook: harness.Notebook, cell: int, width: int) -> None:
    """Make the window as wide as it takes for the output to have that width."""
    page, output = notebook.page, notebook.output(cell).locator(".jp-OutputArea-output").last
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
    """Run each scene in JupyterLab and take every screenshot of it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    DOCS.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        harness.serve(Path(folder)) as lab,
        harness.launch() as browser,
    ):
        for scene in SCENES:
            notebook = harness.open_notebook(browser, lab, lab.write(scene.name, scene.cells))
            notebook.page.evaluate(
                "() => jupyterapp.commands.execute('application:toggle-left-area')"
            )
            notebook.run_all()
            for theme in ("Light", "Dark"):
                for width in WIDTHS:
                    print(take(notebook, scene, theme, width).relative_to(ROOT))
            notebook.close()
            reduce(FOLDER / f"{scene.name}-light-{WIDTHS[0]}.png", DOCS / f"{scene.name}.png")
            reduce(FOLDER / f"{scene.name}-dark-{WIDTHS[0]}.png", DOCS / f"{scene.name}-dark.png")


if __name__ == "__main__":
    main()
