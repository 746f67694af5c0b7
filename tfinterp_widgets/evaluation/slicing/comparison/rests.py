"""How a metric of each slice of a partition differs from that of all other rows, at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tfinterp_widgets.evaluation.slicing.answers.columns import Metric
from tfinterp_widgets.evaluation.slicing.features.partition import Partition
from tfinterp_widgets.evaluation.slicing.keys import SliceKey
from tfinterp_widgets.evaluation.slicing.metrics.asked import Asked
from tfinterp_widgets.evaluation.slicing.metrics.measure import Meter
from tfinterp_widgets.evaluation.slicing.summaries.summarised import summaries_of
from tfinterp_widgets.evaluation.slicing.summaries.summary import Summary
from tfinterp_widgets.evaluation.uncertainty.mover import Estimate, mover


@dataclass(frozen=True, eq=False)
class Rests:
    """Differences of the slices of a partition from all other rows.

    Attributes
    ----------
    partition : Partition
    found : Estimate
        NaN where a metric is undefined, or has no interval, on either side.
    """

    partition: Partition
    found: Estimate

    @classmethod
    def of(cls, partition: Partition, asked: Asked, meter: Meter) -> Rests:
        """Find them, in one pass over the rows.

        Both sides have their own interval, out of sums over rows; those over all other rows come of
        the sums over each slice. The two are put together by `mover`.
        """
        inside, outside = summaries_of(asked, meter, partition.codes(), len(partition))
        return cls(partition, mover(_estimate(inside), _estimate(outside)))

    def metric(self, key: SliceKey) -> Metric | None:
        """That of a slice; None where something is undefined, or the slice is none of these."""
        at = self.partition.positions.get(key)
        if at is None:
            return None
        value, low, high = (
            float(each[at]) for each in (self.found.value, self.found.low, self.found.high)
        )
        if np.isnan([value, low, high]).any():
            return None
        return Metric(value, low, high, int(self.partition.counts[at]))


def _estimate(summary: Summary) -> Estimate:
    found = summary.intervals
    return Estimate(summary.value, found.low, found.high)
