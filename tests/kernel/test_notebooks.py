"""The notebooks run from top to bottom, and every widget in them gets its answer."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[2] / "notebooks"
# Those that `make demo` does not run.
NOTEBOOKS = sorted(set(FOLDER.glob("*.ipynb")) - {FOLDER / "01_quickstart.ipynb"})


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebook_runs_to_its_end(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, kernel_name="python3", timeout=180).execute()
    finished = next(cell for cell in notebook.cells if cell.id == "finished")
    states = [line.split()[0] for line in finished.outputs[0].text.splitlines()]
    assert states
    assert set(states) == {"done"}
