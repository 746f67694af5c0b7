"""Metrics of slices: how good a model is on parts of the rows, by the values of features."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tfinterp_widgets.evaluation.importance.options import seed_of
from tfinterp_widgets.evaluation.slicing.answers.gates import gates_of
from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.eval_config import EvalConfig
from tfinterp_widgets.evaluation.slicing.features.features import Features
from tfinterp_widgets.evaluation.slicing.features.specs import partition_of, specs_of
from tfinterp_widgets.evaluation.slicing.inputs import check_orders, count_of, problem_of
from tfinterp_widgets.evaluation.slicing.intervals.methods import interval_of
from tfinterp_widgets.evaluation.slicing.metrics.asked import metrics_asked, threshold_of
from tfinterp_widgets.evaluation.slicing.refine import refine
from tfinterp_widgets.evaluation.slicing.sliced import Sliced
from tfinterp_widgets.evaluation.tfma_bridge.configured import refine_configured

METRICS = ("count", "accuracy", "auc", "precision", "recall")
"""What is measured where nothing else is said."""


def slice_metrics(
    labels: Any,
    predictions: Any,
    features: Any = None,
    slices: Any = "auto",
    metrics: str | Callable[..., Any] | Sequence[Any] = METRICS,
    threshold: Any = 0.5,
    weights: Any = None,
    interval: str | None = "auto",
    min_count: int = 0,
    seed: int | None = None,
    *,
    bins: Mapping[str, Any] | None = None,
    gates: Mapping[str, Any] | None = None,
    config: EvalConfig | None = None,
    class_names: Sequence[str] | None = None,
    greater_is_better: bool | Mapping[str, bool] | None = None,
) -> SliceTable:
    """Measure how good predictions are on slices of the rows.

    Numbers are those of TensorFlow Model Analysis on the same rows and slices, save that the AUC is
    exact: where its 10,000 thresholds give another, by more than 0.001 in some slice, the table has
    that too, as "auc_tfma".

    Parameters
    ----------
    labels : array-like, shape (n,)
        0 and 1 or bools for two classes, ids 0, 1, ... or one-hot rows for several, or numbers.
    predictions : array-like, shape (n,), (n, 1), (n, 2) or (n, classes)
        What the model says: one score a row, for the positive class, or one for each class, of two
        the last being the positive one. Compared in float64; not copied.
    features : DataFrame, dict of columns, or array (n, columns), optional
        What rows are sliced by. Numbers are cut into four quantile bins, except whole ones of at
        most 20 different values; a missing value makes a slice of its own, None in keys. Columns of
        an array are called "0", "1", ...
    slices : "auto" or list
        Of ``()``, the whole; features' names; tuples of these, which are crossed; and single
        slices, as ``{"housing": "rent"}`` or ``(("housing", "rent"),)``. "auto": the whole, all
        features, and all pairs.
    metrics : str, callable or list
        Names: count, weighted_count; accuracy, balanced_accuracy, precision, recall, f1, fpr, fnr,
        specificity; auc, auc_tfma, pr_auc (average precision); log_loss, brier, calibration (sum of
        predictions over sum of labels), mean_label, mean_prediction; mse, rmse, mae, r2. A function
        ``(labels, predictions) -> float``, a Keras metric or a scikit-learn scorer is asked about
        the rows of each slice.

        Suffixes: ``_class_<id or name>``, one class against the rest; ``_macro``, ``_weighted`` and
        ``_micro``, over these, the first two leaving out classes for which they are undefined;
        ``_top_<k>``, the k most probable classes being decided; and ``@<threshold>``. Of several
        classes accuracy and balanced accuracy decide for the most probable, all others without a
        suffix are macro averages.
    threshold : float or "argmax"
        What is positive: score > threshold, for each class against the rest. "argmax" decides for
        the most probable class only, as scikit-learn does.
    weights : array-like, shape (n,), optional
        Weights of the rows, from 0 up.
    interval : {"auto", "wilson", "bootstrap", "jackknife"} or None
        How 95 % intervals are made. "auto": closed forms, which need no draws and hold for few rows
        (Wilson's for shares, with effective numbers for weighted rows, DeLong's for the AUC, for
        others Student's with the skewness allowed for), and a bootstrap for functions of your own.
        "wilson": for shares of unweighted rows only; `Metric.denominator` says of how many.
        "bootstrap": over rows; "jackknife": as TensorFlow Model Analysis.
    min_count : int
        Slices of fewer rows are left out, and counted in `SliceTable.hidden`, their rows in
        `SliceTable.hidden_rows`.
    seed : int, optional
        The same seed gives the same intervals.
    bins : dict, optional
        For a feature's name how many quantile bins, the edges of bins such as [25, 40, 60], or None
        for its numbers as they are.
    gates : dict, optional
        For a metric's name the least value that passes, or the greatest of a loss; or a pair (low,
        high). `SliceTable.checks` says which slices do.
    config : EvalConfig, optional
        Says which slices, metrics, gates, intervals and least count; features are sliced by as they
        are, and rows weighed by the column that it names. What cannot be computed here is sent to
        TensorFlow Model Analysis, if that is there; `EvalConfig.unsupported` says what that is.
    class_names : list of str, optional
        In the order of the ids.
    greater_is_better : bool or dict, optional
        Whether functions of your own are scores rather than losses; a dict goes by their names.

    Returns
    -------
    SliceTable
        By keys of slices: ``table[{"housing": "rent"}]["auc"]`` is a Metric(value, low, high, ...).
        What a slice leaves undefined has no value, and says why.

    Raises
    ------
    TypeError, ValueError
        If the input does not fit; the message says what came, what was expected and what to do.
    ImportError
        If `config` asks for what needs TensorFlow Model Analysis, and it is not installed.
    RuntimeError
        If a metric of your own fails.

    Examples
    --------
    >>> y, p = np.array([1, 0, 1, 1]), np.array([0.9, 0.2, 0.4, 0.8])
    >>> housing = {"housing": ["rent", "rent", "own", "own"]}
    >>> table = slice_metrics(y, p, housing, slices=[(), "housing"], metrics=["accuracy", "auc"])
    >>> table[{"housing": "own"}]["accuracy"].value
    0.5
    >>> table[{"housing": "own"}]["auc"].undefined
    'one class only'
    """
    tables = refine_slices(
        labels,
        predictions,
        features,
        slices,
        metrics,
        threshold,
        weights,
        interval,
        min_count,
        seed,
        bins=bins,
        gates=gates,
        config=config,
        class_names=class_names,
        greater_is_better=greater_is_better,
    )
    return deque(tables, maxlen=1).pop()


def refine_slices(
    labels: Any,
    predictions: Any,
    features: Any = None,
    slices: Any = "auto",
    metrics: str | Callable[..., Any] | Sequence[Any] = METRICS,
    threshold: Any = 0.5,
    weights: Any = None,
    interval: str | None = "auto",
    min_count: int = 0,
    seed: int | None = None,
    *,
    bins: Mapping[str, Any] | None = None,
    gates: Mapping[str, Any] | None = None,
    config: EvalConfig | None = None,
    class_names: Sequence[str] | None = None,
    greater_is_better: bool | Mapping[str, bool] | None = None,
) -> Iterator[SliceTable]:
    """Measure slices, intervals coming last; parameters and errors as for `slice_metrics`.

    The input is checked at once, the rest is done while iterating. Closing the iterator cancels it.

    Yields
    ------
    SliceTable
        Values and those intervals that counts tell at first, then ever more of the others, with
        ``progress`` in (0, 1]; the last one has ``final`` set.
    """
    if config is not None:
        if slices != "auto" or metrics is not METRICS or min_count != 0 or gates is not None:
            raise TypeError(
                "config says which slices, metrics, gates and least count are meant; expected it "
                "without slices=, metrics=, min_count= and gates=."
            )
        return refine_configured(
            refine_slices,
            config,
            labels,
            predictions,
            features,
            weights,
            interval,
            bins,
            threshold=threshold,
            seed=seed,
            class_names=class_names,
            greater_is_better=greater_is_better,
        )
    check_orders(labels=labels, predictions=predictions, weights=weights, features=features)
    problem = problem_of(labels, predictions, weights, class_names)
    asked = metrics_asked(metrics, problem, greater_is_better)
    read = Features(features, len(problem), bins)
    min_count = count_of("min_count", min_count)
    sliced = Sliced(
        problem=problem,
        features=read,
        partitions=tuple(
            partition_of(spec, read, len(problem), min_count) for spec in specs_of(slices, read)
        ),
        asked={each.info.name: each for each in asked},
        threshold=threshold_of(threshold),
        interval=interval_of(interval, problem.weights is not None),
        seed=seed_of(seed),
    )
    return refine(sliced, gates_of(gates, [each.info for each in asked]))
