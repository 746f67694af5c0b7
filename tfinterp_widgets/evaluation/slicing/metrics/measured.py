"""A metric of slices: its values, why some are undefined, and what they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tfinterp_widgets.evaluation.slicing.answers.columns import Floats
from tfinterp_widgets.evaluation.slicing.metrics.asked import Asked
from tfinterp_widgets.evaluation.slicing.metrics.definitions import COUNT_METRICS
from tfinterp_widgets.evaluation.slicing.metrics.ratios import Counts, Ratio

NO_WEIGHT = "no weight"
NO_CLASS = "undefined for every class"


@dataclass(frozen=True, eq=False)
class Measured:
    """A metric of slices.

    Attributes
    ----------
    value : ndarray of float64, shape (slices,)
        NaN where it is undefined.
    undefined : dict of int to str
        Why it is, by slice.
    share : Ratio or None
        For a share of rows, of how many how many; each of shape (slices,).
    counts : Counts or None
        For a metric of one decision about each row, what it is made of.
    """

    value: Floats
    undefined: dict[int, str] = field(default_factory=dict)
    share: Ratio | None = None
    counts: Counts | None = None

    @classmethod
    def joined(cls, parts: Sequence[Measured]) -> Measured:
        """A metric of several partitions, one after the other."""
        starts = np.cumsum([0, *(len(part.value) for part in parts)]).tolist()
        undefined = {
            start + at: reason
            for start, part in zip(starts, parts, strict=False)
            for at, reason in part.undefined.items()
        }
        shares = [part.share for part in parts if part.share is not None]
        counts = [part.counts for part in parts if part.counts is not None]
        return cls(
            np.concatenate([part.value for part in parts]),
            undefined,
            Ratio(*map(np.concatenate, zip(*shares, strict=True))) if shares else None,
            Counts(*map(np.concatenate, zip(*counts, strict=True))) if counts else None,
        )


def of_counts(asked: Asked, counts: Sequence[Counts], weight: Floats | None = None) -> Measured:
    """A metric from counts: of one subject, or of several to average.

    `weight` is that of each slice, (slices,), where some may have none.
    """
    metric = COUNT_METRICS[asked.base]
    ratios = [metric.ratio(each) for each in counts]
    if asked.average is None:
        value = ratios[0].value
        share = ratios[0] if asked.info.is_share else None
        return Measured(value, reasons(value, metric.undefined, weight), share, counts[0])
    weights = None if asked.average == "macro" else [each.tp + each.fn for each in counts]
    value = average_of([ratio.value for ratio in ratios], weights)
    return Measured(value, reasons(value, NO_CLASS, weight))


def reasons(value: Floats, undefined: str, weight: Floats | None) -> dict[int, str]:
    """Why values are undefined, by their position."""
    return {
        at: NO_WEIGHT if weight is not None and weight[at] == 0 else undefined
        for at in np.flatnonzero(np.isnan(value)).tolist()
    }


def average_of(values: Sequence[Floats], weights: Sequence[Floats] | None) -> Floats:
    """The mean over those classes for which a value is defined, (slices,)."""
    stacked = np.stack(values)
    defined = ~np.isnan(stacked)
    heavy = defined.astype(np.float64) if weights is None else defined * np.stack(weights)
    return Ratio((np.nan_to_num(stacked) * heavy).sum(axis=0), heavy.sum(axis=0)).value
