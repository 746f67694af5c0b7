"""The metric that a user asks for: one by name, or whatever else is given as one."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from tfinterp_widgets.evaluation.metrics.adapters import Adapted, adapted
from tfinterp_widgets.evaluation.metrics.metrics import METRICS, MetricDefinition
from tfinterp_widgets.evaluation.metrics.scores import Labels, Predictions, Weights
from tfinterp_widgets.evaluation.metrics.tasks import (
    Task,
    are_probabilities,
    check_predictions,
    task_of,
)

_AUTO: dict[Task, str] = {"binary": "auc", "multiclass": "accuracy", "regression": "r2"}


def metrics_for(y: Labels, predictions: Predictions) -> list[MetricDefinition]:
    """The named metrics that fit labels and predictions, the one that "auto" picks first."""
    task = task_of(y, predictions)
    fitting = [
        _deciding(metric, predictions)
        for metric in METRICS.values()
        if task in metric.tasks and _misfit(metric, y, predictions) is None
    ]
    return sorted(fitting, key=lambda metric: metric.name != _AUTO[task])


def metric_for(
    metric: Any, y: Labels, predictions: Predictions, greater_is_better: bool | None = None
) -> MetricDefinition:
    """Find the metric that a user asks for, and make sure that it fits.

    Parameters
    ----------
    metric : str, Keras Metric or Loss, scikit-learn scorer, or callable
        A name of `METRICS`, or "auto": "auc" for two classes, "accuracy" for more, "r2" for
        numbers. What a callable is handed is written at `adapters.adapted`.
    y : ndarray, shape (n,)
        What `labels_of` returned.
    predictions : ndarray of float, shape (n, outputs)
        The model's outputs, one unit or two for two classes, the last being the positive one.
    greater_is_better : bool, optional
        Whether it is a score rather than a loss; needed for a callable, and for those metrics of
        Keras that do not tell.

    Returns
    -------
    MetricDefinition
        Its function, if it is the user's, raises RuntimeError naming the metric when that raises
        or returns no single number; of a sample that lacks a class of `y` it is NaN then.

    Raises
    ------
    TypeError
        If the metric is none of these, or `greater_is_better` is missing.
    ValueError
        If the name is unknown, `greater_is_better` contradicts it, predictions are not finite, or
        the metric does not fit: one class only for AUC, no probabilities for log loss, ...

    Examples
    --------
    >>> y, predictions = np.array([0, 1, 1]), np.array([[0.2], [0.7], [0.4]])
    >>> metric_for("auto", y, predictions).name
    'auc'
    """
    check_predictions(predictions)
    task = task_of(y, predictions)
    if not isinstance(metric, str):
        own = adapted(metric, task, are_probabilities(predictions))
        return _brought(own, greater_is_better, task, y)
    known = METRICS[_AUTO[task]] if metric == "auto" else _named(metric)
    _check_direction(known.name, known.greater_is_better, greater_is_better)
    misfit = _misfit(known, y, predictions)
    if misfit:
        raise ValueError(misfit)
    return _deciding(known, predictions)


def _named(name: str) -> MetricDefinition:
    if name in METRICS:
        return METRICS[name]
    spellings = {"auto": "auto"}
    for metric in METRICS.values():  # scikit-learn's roc_auc and average_precision are our labels
        spellings |= {metric.name.replace("_", " "): metric.name, metric.label.lower(): metric.name}
    plain = name.lower().replace("_", " ").replace("-", " ")
    near = difflib.get_close_matches(plain, spellings, n=1)
    hint = f" Did you mean {spellings[near[0]]!r}?" if near else ""
    raise ValueError(f"metric {name!r} is not known; expected auto, {', '.join(METRICS)}.{hint}")


def _misfit(metric: MetricDefinition, y: Labels, predictions: Predictions) -> str | None:
    """Say why a metric cannot be asked of these predictions; None if it can."""
    task, outputs = task_of(y, predictions), predictions.shape[1]
    if metric.reads == "values" and outputs > 1:
        return f"metric {metric.name!r} compares one number a row; the model has {outputs} outputs."
    if metric.reads != "values" and task == "regression":
        strange = y[~np.isin(y, (0, 1))][0]
        return (
            f"metric {metric.name!r} is for classes; the model has one output, so labels would "
            f"be 0 or 1, but one is {strange!s}. Use one of {', '.join(_of_numbers())}."
        )
    if metric.reads in ("ranking", "values") and (y == y[0]).all() and metric.name in _VARYING:
        return (
            f"metric {metric.name!r} needs labels that differ, but all {y.size} are {y[0]!s}. "
            f"Give rows of more than one, or use {_VARYING[metric.name]!r}."
        )
    if metric.reads == "probabilities" and not are_probabilities(predictions):
        return (
            f"metric {metric.name!r} needs probabilities, but predictions go from "
            f"{predictions.min():.4g} to {predictions.max():.4g}. Give a model that ends in a "
            "sigmoid or softmax, or as metric a Keras loss with from_logits=True."
        )
    return None


_VARYING = {"auc": "accuracy", "pr_auc": "accuracy", "r2": "mse"}
"""The metrics that compare the labels with one another, and what to ask for instead."""


def _of_numbers() -> list[str]:
    return [metric.name for metric in METRICS.values() if metric.tasks == {"regression"}]


def _deciding(metric: MetricDefinition, predictions: Predictions) -> MetricDefinition:
    """Decide between two classes at score 0 where one unit gives no probabilities."""
    if metric.reads != "classes" or predictions.shape[1] > 1 or are_probabilities(predictions):
        return metric
    decide: Any = metric.function
    return replace(metric, function=partial(decide, threshold=0.0))


def _check_direction(name: str, known: bool, given: bool | None) -> None:
    if given not in (None, known):
        raise ValueError(
            f"greater_is_better={given} contradicts metric {name!r}, which is a "
            f"{'score' if known else 'loss'}. Leave it out: it is for functions of your own."
        )


def _brought(
    own: Adapted, greater_is_better: bool | None, task: Task, labels: Labels
) -> MetricDefinition:
    greater = own.greater_is_better
    if not (greater_is_better is None or isinstance(greater_is_better, bool | np.bool_)):
        raise TypeError(f"greater_is_better={greater_is_better!r}; expected True or False.")
    if greater is not None:
        _check_direction(own.name, greater, greater_is_better)
    elif greater_is_better is None:
        raise TypeError(
            f"metric {own.name!r} does not say whether it is a score or a loss; add "
            "greater_is_better=True or greater_is_better=False."
        )
    else:
        greater = greater_is_better
    classes = 0 if task == "regression" else np.unique(labels).size
    return MetricDefinition(own.name, own.name, greater, _guarded(own, classes), frozenset({task}))


def _guarded(own: Adapted, classes: int) -> Callable[[Labels, Predictions, Weights], float]:
    def function(y: Labels, predictions: Predictions, weights: Weights) -> float:
        if weights is not None and not own.takes_weights:
            raise TypeError(
                f"metric {own.name!r} takes no sample_weight, but weights were given. Add the "
                "argument, (y, predictions, sample_weight=None), or leave the weights out."
            )
        try:
            return own.function(y, predictions, weights)
        except Exception as error:
            if np.unique(y).size < classes:
                return float("nan")
            raise RuntimeError(
                f"metric {own.name!r} failed on {len(y)} rows with predictions of shape "
                f"{predictions.shape}: {type(error).__name__}: {error}"
            ) from error

    return function
