"""Permutation importance (Breiman 2001): what a model loses when a column is shuffled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from tfinterp_widgets.engine.parameters import whole_number
from tfinterp_widgets.evaluation.importance.experiment import Experiment
from tfinterp_widgets.evaluation.importance.grouping import features_of
from tfinterp_widgets.evaluation.importance.importance import ImportanceResult, scored
from tfinterp_widgets.evaluation.importance.options import (
    REPEATS,
    permutations_of,
    seed_of,
    some_rows,
    weights_of,
)
from tfinterp_widgets.evaluation.metrics.choosing import metric_for
from tfinterp_widgets.evaluation.metrics.labels import check_numbering, check_order, labels_of
from tfinterp_widgets.evaluation.models.models import Preprocess
from tfinterp_widgets.evaluation.models.predictor import predictor_for
from tfinterp_widgets.evaluation.tables.cells import check_hashable
from tfinterp_widgets.evaluation.tables.tables import as_table


def permutation_importance(
    model: Any,
    X: Any,
    y: Any,
    metric: Any = "auto",
    repeats: int = REPEATS,
    groups: Any = None,
    seed: int | None = None,
    sample_weight: Any = None,
    max_rows: int | None = None,
    progress: Callable[[ImportanceResult], object] | None = None,
    *,
    permutations: Any = None,
    correlation: float = 0.8,
    greater_is_better: bool | None = None,
    preprocess: Preprocess | None = None,
) -> ImportanceResult:
    """Measure how much worse a model gets when a column is shuffled.

    Correlated columns share importance, and hide one another's: shuffled alone, either is made up
    for by the other. Shuffle them together with `groups`; what groups get does not add up.

    Parameters
    ----------
    model : Any
        A Keras model with one matrix input or a dict of named columns (strings and categories
        included), any callable, or anything with `predict_proba`, `decision_function` or `predict`:
        the first of these is asked. A callable that TensorFlow can trace gets tensors, float64
        where float32 does not hold the numbers of X, or float32 if that is all it takes; any other
        gets rows of X as they came.
    X : array (n, k), DataFrame, or dict of columns
        Raw columns, of any type that the model takes. Missing values are passed through.
    y : array, shape (n,)
        Class ids 0, 1, ..., bools, one-hot rows, or numbers.
    metric : str, Keras metric or loss, scikit-learn scorer, or callable
        A name ("auc", "pr_auc", "accuracy", "balanced_accuracy", "log_loss", "brier", "f1", "mse",
        "mae", "rmse", "r2"), or a function ``(y, predictions) -> float``. "auto" picks "auc" for
        two classes, "accuracy" for more, "r2" for numbers; ``result.metric`` says which.
    repeats : int
        Shuffles of each column, at least 1.
    groups : list of lists, dict or "correlated", optional
        Columns shuffled with one permutation, by name or position: ``[["a", "b"]]``, ``{"size":
        ["a", "b"]}``, or those that correlate (see `correlation`).
    seed : int, optional
        The same seed gives the same numbers; None draws one, which ``result.seed`` tells.
    sample_weight : array, shape (n,), optional
        Weights >= 0 of the rows in the metric.
    max_rows : int, optional
        Use only so many rows, drawn at random.
    progress : callable, optional
        Called with the result so far after each repeat; what it raises ends the run.
    permutations : array of int, shape (repeats, n), optional
        The permutations themselves: in repeat r, row i gets the column's value of row
        ``permutations[r, i]``. They settle the number of repeats.
    correlation : float
        For ``groups="correlated"``: average-linkage clusters of columns whose Spearman's
        rho, sign aside, is in the mean this or more, in (0, 1]. Unordered categories of more than
        two levels stay single.
    greater_is_better : bool, optional
        Whether a metric of your own is a score rather than a loss.
    preprocess : callable, optional
        Maps raw rows, after shuffling, to what the model takes.

    Returns
    -------
    ImportanceResult
        Positive importances mean that the model needs the column, for scores and losses alike.

    Raises
    ------
    TypeError, ValueError
        If the input does not fit; the message says what came, what was expected and what to do.
    RuntimeError
        If a metric of your own raises; with its name and message.

    Notes
    -----
    A permutation is the same for all columns of a repeat, as in scikit-learn (Pedregosa et al.
    2011), and depends on the seed and the repeat's number alone. Rows are predicted in chunks of
    bounded memory, whatever n; Keras's ``model.predict`` is not used.

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(500, 2))
    >>> result = permutation_importance(lambda x: x[:, 0], X, X[:, 0] > 0, seed=0)
    >>> result.metric, result.baseline_score
    ('auc', 1.0)
    >>> float(result.mean[1])  # the second column is not used
    0.0
    """
    result: ImportanceResult
    for result in refine_importance(
        model,
        X,
        y,
        metric,
        repeats,
        groups,
        seed,
        sample_weight,
        max_rows,
        permutations=permutations,
        correlation=correlation,
        greater_is_better=greater_is_better,
        preprocess=preprocess,
    ):
        if progress is not None:
            progress(result)
    return result


def refine_importance(
    model: Any,
    X: Any,
    y: Any,
    metric: Any = "auto",
    repeats: int = REPEATS,
    groups: Any = None,
    seed: int | None = None,
    sample_weight: Any = None,
    max_rows: int | None = None,
    *,
    permutations: Any = None,
    correlation: float = 0.8,
    greater_is_better: bool | None = None,
    preprocess: Preprocess | None = None,
) -> Iterator[ImportanceResult]:
    """Measure importance repeat by repeat; parameters and errors as for `permutation_importance`.

    The input is checked, and the baseline predicted, at once; the rest is done while iterating.
    Closing the iterator cancels it.

    Yields
    ------
    ImportanceResult
        After each repeat, with ``progress`` in (0, 1]; the last one has ``final`` set.
    """
    repeats = whole_number("repeats", repeats, at_least=1)
    seed = seed_of(seed)
    table = as_table(X)
    for at, name in enumerate(table.names):
        check_hashable(name, table.column(at))
    labels = labels_of(y, len(table))
    check_order(y, X)
    weights = weights_of(sample_weight, len(table))
    if max_rows is not None:
        kept = some_rows(len(table), max_rows, seed)
        table, labels = table.take(kept), labels[kept]
        weights = None if weights is None else weights[kept]
    given = permutations_of(permutations, repeats, len(table))
    experiment = Experiment(
        predictor=predictor_for(model, table.rows, preprocess),
        y=labels,
        weights=weights,
        features=features_of(table, groups, correlation),
        seed=seed,
        permutations=given,
    )
    check_numbering(labels, model)
    start = scored(experiment, metric_for(metric, labels, experiment.baseline, greater_is_better))
    return _with_baseline(start, repeats if given is None else len(given))


def _with_baseline(start: ImportanceResult, repeats: int) -> Iterator[ImportanceResult]:
    """The repeats of a new run, whose baseline was predicted for it, too."""
    for result in start.refine(repeats):
        yield replace(result, evaluations=start.rows + result.evaluations)
