"""The notebooks run from top to bottom, and every widget in them gets its answer."""

from pathlib import Path

import pytest
from notebook_run import FOLDER, states_of_widgets

# `make demo` runs the first, and tests/tfma the one that needs TensorFlow Model Analysis.
ELSEWHERE = {FOLDER / "01_quickstart.ipynb", FOLDER / "03_slices.ipynb"}
NOTEBOOKS = sorted(set(FOLDER.glob("*.ipynb")) - ELSEWHERE)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebook_runs_to_its_end(path: Path) -> None:
    assert states_of_widgets(path) == {"done"}
