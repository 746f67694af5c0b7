"""Models of every kind, as one: a function from a batch of points to a row of scores each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tfinterp_widgets.engine.models.adapted import AdaptedModel
from tfinterp_widgets.engine.models.keras_model import (
    adapt_keras,
    is_keras,
    without_unused_outputs,
)
from tfinterp_widgets.engine.models.outputs import batch_size, called, pick, rows_of
from tfinterp_widgets.engine.models.reading import Outputs
from tfinterp_widgets.engine.models.saved_model import adapt_saved_model

__all__ = ["AdaptedModel", "adapt", "adapt_cut"]


def adapt(model: Any, output: str | int) -> AdaptedModel:
    """See a Keras model, a SavedModel folder or a TensorFlow callable as an `AdaptedModel`.

    Parameters
    ----------
    model : keras.Model, str, pathlib.Path or callable
    output : str or int
        "logits", "probability", or the name or index of one of several outputs.

    Raises
    ------
    TypeError
        If the model is none of these, or runs on another Keras backend.
    ValueError
        If it has several outputs of which none was chosen.
    """
    if isinstance(output, bool) or not isinstance(output, str | int):
        raise TypeError(
            f"output={output!r} is a {type(output).__name__}; expected 'logits', 'probability', or "
            "the name or index of one of several outputs."
        )
    if isinstance(model, type):
        raise TypeError(f"model is the class {model.__name__}; expected an instance of it.")
    if isinstance(model, str | Path):
        return adapt_saved_model(Path(model), output)
    if is_keras(model):
        return adapt_keras(model, output)
    if callable(model):
        name = getattr(model, "__name__", type(model).__name__)

        def outputs(points: Any) -> Outputs:
            result = pick(called(model, name, points), output)
            return Outputs(rows_of(result, batch_size(points)), None)

        return AdaptedModel(
            outputs=outputs,
            name=name,
            inputs=None,
            batch=None,
            classes=None,
        )
    loaded = " A SavedModel is given by its folder, before it is loaded."
    raise TypeError(
        f"model is a {type(model).__name__}; expected a Keras model, the folder of a SavedModel, "
        "or a function of a batch (N, ...) that returns scores (N, classes)."
        + (loaded if hasattr(model, "signatures") else "")
    )


def adapt_cut(model: Any, output: str | int) -> AdaptedModel | None:
    """As `adapt`, without the outputs that were not chosen; None if none can be cut."""
    cut = without_unused_outputs(model, output) if is_keras(model) else None
    return None if cut is None else adapt_keras(cut, "logits")
