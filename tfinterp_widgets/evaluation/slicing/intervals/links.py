"""On which scale each metric varies symmetrically, and so how its interval is made."""

from __future__ import annotations

import numpy as np

from tfinterp_widgets.evaluation.slicing.answers.columns import Floats, MetricInfo
from tfinterp_widgets.evaluation.slicing.metrics.asked import Asked
from tfinterp_widgets.evaluation.uncertainty.intervals import Intervals
from tfinterp_widgets.evaluation.uncertainty.linearised import (
    Spread,
    relative_interval,
    share_interval,
    skewed_interval,
    symmetric_interval,
)
from tfinterp_widgets.evaluation.uncertainty.wilson import Ends


def intervals_from(asked: Asked, value: Floats, spread: Spread) -> Intervals:
    """Intervals of a metric of sums or of ranks.

    Means of rows, such as losses, are skewed, and get Hall's interval; the root of a mean the root
    of that. Areas are in [0, 1], and get Student's on the scale of the logit; calibration is a
    ratio, and gets it on that of the logarithm. R² gets it as it is.

    Parameters
    ----------
    asked : Asked
    value : ndarray of float64, shape (slices,)
    spread : Spread
        Of the value; for the root of a mean that of the mean.
    """
    low, high = _within(_ends(asked, value, spread), asked.info)
    return Intervals.where_known(value, low, high, spread.carriers)


def _ends(asked: Asked, value: Floats, spread: Spread) -> Ends:
    if asked.info.family == "ranks":
        return share_interval(value, spread)
    if asked.base == "calibration":
        return relative_interval(value, spread)
    if asked.base == "r2":
        return symmetric_interval(value, spread)
    if asked.base == "rmse":
        low, high = skewed_interval(np.square(value), spread)
        return np.sqrt(np.maximum(low, 0)), np.sqrt(high)
    return skewed_interval(value, spread)


def _within(ends: Ends, info: MetricInfo) -> Ends:
    (low, high), (least, most) = ends, info.range
    return (
        low if least is None else np.maximum(low, least),
        high if most is None else np.minimum(high, most),
    )
