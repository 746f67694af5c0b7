"""Metrics that users bring: of Keras, of scikit-learn, or functions of their own.

Each becomes a function of (y, predictions, weights), as those of `scores` are. Keras and
scikit-learn are recognised by where their classes come from, so that neither is imported for it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.metrics.scores import Labels, Predictions, Score, Weights

_ROWS_A_CHUNK = 16_384
# Keras' AUC compares every row with each of 200 thresholds at once.


class Adapted(NamedTuple):
    """A metric that a user brought.

    `greater_is_better` is None where the metric itself does not tell.
    """

    name: str
    function: Score
    greater_is_better: bool | None
    takes_weights: bool = True


def adapted(metric: Any, task: str, probabilities: bool) -> Adapted:
    """Make a function of (y, predictions, weights) of an object that a user gave as metric.

    Parameters
    ----------
    metric : Keras Metric or Loss, scikit-learn scorer, or callable
        A callable is handed the labels, (n,), and the predictions, (n,) of a model with one output
        and (n, outputs) else; and ``sample_weight=`` if weights are in use. A Keras metric or loss
        gets labels of shape (n, 1) if it is a sparse one or the model has one output, else one-hot
        rows. A Keras metric loses its state; a loss is averaged over the rows, whatever its
        reduction. A scorer asks for a model, and gets one that answers with the predictions.
    task : {"binary", "multiclass", "regression"}
    probabilities : bool
        Whether the predictions are probabilities.

    Raises
    ------
    TypeError
        If it is none of these.
    """
    origins = {(kind.__module__.partition(".")[0], kind.__name__) for kind in type(metric).__mro__}
    if not callable(metric) or inspect.isclass(metric):
        made = f", made: {metric.__name__}()" if inspect.isclass(metric) else ""
        raise TypeError(
            f"metric={metric!r} is a {type(metric).__name__}; expected a name, a Keras metric or "
            f"loss{made}, a scikit-learn scorer, or a function of (y, predictions)."
        )
    if origins & {("keras", "Metric"), ("tf_keras", "Metric")}:
        return _keras_metric(metric)
    if origins & {("keras", "Loss"), ("tf_keras", "Loss")}:
        return _keras_loss(metric)
    if ("sklearn", "_BaseScorer") in origins:
        return _scorer(metric, task, probabilities)
    if ("sklearn", "_PassthroughScorer") in origins:
        raise TypeError(
            f"metric={metric!r} is the score of one scikit-learn estimator, which cannot be asked "
            "about other predictions; use a scorer such as sklearn.metrics.get_scorer('accuracy')."
        )
    return _function(metric)


def _keras_metric(metric: Any) -> Adapted:
    def score(y: Labels, predictions: Predictions, weights: Weights) -> float:
        truth = _keras_labels(metric, y, predictions)
        metric.reset_state()
        for start in range(0, len(truth), _ROWS_A_CHUNK):
            rows = slice(start, start + _ROWS_A_CHUNK)
            part = None if weights is None else weights[rows].astype(np.float32)
            metric.update_state(truth[rows], predictions[rows], sample_weight=part)
        result = np.asarray(metric.result())
        metric.reset_state()
        return _one_number(result)

    # Keras 3 keeps there what its tuner maximises or minimises; Keras 2 does not know.
    direction = {"up": True, "down": False}.get(getattr(metric, "_direction", None) or "")
    return Adapted(str(metric.name), score, direction)


def _keras_loss(loss: Any) -> Adapted:
    def score(y: Labels, predictions: Predictions, weights: Weights) -> float:
        each = np.asarray(loss.call(_keras_labels(loss, y, predictions), predictions), np.float64)
        return float(np.average(each.reshape(len(y), -1).mean(axis=1), weights=weights))

    return Adapted(str(loss.name), score, False)


def _keras_labels(metric: Any, y: Labels, predictions: Predictions) -> NDArray[np.float32]:
    wrapped = getattr(metric, "_fn", None) or getattr(metric, "fn", None)
    names = type(metric).__name__ + getattr(wrapped, "__name__", "")
    if predictions.shape[1] == 1 or "sparse" in names.lower():
        return y[:, np.newaxis].astype(np.float32)
    return np.eye(predictions.shape[1], dtype=np.float32)[y.astype(np.int64)]


def _scorer(scorer: Any, task: str, probabilities: bool) -> Adapted:
    # The user made a scorer, so scikit-learn is there.
    from tfinterp_widgets.evaluation.metrics.stand_ins import stand_in

    def score(y: Labels, predictions: Predictions, weights: Weights) -> float:
        extra = {} if weights is None else {"sample_weight": weights}
        model = stand_in(task, predictions.shape[1], probabilities)
        return _one_number(scorer(model, predictions, y, **extra))

    function = getattr(scorer, "_score_func", None)
    name = getattr(function, "__name__", type(scorer).__name__)
    # A scorer of a loss returns it with its sign changed.
    prefix = "neg_" if getattr(scorer, "_sign", 1) < 0 else ""
    return Adapted(prefix + name, score, True)


def _function(function: Callable[..., Any]) -> Adapted:
    name = getattr(function, "__name__", type(function).__name__)

    def score(y: Labels, predictions: Predictions, weights: Weights) -> float:
        extra = {} if weights is None else {"sample_weight": weights}
        rows = predictions[:, 0] if predictions.shape[1] == 1 else predictions
        return _one_number(function(y, rows, **extra))

    return Adapted(name, score, None, _takes_weights(function))


def _takes_weights(function: Callable[..., Any]) -> bool:
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):  # some functions written in C do not tell
        return True
    kinds = {parameter.kind for parameter in parameters.values()}
    return "sample_weight" in parameters or inspect.Parameter.VAR_KEYWORD in kinds


def _one_number(result: Any) -> float:
    value = np.asarray(result)
    if value.size != 1 or value.dtype.kind not in "buif":
        came = f"an array of shape {value.shape}" if value.size != 1 else repr(result)
        raise TypeError(f"it returned {came}; expected one number for all rows together")
    return float(value.reshape(()))
