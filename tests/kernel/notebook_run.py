"""Notebooks run from top to bottom, in a kernel of their own."""

from pathlib import Path

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[2] / "notebooks"


def states_of_widgets(path: Path) -> set[str]:
    """Run a notebook to its end; what its last widgets say they are: each should be "done"."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, kernel_name="python3", timeout=180).execute()
    finished = next(cell for cell in notebook.cells if cell.id == "finished")
    # Two writes of one cell may come as two outputs.
    said = "".join(output.text for output in finished.outputs if output.get("name") == "stdout")
    return {line.split()[0] for line in said.splitlines()}
