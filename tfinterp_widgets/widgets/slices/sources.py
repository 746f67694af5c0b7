"""Where the numbers of slices come from, whatever that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.rows.raw_columns import RawColumn
from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.keys import SliceKey
from tfinterp_widgets.widgets.slices.checks import Combinations

Tables = Mapping[str, SliceTable]
"""One table, or two that are compared, by name."""


@dataclass(frozen=True)
class Allows:
    """What can still be asked; ``js/src/wire/slices.ts`` describes each."""

    slicing: bool
    threshold: bool
    rest: bool
    finding: bool
    examples: bool

    def message(self) -> dict[str, bool]:
        """Describe it for the view."""
        return asdict(self)


@dataclass(frozen=True)
class FeatureInfo:
    """A feature that one can slice by: its kind, and how many values it has."""

    name: str
    kind: str
    levels: int

    def message(self) -> dict[str, Any]:
        """Describe it for the view."""
        return asdict(self)


@dataclass(frozen=True)
class Wanted:
    """The tables that are wanted."""

    slices: Combinations
    metrics: tuple[str, ...]
    """Empty, as long as that is not known, for those that fit."""
    class_id: int | None
    threshold: float | str | None
    further: tuple[SliceKey, ...] = ()
    """Slices beside those asked for."""


class Source(Protocol):
    """What the explorer asks."""

    title: str
    names: tuple[str, ...]
    """One name, or those of two that are compared."""
    allows: Allows
    slices: Combinations
    """What is sliced by, before anything else is asked for."""
    rows: int
    """0 where there are only finished numbers."""

    @property
    def threshold(self) -> float | str | None:
        """What decides before anything else is asked for; None where that is not known."""

    @property
    def features(self) -> Sequence[FeatureInfo]:
        """What one can slice by."""

    @property
    def class_names(self) -> tuple[str, ...] | None:
        """Names of the classes that one can pick; empty for none, None where that is not known."""

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the metrics that are offered; empty until the first answer tells them."""

    def check_metric(self, name: str) -> None:
        """Raise ValueError where there is no such metric, as far as can be told."""

    def columns(self, rows: NDArray[np.int64]) -> Sequence[RawColumn]:
        """What some rows are listed with."""

    def prepare(self) -> Iterator[float]:
        """Predict what is not yet predicted, on the worker's thread; yields the share done."""

    def measure(self, wanted: Wanted) -> Iterator[float | Tables]:
        """Measure metrics, with those intervals that have a formula.

        Yields
        ------
        float or Tables
            The share that is done, where it takes time; at last the tables.
        """


def all_slices(tables: Tables) -> tuple[SliceKey, ...]:
    """The slices of one table, or of two: those of the first one come first."""
    return tuple(dict.fromkeys(key for table in tables.values() for key in table.slices))


def at_threshold(tables: Tables, threshold: Any) -> Tables:
    """The tables as they are with another threshold."""
    return {name: table.at_threshold(threshold) for name, table in tables.items()}


def of_class(name: str, class_id: int | None) -> str:
    """Name a metric of one class against the rest; one that has a class keeps it."""
    return name if class_id is None or name not in BY_CLASS else f"{name}_class_{class_id}"


BY_CLASS = frozenset(
    (
        "auc",
        "auc_tfma",
        "pr_auc",
        "precision",
        "recall",
        "f1",
        "fpr",
        "fnr",
        "specificity",
        "balanced_accuracy",
    )
)
"""Metrics that can be asked of one class of several."""
