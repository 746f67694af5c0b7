"""What the slice explorer asks, and what is known of the answer so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.keys import SliceKey
from tfinterp_widgets.widgets.slices.estimates import Estimates
from tfinterp_widgets.widgets.slices.sources import Tables, Wanted, of_class


@dataclass(frozen=True)
class Question:
    """Everything that one answer depends on, as it was when it was asked."""

    wanted: Wanted
    metric: str
    """The one on view; "auto" for the first."""
    gates: Mapping[str, Any]
    baseline: SliceKey | None
    selected: SliceKey | None
    find: str = ""
    """The metric whose worst slices are looked for."""


@dataclass(frozen=True, eq=False)
class Found:
    """All that is known so far.

    Attributes
    ----------
    question : Question
    tables : mapping of str to SliceTable
    differences : mapping of str to Estimates
        From the baseline, of the metric on view, model by model.
    comparison : Estimates or None
        Second model minus first.
    examples : ndarray of int64 or None
        Rows of the selected slice, the wrong ones first.
    findings : Any
        What `SliceTable.find` found, where it was asked to.
    progress : float
    """

    question: Question
    tables: Tables
    differences: Mapping[str, Estimates]
    comparison: Estimates | None = None
    examples: NDArray[np.int64] | None = None
    findings: Any = None
    progress: float = 0.0

    @property
    def metric(self) -> str:
        """The name of the metric on view, without the class that it is asked of."""
        return self.question.metric

    @property
    def column(self) -> str:
        """The name of the metric on view in the tables."""
        return of_class(self.metric, self.question.wanted.class_id)

    @property
    def main(self) -> SliceTable:
        """The table that is judged: of two the second, which is the new one."""
        return list(self.tables.values())[-1]

    @property
    def measured(self) -> bool:
        """Whether the values of all metrics are there, be it without their intervals."""
        wanted = self.question.wanted
        return all(of_class(name, wanted.class_id) in self.main.columns for name in wanted.metrics)

    @property
    def final(self) -> bool:
        """Whether nothing more is to come."""
        return self.progress == 1
