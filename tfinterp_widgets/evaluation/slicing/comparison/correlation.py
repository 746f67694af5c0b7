"""How much two metrics of rows that overlap vary together."""

from __future__ import annotations

import numpy as np

from tfinterp_widgets.evaluation.slicing.answers.columns import Floats
from tfinterp_widgets.evaluation.slicing.influence.rows import part_of
from tfinterp_widgets.evaluation.slicing.metrics.asked import Asked
from tfinterp_widgets.evaluation.slicing.metrics.measure import Meter
from tfinterp_widgets.evaluation.slicing.problem import Bools


def correlation(a: Bools, b: Bools, asked: Asked, meter: Meter) -> float:
    """Correlation of a metric of the rows a with that of the rows b, in [-1, 1].

    Only the rows in both make them vary together: the products of their influences on either add up
    to the covariance. Of a function of the user's influences are not known; it is taken for a mean,
    whose influence is the same for all rows but for their weight.

    Parameters
    ----------
    a, b : ndarray of bool, shape (n,)
    asked : Asked
    meter : Meter
    """
    one, other = (_influence(rows, asked, meter) for rows in (a, b))
    together = float(one @ other)
    apart = float(np.sqrt((one @ one) * (other @ other)))
    return together / apart if apart > 0 else 0.0


def _influence(rows: Bools, asked: Asked, meter: Meter) -> Floats:
    if asked.own is None:
        return part_of(asked, meter, (~rows).astype(np.int8), 1).influence
    weights = meter.problem.weights
    return rows.astype(np.float64) if weights is None else rows * weights
