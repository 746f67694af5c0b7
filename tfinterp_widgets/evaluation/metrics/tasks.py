"""What a model is for, and whether what it says can be scored."""

from __future__ import annotations

from typing import Literal

import numpy as np

from tfinterp_widgets.evaluation.metrics.scores import Labels, Predictions

Task = Literal["binary", "multiclass", "regression"]


def task_of(y: Labels, predictions: Predictions) -> Task:
    """Tell what a model is for from its outputs and the labels.

    Two outputs are two classes, more are as many classes; one output is two classes if all labels
    are 0 or 1, else a number.

    Raises
    ------
    ValueError
        If there are several outputs, and a label is not the id of one of them.

    Examples
    --------
    >>> task_of(np.array([0, 1]), np.array([[0.2], [0.7]]))
    'binary'
    """
    outputs = predictions.shape[1]
    if outputs == 1:
        return "binary" if np.isin(y, (0, 1)).all() else "regression"
    strange = y[~np.isin(y, np.arange(outputs))]
    if strange.size:
        raise ValueError(
            f"the model has {outputs} outputs, so labels are class ids from 0 to {outputs - 1}; "
            f"got {strange[0]!s}. Number the classes in the order of the outputs."
        )
    return "binary" if outputs == 2 else "multiclass"


def check_predictions(predictions: Predictions) -> None:
    """Raise ValueError if a prediction is NaN or infinite."""
    bad = np.flatnonzero(~np.isfinite(predictions).all(axis=1))
    if bad.size:
        raise ValueError(
            f"the model predicts NaN or infinity for {bad.size} of {len(predictions)} rows (the "
            f"first is row {bad[0]}, counting from 0). Missing values reach the model as they are: "
            "fill them in `preprocess`, or leave these rows out."
        )


def are_probabilities(predictions: Predictions) -> bool:
    """Whether all predictions lie where probabilities do, rounding aside."""
    return bool((predictions >= 0).all() and (predictions <= 1 + 1e-6).all())
