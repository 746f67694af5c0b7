"""One metric over slices: what it is, its values, and one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Family = Literal["size", "counts", "sums", "ranks", "own", "given"]


@dataclass(frozen=True)
class Metric:
    """A metric of one slice.

    Attributes
    ----------
    value : float or None
        None where it is undefined; `undefined` says why.
    low, high : float or None
        Ends of its 95 % interval; None where it has none, as counts, or none was asked for.
    count : int
        Rows of the slice.
    undefined : str or None
        Why there is no value: "one class only", "nothing predicted positive", ...
    denominator : int or None
        For a share, the rows that it is a share of: of recall, the positive ones.
    no_interval : str or None
        Why there is a value but no interval, where one was asked for.
    """

    value: float | None
    low: float | None
    high: float | None
    count: int
    undefined: str | None = None
    denominator: int | None = None
    no_interval: str | None = None


@dataclass(frozen=True)
class MetricInfo:
    """What is known of a metric whatever its values.

    Attributes
    ----------
    name : str
        What users call it, suffixes included: "precision_class_1@0.7".
    label : str
        What a chart calls it.
    greater_is_better : bool or None
        None where neither is, as for counts.
    family : str
        What it is made of: "size" (counts and weights of rows), "counts" (true and false positives
        and negatives at a threshold), "sums" (over rows), "ranks" (of the scores), "own" (a
        function of the user's), "given" (imported, not computed here).
    is_share : bool
        Whether it is a share of rows, for which Wilson's interval is made.
    ideal : float or None
        The best value where neither greater nor smaller is better, as 1 for calibration.
    range : pair of float or None
        The ends of what it can be, None for no end: (0, 1) for a share, (0, None) for an error.
    is_thresholded : bool
        Whether it depends on the table's threshold.
    """

    name: str
    label: str
    greater_is_better: bool | None
    family: Family
    is_share: bool = False
    ideal: float | None = None
    range: tuple[float | None, float | None] = (None, None)
    is_thresholded: bool = False

    def badness(self, values: Floats) -> Floats:
        """How bad values are, the worst being the greatest; in units of the metric.

        Raises
        ------
        ValueError
            If the metric does not say which values are worse.
        """
        if self.ideal is not None:
            return np.abs(values - self.ideal)
        if self.greater_is_better is None:
            raise ValueError(
                f"metric {self.name!r} does not say which values are worse; expected one of which "
                "greater or smaller is better. For a function of your own give slice_metrics "
                "greater_is_better=True or False."
            )
        return -values if self.greater_is_better else values.copy()


@dataclass(frozen=True, eq=False)
class Column:
    """A metric over the slices of a table.

    Attributes
    ----------
    info : MetricInfo
    value : ndarray of float64, shape (slices,)
        NaN where the metric is undefined.
    low, high : ndarray of float64, shape (slices,)
        Ends of the 95 % interval; NaN where there is none.
    undefined : mapping of int to str
        Why, for the position of each slice without a value.
    denominator : ndarray of int64, shape (slices,), or None
        For a share, the rows that it is a share of.
    method : str
        How the interval was made: "Wilson" (of a share), "Wilson-based" (of what is made of shares,
        or of weighted ones), "DeLong", "Student", "logit" (Student's on that scale), "bootstrap",
        "jackknife"; "" where there is none.
    no_interval : mapping of int to str
        Why, for the position of each slice with a value but without the interval asked for.
    """

    info: MetricInfo
    value: Floats
    low: Floats
    high: Floats
    undefined: Mapping[int, str] = field(default_factory=dict)
    denominator: Indices | None = None
    method: str = ""
    no_interval: Mapping[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.value)

    def metric(self, position: int, count: int) -> Metric:
        """The metric of the slice at a position, which holds `count` rows."""
        value, low, high = (_or_none(each[position]) for each in (self.value, self.low, self.high))
        denominator = None if self.denominator is None else int(self.denominator[position])
        reason, missing = self.undefined.get(position), self.no_interval.get(position)
        return Metric(value, low, high, count, reason, denominator, missing)

    def take(self, positions: Indices) -> Column:
        """The column of these slices, in this order."""
        return replace(
            self,
            value=self.value[positions],
            low=self.low[positions],
            high=self.high[positions],
            undefined=_moved(self.undefined, positions),
            no_interval=_moved(self.no_interval, positions),
            denominator=None if self.denominator is None else self.denominator[positions],
        )


def without_interval(
    info: MetricInfo,
    value: Floats,
    undefined: Mapping[int, str] | None = None,
    denominator: Indices | None = None,
) -> Column:
    """A column whose interval is not known, or not yet."""
    none = np.full(len(value), np.nan)
    return Column(info, value, none, none, undefined or {}, denominator)


def _moved(reasons: Mapping[int, str], positions: Indices) -> dict[int, str]:
    """Reasons by where their slices stand among those at `positions`."""
    if not reasons:
        return {}
    return {new: reasons[old] for new, old in enumerate(positions.tolist()) if old in reasons}


def _or_none(number: np.float64) -> float | None:
    return None if np.isnan(number) else float(number)
