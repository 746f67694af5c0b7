"""Metrics in NumPy: weighted, exact, and without a check, since a bootstrap asks for thousands.

In every function here ``y`` is what `labels.labels_of` returns, shape (n,); ``predictions`` is
(n, outputs): one unit or two where there are two classes, the last column being the positive one,
K units for K classes, one for a number. ``weights`` is None or (n,) with a positive sum. All return
a float, NaN where the metric is undefined, as the AUC of a sample that holds one class only.
Definitions are scikit-learn's (Pedregosa et al. 2011), which the tests compare with; where more
than two classes are scored one against the rest, classes without weight in the sample are left out
of the mean. Sums are NumPy's own: a dot product of BLAS wakes threads, which on a busy machine take
longer than everything else here.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int64] | NDArray[np.float64]
Predictions = NDArray[np.float32] | NDArray[np.float64]
Weights = NDArray[np.float64] | None
Score = Callable[[Labels, Predictions, Weights], float]


def auc(y: Labels, predictions: Predictions, weights: Weights = None) -> float:
    """Area under the ROC curve: the chance that a positive outranks a negative, ties half.

    Exact, not interpolated: one step of the curve for each distinct prediction (Fawcett 2006).
    """
    return _one_against_rest(_auc, y, predictions, weights)


def average_precision(y: Labels, predictions: Predictions, weights: Weights = None) -> float:
    """Area under the precision-recall curve as a sum of steps, without interpolation."""
    return _one_against_rest(_average_precision, y, predictions, weights)


def accuracy(
    y: Labels, predictions: Predictions, weights: Weights = None, *, threshold: float = 0.5
) -> float:
    """Share of rows whose class is the true one."""
    return _mean(classes(predictions, threshold) == y, weights)


def balanced_accuracy(
    y: Labels, predictions: Predictions, weights: Weights = None, *, threshold: float = 0.5
) -> float:
    """Mean over the classes present of the share of their rows that is found."""
    truth = y.astype(np.int64)
    counts = np.bincount(truth, weights)
    found = np.bincount(truth, _times(classes(predictions, threshold) == y, weights), counts.size)
    present = counts > 0
    return float((found[present] / counts[present]).mean())


def f1(
    y: Labels, predictions: Predictions, weights: Weights = None, *, threshold: float = 0.5
) -> float:
    """Harmonic mean of precision and recall, of class 1; with three classes or more their mean."""
    truth, decided = y.astype(np.int64), classes(predictions, threshold)
    size = int(max(truth.max(), decided.max(), 1)) + 1
    hits = np.bincount(truth, _times(decided == truth, weights), size)
    total = np.bincount(truth, weights, size) + np.bincount(decided, weights, size)
    each = np.divide(2 * hits, total, out=np.zeros(size), where=total > 0)
    return float(each[1] if size == 2 else each[total > 0].mean())


def log_loss(y: Labels, predictions: Predictions, weights: Weights = None) -> float:
    """Mean of -log p of the true class, in nats; p is kept the dtype's epsilon from 0 and 1."""
    epsilon = float(np.finfo(predictions.dtype).eps)
    return _mean(-np.log(np.clip(_of_true_class(y, predictions), epsilon, 1 - epsilon)), weights)


def brier(y: Labels, predictions: Predictions, weights: Weights = None) -> float:
    """Mean squared error of the probabilities (Brier 1950): summed over three classes or more."""
    if predictions.shape[1] <= 2:
        return mse(y, predictions[:, -1:], weights)
    # (p_true - 1)² in place of p_true² turns the sum of squares into the Brier score.
    squares = np.einsum("nk,nk->n", predictions, predictions, dtype=np.float64)
    return _mean(squares + 1 - 2 * _of_true_class(y, predictions), weights)


def mse(y: Labels, predictions: Predictions, weights: Weights = None) -> float:
    """Mean squared error, in the labels' unit squared."""
    return _mean((y - _values(predictions)) ** 2, weights)


def mae(y: Labels, predictions: Predictions, weights: Weights = None) -> float:
    """Mean absolute error, in the labels' unit."""
    return _mean(np.abs(y - _values(predictions)), weights)


def rmse(y: Labels, predictions: Predictions, weights: Weights = None) -> float:
    """Root of the mean squared error, in the labels' unit."""
    return float(np.sqrt(mse(y, predictions, weights)))


def r2(y: Labels, predictions: Predictions, weights: Weights = None) -> float:
    """Share of the labels' variance that is explained: 1 at best, below 0 if worse than the mean.

    Undefined (NaN) for labels that are all alike.
    """
    truth = y.astype(np.float64)
    variance = _mean((truth - _mean(truth, weights)) ** 2, weights)
    return 1 - mse(y, predictions, weights) / variance if variance > 0 else float("nan")


def classes(predictions: Predictions, threshold: float = 0.5) -> NDArray[np.int64]:
    """The class decided for each row, (n,): the highest unit's, or 1 above `threshold` for one."""
    if predictions.shape[1] == 1:
        return (predictions[:, 0] > threshold).astype(np.int64)
    highest: NDArray[np.int64] = np.argmax(predictions, axis=1)
    return highest


def _one_against_rest(
    score: Callable[[NDArray[np.bool_], NDArray[np.floating], Weights], float],
    y: Labels,
    predictions: Predictions,
    weights: Weights,
) -> float:
    if predictions.shape[1] <= 2:
        return score(y == 1, predictions[:, -1], weights)
    there = np.unique(y if weights is None else y[weights > 0]).astype(np.int64)
    each = [score(y == k, predictions[:, k], weights) for k in there]
    return float(np.mean(each))


def _auc(positive: NDArray[np.bool_], scores: NDArray[np.floating], weights: Weights) -> float:
    above, below = _ranked(positive, scores, weights)
    area = float(above[-1] * below[-1])
    if area == 0:
        return float("nan")
    trapezoids = (below[1:] - below[:-1]) * (above[1:] + above[:-1]) / 2
    return float(trapezoids.sum()) / area


def _average_precision(
    positive: NDArray[np.bool_], scores: NDArray[np.floating], weights: Weights
) -> float:
    above, below = _ranked(positive, scores, weights)
    if above[-1] == 0:
        return float("nan")
    found, predicted = above[1:] - above[:-1], (above + below)[1:]
    precision = np.divide(above[1:], predicted, out=np.zeros_like(found), where=predicted > 0)
    return float((found * precision).sum() / above[-1])


def _ranked(
    positive: NDArray[np.bool_], scores: NDArray[np.floating], weights: Weights
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weight of the positives and of the negatives ranked so far: 0, then after each score."""
    order = np.argsort(scores)[::-1]
    ranked, hits = scores[order], positive[order]
    changes = np.flatnonzero(ranked[1:] != ranked[:-1]) + 1
    ends = np.concatenate([[0], changes, [scores.size]])
    if weights is None:
        above = _so_far(hits)[ends]
        return above, ends - above
    heavy = weights[order]
    return _so_far(heavy * hits)[ends], _so_far(heavy * ~hits)[ends]


def _so_far(values: NDArray[np.bool_] | NDArray[np.float64]) -> NDArray[np.float64]:
    sums = np.zeros(values.size + 1)
    np.cumsum(values, out=sums[1:])
    return sums


def _of_true_class(y: Labels, predictions: Predictions) -> NDArray[np.float64]:
    """The probability of each row's own class, (n,)."""
    if predictions.shape[1] == 1:
        positive = predictions[:, 0].astype(np.float64)
        return np.where(y == 1, positive, 1 - positive)
    return predictions[np.arange(y.size), y.astype(np.int64)].astype(np.float64)


def _values(predictions: Predictions) -> NDArray[np.float64]:
    return predictions[:, 0].astype(np.float64)


def _times(values: NDArray[np.bool_], weights: Weights) -> NDArray[np.float64]:
    return values.astype(np.float64) if weights is None else values * weights


def _mean(values: NDArray[np.bool_] | NDArray[np.float64], weights: Weights) -> float:
    return float(values.mean() if weights is None else (values * weights).sum() / weights.sum())
