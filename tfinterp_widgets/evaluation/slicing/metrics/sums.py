"""Metrics that are functions of weighted sums over rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.metrics.scores import Predictions
from tfinterp_widgets.evaluation.slicing.answers.columns import Floats, MetricInfo
from tfinterp_widgets.evaluation.slicing.metrics.ratios import Ratio


@dataclass(frozen=True)
class SumMetric:
    """A function of weighted sums over rows.

    Attributes
    ----------
    info : MetricInfo
    terms : callable
        ``terms(y, p) -> tuple of (m,)``: what is summed, for labels, float64 (m,), and predictions
        (m, outputs).
    combine : callable
        ``combine(weight, *sums) -> (slices,)``, NaN where undefined.
    undefined : str
        Why it is, where it is though rows have weight.
    needs_probabilities : bool
    """

    info: MetricInfo
    terms: Callable[[Floats, Predictions], tuple[NDArray[Any], ...]]
    combine: Callable[..., Floats]
    undefined: str = ""
    needs_probabilities: bool = False


def _mean(weight: Floats, total: Floats) -> Floats:
    return Ratio(total, weight).value


def _of_true_class(y: Floats, p: Predictions) -> Floats:
    if p.shape[1] == 1:
        positive = p[:, 0].astype(np.float64)
        return np.where(y == 1, positive, 1 - positive)
    return p[np.arange(y.size), y.astype(np.int64)].astype(np.float64)


def _log_losses(y: Floats, p: Predictions) -> tuple[Floats, ...]:
    epsilon = float(np.finfo(p.dtype).eps)
    return (-np.log(np.clip(_of_true_class(y, p), epsilon, 1 - epsilon)),)


def _squares(y: Floats, p: Predictions) -> Floats:
    return np.square(y - p[:, 0])


def _briers(y: Floats, p: Predictions) -> tuple[Floats, ...]:
    if p.shape[1] == 1:
        return (_squares(y, p),)
    # (p_true - 1)² in place of p_true² turns the sum of squares into the Brier score.
    squares = np.einsum("nk,nk->n", p, p, dtype=np.float64)
    return (squares + 1 - 2 * _of_true_class(y, p),)


def _calibration(_: Floats, predicted: Floats, true: Floats) -> Floats:
    value = np.full(true.shape, np.nan)
    np.divide(predicted, true, out=value, where=true != 0)
    return value


def _r2(_: Floats, squares: Floats, variation: Floats) -> Floats:
    return 1 - Ratio(squares, variation).value


def _loss(name: str, label: str) -> MetricInfo:
    return MetricInfo(name, label, False, "sums", range=(0, None))


SUM_METRICS: dict[str, SumMetric] = {
    metric.info.name: metric
    for metric in (
        SumMetric(_loss("log_loss", "log loss"), _log_losses, _mean, needs_probabilities=True),
        SumMetric(_loss("brier", "Brier score"), _briers, _mean, needs_probabilities=True),
        SumMetric(
            MetricInfo("calibration", "calibration", None, "sums", ideal=1.0, range=(0, None)),
            lambda y, p: (p[:, 0], y),
            _calibration,
            "labels sum to 0",
        ),
        SumMetric(_loss("mse", "mean squared error"), lambda y, p: (_squares(y, p),), _mean),
        SumMetric(
            _loss("rmse", "root mean squared error"),
            lambda y, p: (_squares(y, p),),
            lambda weight, total: np.sqrt(_mean(weight, total)),
        ),
        SumMetric(_loss("mae", "mean absolute error"), lambda y, p: (np.abs(y - p[:, 0]),), _mean),
        # The labels' own terms are made where their mean in each slice is known.
        SumMetric(
            MetricInfo("r2", "R²", True, "sums", range=(None, 1)),
            lambda y, p: (_squares(y, p),),
            _r2,
            "all labels alike",
        ),
        SumMetric(
            MetricInfo("mean_label", "mean label", None, "sums"),
            lambda y, _: (y,),
            _mean,
        ),
        SumMetric(
            MetricInfo("mean_prediction", "mean prediction", None, "sums"),
            lambda _, p: (p[:, 0],),
            _mean,
        ),
    )
}
"""Functions of sums over rows: those of TensorFlow Model Analysis and scikit-learn."""
