"""How a metric of a slice differs from that of the rest of the data, or of another slice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tfinterp_widgets.evaluation.slicing.answers.columns import Metric
from tfinterp_widgets.evaluation.slicing.metrics.asked import Asked
from tfinterp_widgets.evaluation.slicing.metrics.intervals import (
    Method,
    drawn_intervals,
    wilson_intervals,
)
from tfinterp_widgets.evaluation.slicing.metrics.measure import Measured, Meter
from tfinterp_widgets.evaluation.slicing.problem import Bools
from tfinterp_widgets.evaluation.uncertainty.mover import Estimate, mover
from tfinterp_widgets.evaluation.uncertainty.percentiles import Intervals

NO_OTHERS = "no other rows"


@dataclass(frozen=True, eq=False)
class Side:
    """One of the two sets of rows whose metrics are subtracted.

    Attributes
    ----------
    inside : ndarray of bool, shape (n,)
    measured : Measured
        The metric there, as of a partition of one slice.
    """

    inside: Bools
    measured: Measured

    @property
    def count(self) -> int:
        """How many rows there are."""
        return int(np.count_nonzero(self.inside))


def difference(
    a: Bools,
    b: Bools,
    asked: Asked,
    meter: Meter,
    method: Method,
    generator: np.random.Generator,
) -> Metric:
    """A metric of the rows a less that of the rows b, with its interval.

    Each side has its own interval, and the two are put together: by Newcombe's method for shares of
    rows, which is what Zou & Donner's MOVER comes to for these, and by MOVER for all others. Where
    the sides share rows their estimates correlate, as two means over samples that overlap do: by
    the shared rows over the geometric mean of both numbers of rows, those counted that carry the
    metric, and each by its squared weight.

    Parameters
    ----------
    a, b : ndarray of bool, shape (n,)
        a holds at least a row.
    asked : Asked
    meter : Meter
    method : str
        How intervals are made; "" for none.
    generator : numpy.random.Generator

    Returns
    -------
    Metric
        `count` is that of a.
    """
    one, other = (_side(inside, asked, meter) for inside in (a, b))
    undefined = NO_OTHERS if not other.count else _undefined(one, other)
    if undefined:
        return Metric(None, None, None, one.count, undefined)
    value = float(one.measured.value[0] - other.measured.value[0])
    if not method:
        return Metric(value, None, None, one.count)
    if np.array_equal(a, b):
        return Metric(value, value, value, one.count)
    ends = [_intervals(side, asked, meter, method, generator) for side in (one, other)]
    missing = [reason for each in ends for reason in each.missing.values()]
    if missing:
        return Metric(value, None, None, one.count, no_interval=missing[0])
    estimates = [
        Estimate(side.measured.value, each.low, each.high)
        for side, each in zip((one, other), ends, strict=True)
    ]
    found = mover(estimates[0], estimates[1], _correlation(one, other, asked, meter))
    return Metric(value, float(found.low[0]), float(found.high[0]), one.count)


def _side(inside: Bools, asked: Asked, meter: Meter) -> Side:
    return Side(inside, meter.measure(asked, (~inside).astype(np.int8), 1))


def _undefined(a: Side, b: Side) -> str:
    """Why there is no difference; "" where there is one."""
    reason = a.measured.undefined.get(0)
    if reason is not None:
        return reason
    other = b.measured.undefined.get(0)
    return "" if other is None else f"in what it is compared with: {other}"


def _intervals(
    side: Side, asked: Asked, meter: Meter, method: Method, generator: np.random.Generator
) -> Intervals:
    if method == "wilson":
        return wilson_intervals(side.measured)
    codes = (~side.inside).astype(np.int8)
    *_, found = drawn_intervals(method, asked, meter, codes, side.measured, generator)
    assert isinstance(found, Intervals), "which come last"
    return found


def _correlation(a: Side, b: Side, asked: Asked, meter: Meter) -> float:
    shared = a.inside & b.inside
    if not shared.any():
        return 0.0
    sizes = [_carriers(side, meter) for side in (_side(shared, asked, meter), a, b)]
    return sizes[0] / float(np.sqrt(sizes[1] * sizes[2]))


def _carriers(side: Side, meter: Meter) -> float:
    weights, share = meter.problem.weights, side.measured.share
    if weights is not None:
        return float(np.square(weights[side.inside]).sum())
    return float(side.count if share is None else share.denominator[0])
