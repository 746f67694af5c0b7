"""Labels, predictions and weights as they come, checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tfinterp_widgets.engine.parameters import as_numbers, whole_number
from tfinterp_widgets.evaluation.metrics.labels import check_order, labels_of
from tfinterp_widgets.evaluation.metrics.scores import Labels, Predictions, Weights
from tfinterp_widgets.evaluation.metrics.tasks import Task
from tfinterp_widgets.evaluation.slicing.problem import Problem, blocks


def problem_of(
    labels: Any, predictions: Any, weights: Any = None, class_names: Sequence[str] | None = None
) -> Problem:
    """Check labels, predictions and weights, and tell what the model is for.

    Raises
    ------
    TypeError, ValueError
        If they do not fit one another; the message says what came and what was expected.
    """
    scores = _predictions(predictions)
    truth = labels_of(labels, len(scores), ("labels", "predictions"))
    task = _task(truth, scores)
    other = scores[:, 0] if task == "binary" and scores.shape[1] == 2 else None
    classes = 0 if task == "regression" else max(scores.shape[1], 2)
    if task != "multiclass":
        scores = scores[:, -1:]
    if task != "regression":
        truth = truth.astype(np.min_scalar_type(-classes))
    return Problem(
        truth, scores, _weights(weights, len(truth)), task, _names(class_names, classes), other
    )


def check_orders(**named: Any) -> None:
    """Make sure that whatever comes with an index has its rows in the same order.

    Parameters
    ----------
    named : labels, predictions, features, ...
        By what the user calls them; of a dict of columns each column is looked at.

    Raises
    ------
    ValueError
        If two hold the same index in different orders.
    """
    columns = named.get("features")
    if isinstance(columns, Mapping):
        named |= {f"features[{name!r}]": column for name, column in columns.items()}
    indexed = [
        name for name, each in named.items() if isinstance(getattr(each, "index", None), pd.Index)
    ]
    for name in indexed[1:]:
        check_order(named[indexed[0]], named[name], (indexed[0], name))


def count_of(name: str, given: Any) -> int:
    """Take a whole number from 0."""
    return whole_number(name, given, at_least=0)


def _predictions(given: Any) -> Predictions:
    scores = as_numbers(given, "predictions")
    if scores.dtype not in (np.float32, np.float64):
        scores = scores.astype(np.float32 if scores.dtype == np.float16 else np.float64)
    if scores.ndim == 1:
        scores = scores[:, np.newaxis]
    if scores.ndim != 2 or 0 in scores.shape:
        raise ValueError(
            f"predictions have shape {np.shape(given)}; expected one score a row, (n,) or (n, 1), "
            "or one for each class, (n, classes), of at least one row."
        )
    for rows in blocks(len(scores)):
        bad = np.flatnonzero(~np.isfinite(scores[rows]).all(axis=1))
        if bad.size:
            raise ValueError(
                f"predictions of row {rows.start + bad[0]} (counting from 0) are NaN or infinite; "
                "expected finite numbers. Leave such rows out of labels, predictions and features."
            )
    return scores


def _task(labels: Labels, predictions: Predictions) -> Task:
    """What the model is for; labels of several columns must be ids of these."""
    outputs = predictions.shape[1]
    ids = np.arange(max(outputs, 2))
    strange = None
    for rows in blocks(len(labels)):
        other = labels[rows][~np.isin(labels[rows], ids)]
        if other.size:
            strange = other[0]
            break
    if outputs == 1:
        return "binary" if strange is None else "regression"
    if strange is not None:
        raise ValueError(
            f"predictions have {outputs} columns, one a class, so labels are ids from 0 to "
            f"{outputs - 1}; got {strange:g}. Number classes in the order of the columns."
        )
    return "binary" if outputs == 2 else "multiclass"


def _weights(given: Any, rows: int) -> Weights:
    if given is None:
        return None
    weights: NDArray[np.float64] = as_numbers(given, "weights").astype(np.float64)
    if weights.shape == (rows, 1):
        weights = weights[:, 0]
    if weights.shape != (rows,):
        raise ValueError(
            f"weights have shape {weights.shape}, but there are {rows} labels; expected one for "
            "each."
        )
    if not (np.isfinite(weights).all() and (weights >= 0).all() and weights.any()):
        raise ValueError(
            "weights hold negative, missing or infinite values, or only zeros; expected numbers "
            "from 0 up with a positive sum."
        )
    return weights


def _names(given: Sequence[str] | None, classes: int) -> tuple[str, ...]:
    if given is None:
        return tuple(map(str, range(classes)))
    if classes == 0:
        raise ValueError("class_names were given, but the labels are numbers, not classes.")
    if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
        raise TypeError(
            f"class_names={given!r} is a {type(given).__name__}; expected a list of names, in the "
            "order of the ids."
        )
    names = tuple(map(str, given))
    if len(names) != classes or len(set(names)) < classes:
        raise ValueError(
            f"class_names holds {len(names)} names, {len(set(names))} of them different; expected "
            f"one for each of {classes} classes, in the order of their ids."
        )
    return names
