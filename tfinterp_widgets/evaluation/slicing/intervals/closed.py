"""Closed intervals of metrics of slices: from sums over rows, or from the influence of each."""

from __future__ import annotations

from tfinterp_widgets.evaluation.slicing.features.features import Codes
from tfinterp_widgets.evaluation.slicing.influence.average import Average
from tfinterp_widgets.evaluation.slicing.influence.parts import summed
from tfinterp_widgets.evaluation.slicing.influence.rows import part_of
from tfinterp_widgets.evaluation.slicing.influence.shares import estimate_of_counts, shares_of
from tfinterp_widgets.evaluation.slicing.intervals.carriers import carriers
from tfinterp_widgets.evaluation.slicing.intervals.links import intervals_from
from tfinterp_widgets.evaluation.slicing.metrics.asked import Asked
from tfinterp_widgets.evaluation.slicing.metrics.definitions import COUNT_METRICS
from tfinterp_widgets.evaluation.slicing.metrics.measure import Meter
from tfinterp_widgets.evaluation.slicing.metrics.measured import Measured
from tfinterp_widgets.evaluation.slicing.summaries.summarised import has_summary, summary_of
from tfinterp_widgets.evaluation.uncertainty.intervals import Intervals
from tfinterp_widgets.evaluation.uncertainty.linearised import Spread


def intervals_of_counts(asked: Asked, measured: Measured) -> Intervals:
    """Intervals of a metric of kinds of rows, without a look at them: `estimate_of_counts`."""
    assert measured.counts is not None, "asked of such metrics only"
    found = estimate_of_counts(COUNT_METRICS[asked.base], measured.counts)
    return Intervals(found.low, found.high)


def intervals_of_rows(asked: Asked, meter: Meter, codes: Codes, measured: Measured) -> Intervals:
    """Intervals of any metric that is known by name, from the rows.

    Parameters
    ----------
    asked : Asked
        No function of the user's.
    meter : Meter
    codes : ndarray of int, shape (n,)
        The slice of each row; ``len(measured.value)`` for rows of none.
    measured : Measured
    """
    slices = len(measured.value)
    if has_summary(asked):
        return summary_of(asked, meter, codes, slices).intervals
    if asked.info.family == "counts":
        return _of_decisions(asked, meter, codes, slices)
    influence = part_of(asked, meter, codes, slices).influence
    squares, cubes = (summed(each, codes, slices) for each in (influence**2, influence**3))
    spread = Spread.of(squares, cubes, carriers(asked, meter, codes, slices))
    return intervals_from(asked, measured.value, spread)


def _of_decisions(asked: Asked, meter: Meter, codes: Codes, slices: int) -> Intervals:
    """Of shares of rows that are decided several times, or of averages of shares over classes.

    The trials of a share are effective ones, and classes are put together by `Average.ends`.
    """
    average = Average(asked, meter.problem, codes, slices)
    for number, subject in enumerate(asked.subjects):
        shares = shares_of(asked, subject, meter, codes, slices)
        average.add(number, shares.part, shares.ends)
    found = average.ends()
    return Intervals(found.low, found.high)
