"""How a metric of a slice differs from that of the rest of the data, or of another slice."""

from __future__ import annotations

import numpy as np

from tfinterp_widgets.evaluation.slicing.answers.columns import Metric
from tfinterp_widgets.evaluation.slicing.comparison.correlation import correlation
from tfinterp_widgets.evaluation.slicing.features.features import Codes
from tfinterp_widgets.evaluation.slicing.intervals.made import intervals_of
from tfinterp_widgets.evaluation.slicing.intervals.methods import Method
from tfinterp_widgets.evaluation.slicing.metrics.asked import Asked
from tfinterp_widgets.evaluation.slicing.metrics.measure import Meter
from tfinterp_widgets.evaluation.slicing.metrics.measured import Measured
from tfinterp_widgets.evaluation.slicing.problem import Bools
from tfinterp_widgets.evaluation.uncertainty.mover import Estimate, mover

NO_OTHERS = "no other rows"


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
    the sides share rows their estimates vary together: see `correlation`.

    Nothing is drawn for a metric that has a closed interval, so that one pass over the rows, sorted
    once for all slices, serves both sides.

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
    count, overlap = int(np.count_nonzero(a)), bool((a & b).any())
    parts = _apart(a, b) if not overlap else [(_inside(a), 1), (_inside(b), 1)]
    measured = [meter.measure(asked, codes, slices) for codes, slices in parts]
    both = Measured.joined(measured)
    undefined = NO_OTHERS if not b.any() else _undefined(both)
    if undefined:
        return Metric(None, None, None, count, undefined)
    value = float(both.value[0] - both.value[1])
    if not method:
        return Metric(value, None, None, count)
    if overlap and np.array_equal(a, b):
        return Metric(value, value, value, count)
    ends = [
        intervals_of(method, asked, meter, codes, of_part, generator)
        for (codes, _), of_part in zip(parts, measured, strict=True)
    ]
    missing = [reason for each in ends for reason in each.missing.values()]
    if missing:
        return Metric(value, None, None, count, no_interval=missing[0])
    low, high = (np.concatenate([getattr(each, end) for each in ends]) for end in ("low", "high"))
    one, other = (Estimate(both.value[at], low[at], high[at]) for at in (0, 1))
    found = mover(one, other, correlation(a, b, asked, meter) if overlap else 0.0)
    return Metric(value, float(found.low), float(found.high), count)


def _apart(a: Bools, b: Bools) -> list[tuple[Codes, int]]:
    codes = np.full(a.size, 2, dtype=np.int8)
    codes[b], codes[a] = 1, 0
    return [(codes, 2)]


def _inside(rows: Bools) -> Codes:
    return (~rows).astype(np.int8)


def _undefined(both: Measured) -> str:
    """Why there is no difference; "" where there is one."""
    if 0 in both.undefined:
        return both.undefined[0]
    other = both.undefined.get(1)
    return "" if other is None else f"in what it is compared with: {other}"
