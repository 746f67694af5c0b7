"""What a model that the engine explains says of many rows: probabilities or numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.engine import AttributionEngine
from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.models.reading import Outputs
from tfinterp_widgets.engine.targets import ClassTarget

_ROWS_AT_ONCE = 512

Task = Literal["binary", "multiclass", "regression"]
Floats = NDArray[np.float32]


def task_of(question: Question, labels: NDArray[Any] | None) -> Task:
    """Tell what the model is for.

    One output is a number if neither a sigmoid is seen, nor all outputs look like probabilities,
    nor the labels are 0 and 1; else two classes. Several outputs are as many classes.
    """
    (said,) = question.forward([question.point])
    if said.rows.shape[-1] > 1:
        return "multiclass"
    seen = said.activated is not None or question.reading.already
    labelled = labels is not None and bool(np.isin(labels, (0, 1)).all())
    return "binary" if seen or labelled else "regression"


def predictions(question: Question, task: Task, points: Floats) -> Floats:
    """Predict a few rows: probabilities of classes, or numbers; (n, outputs)."""
    said = question.forward(list(points))
    return _read(question, task, said)


def stream_predictions(
    engine: AttributionEngine, task: Task, points: Floats
) -> Iterator[tuple[int, Floats]]:
    """Predict many rows, chunk by chunk.

    Yields
    ------
    int, ndarray of float32, shape (n, outputs)
        Where the chunk begins, and what the model says of its rows. A row that holds NaN or
        infinity gets NaN, whatever the model would say.
    """
    finite = np.asarray(np.isfinite(points).all(axis=1))
    usable = np.flatnonzero(finite)
    if usable.size == 0:
        return
    question = engine.ask(points[usable[0]])
    for begin in range(0, len(points), _ROWS_AT_ONCE):
        part = np.where(finite[begin : begin + _ROWS_AT_ONCE, None], 1, np.nan)
        rows = np.nan_to_num(points[begin : begin + _ROWS_AT_ONCE])
        read = _read(question, task, question.model.outputs(rows))
        yield begin, (read * part).astype(np.float32)


def _read(question: Question, task: Task, said: list[Outputs]) -> Floats:
    activated = said[0].activated is not None
    together = Outputs(
        np.stack([each.rows for each in said]),
        np.stack([each.activated for each in said]) if activated else None,
    )
    if task == "regression":
        return np.asarray(together.rows, np.float32)
    return np.asarray(question.reading.probabilities(together), np.float32)


def check_finite(point: Floats, who: str, columns: Sequence[str] = ()) -> None:
    """Make sure that one row of the matrix can be explained.

    Parameters
    ----------
    point : ndarray of float32, shape (k,)
    who : str
        For the message.
    columns : sequence of str, length k, optional
        For the message: the raw column that each matrix column comes from, "" for none.

    Raises
    ------
    ValueError
        If a value is NaN or infinite.
    """
    bad = np.flatnonzero(~np.isfinite(point)).tolist()
    if not bad:
        return
    named = list(dict.fromkeys(repr(columns[at]) for at in bad if columns and columns[at]))
    of = f", of column {', '.join(named[:5])}{', ...' * (len(named) > 5)}" if named else ""
    raise ValueError(
        f"{who} has NaN or infinite values in the model's matrix{of}; expected finite numbers. "
        "Fill these in `preprocess`, e.g. with fillna, or choose another row."
    )


def of_target(predicted: Floats, target: ClassTarget) -> NDArray[np.float32]:
    """The target's column of predictions, (n,): a difference for a pair of classes."""
    if isinstance(target, tuple):
        return predicted[:, target[0]] - predicted[:, target[1]]
    return predicted[:, target]


def classes_of(predicted: Floats) -> tuple[NDArray[np.int32], Floats]:
    """The class that the model decides for, and how probable it says that is; (n,) each.

    One output decides for class 1 above 0.5. A row of NaN is of class -1.
    """
    both = predicted
    if predicted.shape[1] == 1:
        both = np.concatenate([1 - predicted, predicted], axis=1)
    known = np.isfinite(both).all(axis=1)
    chosen = np.where(known, np.argmax(np.nan_to_num(both), axis=1), -1).astype(np.int32)
    confidence = np.where(known, both.max(axis=1), np.nan).astype(np.float32)
    return chosen, confidence
