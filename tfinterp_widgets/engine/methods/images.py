"""What methods for images need of their input."""

from __future__ import annotations

from tfinterp_widgets.engine.asking.inside import check_channels_last
from tfinterp_widgets.engine.asking.question import Question


def check_image(question: Question, method: str) -> None:
    """Check that a question's input is one array of three axes.

    Raises
    ------
    ValueError
        If it has another number of axes, or its channels first, or there are several arrays.
    """
    if len(question.point.shape) != 3:
        raise _refusal(question, method)
    check_channels_last(question)


def check_has_image(question: Question, method: str) -> None:
    """As `check_image`, but an image among several arrays will do."""
    if not question.layout.images:
        raise _refusal(question, method)


def _refusal(question: Question, method: str) -> ValueError:
    shapes = [leaf.shape for leaf in question.layout.leaves]
    came = f"this input has shape {shapes[0]}"
    if question.layout.packed:
        came = f"these inputs have shapes {', '.join(map(str, shapes))}"
    return ValueError(
        f"{method} explains images, of shape (height, width, channels); {came}. For rows of a "
        "table, for sequences and for several inputs take IntegratedGradients or KernelSHAP, "
        "for token ids LayerIntegratedGradients."
    )
