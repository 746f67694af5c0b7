"""Execute the quick-start notebook, say what it explained, and open it where somebody can look."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.sign import NotebookNotary

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "notebooks" / "01_quickstart.ipynb"
EXECUTED = ROOT / "output" / SOURCE.name
LOG = ROOT / "output" / "kernel.log"
# The cell that prints what the notebook explained carries this tag.
TAG = "explained"


def execute() -> NotebookNode:
    """Run every cell; the state of the widgets is kept, so that the copy renders by itself."""
    notebook = nbformat.read(SOURCE, as_version=4)
    LOG.parent.mkdir(exist_ok=True)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow's notes on CPUs and GPUs
    with LOG.open("w", encoding="utf-8") as log:
        NotebookClient(notebook, kernel_name="python3", timeout=600).execute(stderr=log)
    return notebook


def explained(notebook: NotebookNode) -> str:
    """Return what the tagged cell printed."""
    cell = next(cell for cell in notebook.cells if TAG in cell.metadata.get("tags", []))
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def open_in_jupyterlab() -> None:
    """Become JupyterLab, with the executed copy in front."""
    command = [sys.executable, "-m", "jupyterlab", str(EXECUTED)]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    os.execv(sys.executable, command)


def main() -> None:
    """Execute, report, open."""
    print(f"Executing {SOURCE.relative_to(ROOT)} ...", flush=True)
    start = time.monotonic()
    notebook = execute()
    nbformat.write(notebook, EXECUTED)
    NotebookNotary().sign(notebook)  # Jupyter shows the widgets of a notebook that it trusts only
    print(f"Done in {time.monotonic() - start:.0f} s. It explained:\n")
    print(explained(notebook))
    print(f"The executed notebook is {EXECUTED}", flush=True)
    if sys.stdin.isatty() and sys.stdout.isatty():
        open_in_jupyterlab()


if __name__ == "__main__":
    main()
