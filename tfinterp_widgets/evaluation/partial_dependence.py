"""Partial dependence (Friedman 2001) and individual conditional expectation (Goldstein 2015).

Every row is asked about again and again, one column set to value after value: its curve is the
individual conditional expectation (ICE), the mean of the curves is the partial dependence. Rows
come in random order, so the mean over those seen so far is an estimate that gets better.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tfinterp_widgets.engine.parameters import whole_number
from tfinterp_widgets.evaluation.dependence.crossing import Crossing
from tfinterp_widgets.evaluation.dependence.density import counts_of, without_data
from tfinterp_widgets.evaluation.dependence.dependence import PartialDependence
from tfinterp_widgets.evaluation.dependence.grids import axes_for, whole
from tfinterp_widgets.evaluation.dependence.scales import scale_for
from tfinterp_widgets.evaluation.models.predictor import Predictor, Preprocess, predictor_for
from tfinterp_widgets.evaluation.tables.tables import Indices

_PREVIEW = 8
# The first chunk is so many times smaller than the others: there is soon a curve to be seen.


def partial_dependence(
    model: Any,
    X: Any,
    feature: Any,
    grid: Any = 40,
    ice: int = 0,
    *,
    centered: bool = False,
    scale: str = "auto",
    target: int | None = None,
    max_rows: int | None = 1000,
    seed: int | None = None,
    preprocess: Preprocess | None = None,
    progress: Callable[[PartialDependence], Any] | None = None,
) -> PartialDependence:
    """Tell how a model's answer depends on one column, or on two, averaged over the rows.

    Parameters
    ----------
    model : Any
        A Keras model, a callable, or anything with `predict_proba` or `predict`; as
        for `permutation_importance`.
    X : array (n, k), DataFrame or dict of columns
        The rows to average over.
    feature : str, int, or a pair of them
        A column by name or position; two give a surface.
    grid : int or array-like, or a pair of them
        How many points a column, >= 2: evenly from its 1st to its 99th percentile, or its own
        values where there are no more; of a category, its most frequent levels. Or the values to
        try; dates and spans of time also as text, e.g. ["2020-01-01", "2020-07-01"].
    ice : int
        How many individual curves to keep, those of randomly drawn rows. One column only.
    centered : bool
        Whether every curve starts at 0, at the grid's first point (c-ICE, Goldstein et al. 2015),
        so that the curves' shapes can be compared.
    scale : {"auto", "probability", "logit", "value"}
        "auto" is probability where the model's outputs are probabilities, else value: the outputs
        as they are. On the logit scale log p - log(1 - p) is averaged; there the curve of a model
        that adds up logits is exact for each row. Outputs that are no probabilities are taken for
        logits where "probability" or "logit" is asked for.
    target : int, optional
        Which output; by default the only one, or the second of two.
    max_rows : int, optional
        Average over so many rows at most, drawn at random; None for all.
    seed : int, optional
        Which rows are drawn; the same seed draws the same.
    preprocess : callable, optional
        Maps rows of X to what the model takes, after the columns were set.
    progress : callable, optional
        Called with every estimate on the way, the last included; what it raises ends the run.

    Returns
    -------
    PartialDependence

    Raises
    ------
    TypeError, ValueError
        If the table is empty, lacks the column, the column is constant, the grid is empty or holds
        what the column cannot, there are more than two columns, a prediction is NaN, or an option
        is none of those above.

    Notes
    -----
    Friedman (2001), "Greedy function approximation"; Goldstein et al. (2015), "Peeking inside the
    black box". Memory does not grow with the number of rows: they are asked about in chunks.

    Examples
    --------
    >>> curve = partial_dependence(model, X, "age", ice=50, seed=0)  # doctest: +SKIP
    >>> curve.scale, curve.average.shape, curve.individual.shape  # doctest: +SKIP
    ('probability', (40,), (50, 40))
    """
    estimates = refine_partial_dependence(
        model, X, feature, grid, ice, centered=centered, scale=scale, target=target,
        max_rows=max_rows, seed=seed, preprocess=preprocess,
    )  # fmt: skip
    for estimate in estimates:
        if progress is not None:
            progress(estimate)
    return estimate


def refine_partial_dependence(
    model: Any,
    X: Any,
    feature: Any,
    grid: Any = 40,
    ice: int = 0,
    *,
    centered: bool = False,
    scale: str = "auto",
    target: int | None = None,
    max_rows: int | None = 1000,
    seed: int | None = None,
    preprocess: Preprocess | None = None,
) -> Iterator[PartialDependence]:
    """Yield estimates that get better, the last being what `partial_dependence` returns.

    A `Predictor` as model is used as it is, with its own table: `X` and `preprocess` are not looked
    at. Closing the iterator cancels. Parameters and errors are those of `partial_dependence`.
    """
    predictor = model if isinstance(model, Predictor) else predictor_for(model, X, preprocess)
    axes = axes_for(predictor.table, feature, grid)
    order = _order(len(predictor.table), max_rows, seed)
    curves = _checked_curves(ice, len(axes), order.size)
    outputs = predictor(predictor.table.slice(0, 1)).shape[1]
    reading = scale_for(scale, target, outputs, predictor.unit)
    yield from _estimates(Crossing(predictor, axes, reading), order, curves, centered)


def _estimates(
    crossing: Crossing, order: Indices, curves: int, centered: bool
) -> Iterator[PartialDependence]:
    axes = crossing.axes
    counts, empty = counts_of(axes), without_data(axes)
    total, kept = np.zeros(counts.size), np.empty((curves, counts.size))
    for begin, end in _chunks(order.size, crossing.rows_at_once):
        new = crossing.curves(order[begin:end])
        total += new.sum(axis=0)
        kept[begin:end] = new[: max(curves - begin, 0)]
        average, individual = total / end, kept[:end].copy()
        offset = float(average[0]) if centered else 0.0
        if centered:
            individual -= individual[:, :1]
        yield PartialDependence(
            features=tuple(axis.column.name for axis in axes),
            kinds=tuple(axis.kind for axis in axes),
            grid=tuple(axis.values for axis in axes),
            average=(average - offset).reshape(counts.shape),
            individual=individual if curves else None,
            rows=order[: len(individual)],
            counts=counts,
            empty=empty,
            reading=crossing.reading,
            offset=offset,
            centered=centered,
            averaged=end,
            progress=end / order.size,
            final=end == order.size,
        )


def _chunks(total: int, size: int) -> Iterator[tuple[int, int]]:
    begin, end = 0, max(1, size // _PREVIEW)
    while begin < total:
        yield begin, min(end, total)
        begin, end = end, end + size


def _order(rows: int, max_rows: int | None, seed: int | None) -> Indices:
    if max_rows is not None and whole(max_rows, "max_rows") < 1:
        raise ValueError(f"max_rows={max_rows}; expected at least 1, or None for all rows.")
    chosen = None if seed is None else whole_number("seed", seed, at_least=0)
    return np.random.default_rng(chosen).permutation(rows)[:max_rows]


def _checked_curves(ice: int, columns: int, rows: int) -> int:
    if whole(ice, "ice") < 0:
        raise ValueError(f"ice={ice}; expected a number of individual curves, 0 for none.")
    if ice and columns > 1:
        raise ValueError(f"ice={ice} with two columns; individual curves are for one. Use ice=0.")
    return min(ice, rows)
