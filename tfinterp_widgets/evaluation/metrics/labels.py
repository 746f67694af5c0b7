"""The labels of a table's rows: one number each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def labels_of(
    y: Any, rows: int, names: tuple[str, str] = ("y", "X")
) -> NDArray[np.int64] | NDArray[np.float64]:
    """Bring labels to one number a row, and refuse what cannot be meant.

    Parameters
    ----------
    y : array-like
        Class ids (0, 1, ...), in the order of the model's outputs; bools (True is class 1); one-hot
        rows of shape (rows, classes); or real numbers. Of shape (rows,) or (rows, 1): an array, a
        list, a pandas Series or a tensor.
    rows : int
        How many rows the table has.
    names : pair of str
        What the user calls the labels and the table.

    Returns
    -------
    ndarray of int64 or float64, shape (rows,)
        int64 for integers, bools and one-hot rows, else float64.

    Raises
    ------
    TypeError
        If the labels are not numbers.
    ValueError
        If their number is not `rows`, a label is missing or infinite, or a row holds several
        numbers and is not one-hot.

    Examples
    --------
    >>> labels_of([True, False, True], rows=3)
    array([1, 0, 1])
    >>> labels_of([[0, 0, 1], [1, 0, 0]], rows=2)
    array([2, 0])
    """
    name, table = names
    if y is None:
        raise TypeError(f"{name} is None; expected one label for each row.")
    values = _numbers(y, names)
    if values.ndim == 0 or values.shape[0] != rows:
        came = "a single value" if values.ndim == 0 else f"{values.shape[0]} labels"
        raise ValueError(
            f"{name} holds {came}, but {table} has {rows} rows; expected one label for each row."
        )
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim == 2:
        return _class_of_one_hot(values, name)
    if values.ndim > 2:
        raise ValueError(f"{name} has shape {values.shape}; expected ({rows},), or one-hot rows.")
    return values


def check_order(y: Any, X: Any, names: tuple[str, str] = ("y", "X")) -> None:
    """Raise ValueError where the index of y holds that of X in another order.

    Rows belong together by position; pandas would go by the index. `names` are those by which the
    user knows y and X.
    """
    own, other = getattr(y, "index", None), getattr(X, "index", None)
    if not isinstance(own, pd.Index) or not isinstance(other, pd.Index):
        return
    if (
        len(own) == len(other)
        and not own.equals(other)
        and own.sort_values().equals(other.sort_values())
    ):
        raise ValueError(
            f"{names[0]} has the index of {names[1]} in another order, but rows belong together "
            f"by position; expected {names[0]}.loc[{names[1]}.index], or {names[0]}.to_numpy() if "
            "the positions are right."
        )


def check_numbering(labels: NDArray[np.int64] | NDArray[np.float64], model: Any) -> None:
    """Raise ValueError where labels are a model's own numbers of classes, not ids 0, 1, ...

    Taken for ids of outputs they would name other classes; `classes_` is scikit-learn's.
    """
    classes = np.asarray(getattr(model, "classes_", ()))
    if classes.ndim != 1 or classes.dtype.kind not in "uif" or classes.size < 2:
        return
    if not np.array_equal(classes, np.arange(classes.size)) and np.isin(labels, classes).all():
        raise ValueError(
            f"the model's classes are {', '.join(map(str, classes))}, and y holds these; expected "
            f"ids from 0 to {classes.size - 1}, in the order of the model's outputs: y = "
            "np.searchsorted(model.classes_, y). If y holds such ids already, give "
            "model.predict_proba as the model."
        )


def _numbers(y: Any, names: tuple[str, str]) -> NDArray[np.int64] | NDArray[np.float64]:
    name, table = names
    try:
        values = _plain(np.asarray(y))
    except ValueError as error:  # rows of unequal length
        raise ValueError(f"{name} cannot be read as an array: {error}") from error
    if values.dtype.kind in "bui":
        return values.astype(np.int64)
    if values.dtype.kind == "O":
        _check_no_text(values, name)
    elif values.dtype.kind != "f":
        raise TypeError(_not_numbers(values, name))
    try:
        numbers = values.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise TypeError(_not_numbers(values, name)) from error
    bad = np.flatnonzero(~np.isfinite(numbers.reshape(len(numbers), -1)).all(axis=1))
    if bad.size:
        raise ValueError(
            f"{bad.size} of {len(numbers)} labels are missing or infinite (the first in row "
            f"{bad[0]}, counting from 0). Leave these rows out of both {table} and {name}."
        )
    return numbers


def _plain(values: NDArray[Any]) -> NDArray[Any]:
    """Give pandas' nullable numbers and bools, which come as objects, a type; missing is NaN."""
    if values.dtype.kind != "O" or values.ndim != 1:
        return values
    typed = pd.Series(values).infer_objects()
    if typed.dtype.kind == "O":
        typed = pd.Series(np.where(pd.isna(values), np.nan, values)).infer_objects()
    plain: NDArray[Any] = typed.to_numpy()
    return plain


def _check_no_text(values: NDArray[Any], name: str) -> None:
    if any(isinstance(value, str) for value in values.flat):
        raise TypeError(_not_numbers(values, name))


def _not_numbers(values: NDArray[Any], name: str) -> str:
    kinds = {type(value).__name__ for value in values.ravel().tolist()}
    shown = ", ".join(repr(value) for value in values.ravel()[:3].tolist())
    return (
        f"{name} holds {' and '.join(sorted(kinds))} ({shown}, ...); expected class ids 0, 1, ... "
        f"in the order of the model's outputs, or numbers. For two classes, give {name} == 'the "
        f"class that the model scores'; for several, pd.Categorical({name}, class_names).codes."
    )


def _class_of_one_hot(
    values: NDArray[np.int64] | NDArray[np.float64], name: str
) -> NDArray[np.int64]:
    ones = values == 1
    if not ((ones.sum(axis=1) == 1).all() and (ones | (values == 0)).all()):
        raise ValueError(
            f"{name} has shape {values.shape}, and its rows are not one-hot; expected one label a "
            f"row. A model of several numbers is evaluated one at a time: give one column of {name}"
            ", and a model that returns that output."
        )
    ids: NDArray[np.int64] = np.argmax(ones, axis=1)
    return ids
