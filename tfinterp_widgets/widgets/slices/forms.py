"""The forms in which a slice explorer is made: of rows, of a model, of finished tables."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tfinterp_widgets.evaluation.metrics.labels import check_order
from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.widgets.slices.predicting import Predicting
from tfinterp_widgets.widgets.slices.row_source import Options, RowSource
from tfinterp_widgets.widgets.slices.sources import Source
from tfinterp_widgets.widgets.slices.table_source import TableSource

EXPECTED = (
    "SliceExplorer(labels, predictions, features), SliceExplorer(model, X, y, features=None, "
    'preprocess=None), SliceExplorer(table), or SliceExplorer({"old": table, "new": table})'
)


def source_of(data: tuple[Any, ...], options: dict[str, Any]) -> tuple[Source, Any]:
    """Take what an explorer is made of; keywords that are part of that are taken out of `options`.

    Returns
    -------
    Source
    model : Any
        The model that answers, None where there is none.

    Raises
    ------
    TypeError, ValueError
        If it is none of the forms, or does not fit.
    """
    form = _form_of(data[0] if data else None)
    known = set(inspect.signature(form).parameters)
    own = {name: options.pop(name) for name in list(options) if name in known}
    try:
        inspect.signature(form).bind(*data, **own)
    except TypeError as error:
        raise TypeError(f"{error}; expected {EXPECTED}.") from None
    made: tuple[Source, Any] = form(*data, **own)
    return made


def _form_of(first: Any) -> Callable[..., tuple[Source, Any]]:
    if isinstance(first, SliceTable):
        return _of_table
    if isinstance(first, Mapping):
        return _of_tables
    is_model = callable(first) or hasattr(first, "predict") or hasattr(first, "predict_proba")
    return _of_model if is_model else _of_rows


def _of_rows(
    labels: Any,
    predictions: Any,
    features: Any,
    *,
    weights: Any = None,
    metrics: Any = None,
    interval: str | None = "auto",
    bins: Any = None,
    class_names: Any = None,
    greater_is_better: Any = None,
    seed: int | None = 0,
) -> tuple[Source, Any]:
    named = _at_most_two(predictions) if isinstance(predictions, Mapping) else {"": predictions}
    check_order(labels, features)
    options = Options(weights, metrics, interval, bins, class_names, greater_is_better, seed)
    return RowSource(labels, named, features, options), None


def _of_model(
    model: Any,
    X: Any,
    y: Any,
    features: Any = None,
    preprocess: Callable[[Any], Any] | None = None,
    *,
    weights: Any = None,
    metrics: Any = None,
    interval: str | None = "auto",
    bins: Any = None,
    class_names: Any = None,
    greater_is_better: Any = None,
    seed: int | None = 0,
) -> tuple[Source, Any]:
    check_order(y, X)
    images = np.ndim(X) > 2
    if features is None and images:
        raise TypeError(
            f"X has shape {np.shape(X)}, which has no columns to slice by; pass features=, a "
            "DataFrame or a dict of columns with one value for each input."
        )
    options = Options(weights, metrics, interval, bins, class_names, greater_is_better, seed)
    predicting = Predicting(model, X, preprocess)
    source = RowSource(
        y,
        {"": predicting},
        X if features is None else features,
        options,
        raw=features if images else X,
        title=str(getattr(model, "name", type(model).__name__)),
    )
    return source, model


def _of_table(table: SliceTable) -> tuple[Source, Any]:
    return TableSource({"": table}), None


def _of_tables(tables: Mapping[str, Any]) -> tuple[Source, Any]:
    named = _at_most_two(tables)
    for name, table in named.items():
        if not isinstance(table, SliceTable):
            raise TypeError(
                f"{name!r} is a {type(table).__name__}; expected SliceTables, as slice_metrics "
                f"returns them. An explorer is made by {EXPECTED}."
            )
    return TableSource(named), None


def _at_most_two(named: Mapping[str, Any]) -> dict[str, Any]:
    if not 1 <= len(named) <= 2:
        raise ValueError(
            f"{len(named)} results came ({', '.join(map(str, named))}); expected one, or two to "
            "compare."
        )
    return {str(name): each for name, each in named.items()}
