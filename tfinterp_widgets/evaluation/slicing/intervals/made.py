"""Intervals of a metric of the slices of a partition, however they are made."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tfinterp_widgets.evaluation.slicing.features.features import Codes
from tfinterp_widgets.evaluation.slicing.intervals.closed import (
    intervals_of_counts,
    intervals_of_rows,
)
from tfinterp_widgets.evaluation.slicing.intervals.drawn import drawn_intervals
from tfinterp_widgets.evaluation.slicing.intervals.methods import Method
from tfinterp_widgets.evaluation.slicing.metrics.asked import Asked
from tfinterp_widgets.evaluation.slicing.metrics.measure import Meter
from tfinterp_widgets.evaluation.slicing.metrics.measured import Measured
from tfinterp_widgets.evaluation.uncertainty.intervals import Intervals


def make_intervals(
    method: Method,
    asked: Asked,
    meter: Meter,
    codes: Codes,
    measured: Measured,
    generator: np.random.Generator,
) -> Iterator[float | Intervals]:
    """Make intervals.

    Parameters
    ----------
    method : str
        Not "".
    asked : Asked
    meter : Meter
    codes : ndarray of int, shape (n,)
        The slice of each row; ``len(measured.value)`` for rows of none.
    measured : Measured
    generator : numpy.random.Generator
        Of draws, where there are some.

    Yields
    ------
    float or Intervals
        The share of the draws that is done, again and again; at last the intervals.
    """
    if method == "counted":
        yield intervals_of_counts(asked, measured)
    elif method == "closed":
        yield intervals_of_rows(asked, meter, codes, measured)
    else:
        yield from drawn_intervals(method, asked, meter, codes, measured, generator)


def intervals_of(
    method: Method,
    asked: Asked,
    meter: Meter,
    codes: Codes,
    measured: Measured,
    generator: np.random.Generator,
) -> Intervals:
    """As `make_intervals`, waiting for the last."""
    *_, found = make_intervals(method, asked, meter, codes, measured, generator)
    assert isinstance(found, Intervals), "which come last"
    return found
