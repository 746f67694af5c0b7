"""The forms in which a slice explorer is made: of rows, of a model, of finished tables."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from functools import partial
from typing import Any

import numpy as np

from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.inputs import check_orders
from tfinterp_widgets.evaluation.slicing.keys import slice_name
from tfinterp_widgets.widgets.slices.options import Options
from tfinterp_widgets.widgets.slices.predicting import Predicting
from tfinterp_widgets.widgets.slices.row_source import RowSource
from tfinterp_widgets.widgets.slices.sources import Source
from tfinterp_widgets.widgets.slices.table_source import TableSource

_MOST_LISTED = 5

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
    if form in (_of_rows, _of_model):
        told = _taken(options, {field.name for field in fields(Options)})
        form = partial(form, Options(**told))
    own = _taken(options, inspect.signature(form).parameters)
    try:
        inspect.signature(form).bind(*data, **own)
    except TypeError as error:
        raise TypeError(f"{error}; expected {EXPECTED}.") from None
    made: tuple[Source, Any] = form(*data, **own)
    return made


def _taken(options: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Take those of these names out of the options."""
    return {name: options.pop(name) for name in list(options) if name in names}


def _form_of(first: Any) -> Callable[..., tuple[Source, Any]]:
    if isinstance(first, SliceTable):
        return _of_table
    if isinstance(first, Mapping):
        return _of_tables
    is_model = callable(first) or hasattr(first, "predict") or hasattr(first, "predict_proba")
    return _of_model if is_model else _of_rows


def _of_rows(options: Options, labels: Any, predictions: Any, features: Any) -> tuple[Source, Any]:
    named = {"": predictions}
    if isinstance(predictions, Mapping):
        named = _at_most_two(predictions)
    several = {f"predictions of {name}" if name else "predictions": named[name] for name in named}
    check_orders(labels=labels, **several, weights=options.weights, features=features)
    return RowSource(labels, named, features, options), None


def _of_model(
    options: Options,
    model: Any,
    X: Any,
    y: Any,
    features: Any = None,
    preprocess: Callable[[Any], Any] | None = None,
) -> tuple[Source, Any]:
    check_orders(y=y, X=X, weights=options.weights, features=features)
    if features is None and np.ndim(X) > 2:
        raise TypeError(
            f"X has shape {np.shape(X)}, which has no columns to slice by; pass features=, a "
            "DataFrame or a dict of columns with one value for each input."
        )
    predicting = Predicting(model, X, preprocess)
    source = RowSource(
        y,
        {"": predicting},
        X if features is None else features,
        options,
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
    _check_comparable(named)
    return TableSource(named), None


def _check_comparable(tables: Mapping[str, SliceTable]) -> None:
    """Raise ValueError where two tables have no slice or no metric in common."""
    for what, parts in (
        ("slice", [list(map(slice_name, table.slices)) for table in tables.values()]),
        ("metric", [list(table.metrics) for table in tables.values()]),
    ):
        if not set(parts[0]).intersection(*parts[1:]):
            held = "; ".join(
                f"{name!r} has {', '.join(own[:_MOST_LISTED])}{', ...' * (len(own) > _MOST_LISTED)}"
                for name, own in zip(tables, parts, strict=True)
            )
            raise ValueError(
                f"the tables have no {what} in common: {held}. Make both with the same {what}s."
            )


def _at_most_two(named: Mapping[str, Any]) -> dict[str, Any]:
    if not 1 <= len(named) <= 2:
        raise ValueError(
            f"{len(named)} results came ({', '.join(map(str, named))}); expected one, or two to "
            "compare."
        )
    return {str(name): each for name, each in named.items()}
