"""The notebook on slices runs from top to bottom, its run of TFMA on Beam included."""

from notebook_run import FOLDER, states_of_widgets


def test_the_notebook_on_slices_runs_to_its_end() -> None:
    assert states_of_widgets(FOLDER / "03_slices.ipynb") == {"done"}
