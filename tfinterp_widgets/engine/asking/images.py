"""What methods for images need of their input."""

from __future__ import annotations

from tfinterp_widgets.engine.asking.question import Question


def check_image(question: Question, method: str) -> tuple[int, int, int]:
    """Return (height, width, channels) of a question's input.

    Raises
    ------
    ValueError
        If it has another number of axes.
    """
    shape = question.point.shape
    if len(shape) != 3:
        raise ValueError(
            f"{method} explains images, of shape (height, width, channels); this input has shape "
            f"{shape}. For rows of a table and for sequences take IntegratedGradients or "
            "KernelSHAP."
        )
    return shape
