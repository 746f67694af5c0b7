"""Metrics of slices: a table of them, as `slice_metrics` returns it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tfinterp_widgets.engine.parameters import whole_number
from tfinterp_widgets.evaluation.slicing.answers.asking import AsksRows
from tfinterp_widgets.evaluation.slicing.answers.columns import Column, Floats, Indices, Metric
from tfinterp_widgets.evaluation.slicing.answers.gates import Check, Gate
from tfinterp_widgets.evaluation.slicing.keys import (
    WHOLE,
    SliceKey,
    nearest_name,
    nearest_slice,
    slice_key,
    slice_name,
)

if TYPE_CHECKING:
    from tfinterp_widgets.evaluation.slicing.sliced import Sliced


@dataclass(frozen=True, eq=False, repr=False)
class SliceTable(AsksRows, Mapping[SliceKey, Mapping[str, Metric]]):
    """Metrics of slices; a mapping from a slice's key to its metrics by name.

    Attributes
    ----------
    slices : tuple of SliceKey
        Keys of the slices; ``()``, the whole, first, the others in the order asked for.
    counts : ndarray of int64, shape (slices,)
        Rows of each slice.
    weights : ndarray of float64, shape (slices,)
        Sum of the rows' weights; the counts where rows have none.
    columns : mapping of str to Column
        The metrics as arrays over the slices.
    threshold : float, "argmax" or None
        What scores must be above to count as positive; None where that is not known.
    interval : str or None
        How intervals were made: "auto" (closed forms, and a bootstrap for functions of the user's),
        "wilson", "bootstrap", "jackknife", "given" (imported), or None.
    hidden : int
        How many slices were left out for holding fewer rows than `min_count`.
    hidden_rows : int or None
        How many rows are in these slices, each counted once; None for an imported table.
    gates : tuple of Gate
        Bounds that metrics are to keep; `checks` says which do.
    title, source : str
        What was evaluated, and by what.
    progress : float
        Share of the work that is done, in (0, 1]; intervals by draws come last.
    errors : mapping of SliceKey to str
        Slices that could not be evaluated, and why.
    validation : Any
        What TensorFlow Model Analysis said of the gates as a whole; None where it was not asked.
    data : Sliced or None
        The rows; None for an imported table.

    Examples
    --------
    >>> table = tw.slice_metrics(y, p, frame, slices=[(), "housing"])  # doctest: +SKIP
    >>> table[{"housing": "rent"}]["accuracy"]  # doctest: +SKIP
    Metric(value=0.68, low=0.61, high=0.75, count=179, ...)
    """

    slices: tuple[SliceKey, ...]
    counts: Indices
    weights: Floats
    columns: Mapping[str, Column]
    threshold: float | str | None = None
    interval: str | None = None
    hidden: int = 0
    hidden_rows: int | None = None
    gates: tuple[Gate, ...] = ()
    title: str = ""
    source: str = ""
    progress: float = 1.0
    errors: Mapping[SliceKey, str] = field(default_factory=dict)
    validation: Any = None
    data: Sliced | None = None

    @classmethod
    def from_tfma(cls, source: Any) -> SliceTable:
        """Take the results of TensorFlow Model Analysis (TFMA).

        Metrics have this package's names: TFMA's `example_count` is "count", its areas under
        curves, which it interpolates, are "auc_tfma" and "pr_auc_tfma", and classes, averages,
        ranks and thresholds are suffixes, as in "precision_class_2_top_3@0.7". Those of one of
        several models or outputs begin with its name: "new: recall"; changes from the baseline
        model end in "_diff". What TFMA writes for the impossible, the string "NaN" and an area of
        0.0 where a class is missing, is undefined here, and a missing interval stays missing. Plots
        and differences between slices are left out. `counts` are TFMA's
        `ExampleCount`, which is the rounded sum of weights where it is computed with weights only,
        and 0 where it is not computed. The rows are not there: `difference`, `examples` and the
        like raise.

        Parameters
        ----------
        source : EvalResult or EvalResults of TFMA, or str or Path
            Results, or the folder of a run, which holds more: intervals of metrics at several
            thresholds, metrics with weights and without, and whether the model is valid.

        Raises
        ------
        TypeError
            If it is something else.
        FileNotFoundError, ValueError
            If there is no such folder, or it is half-written, unreadable, or without results.
        ImportError
            If a folder is to be read, and TFMA is not installed, or too old.

        Examples
        --------
        >>> SliceTable.from_tfma("runs/1")[{"housing": "rent"}]["recall"]  # doctest: +SKIP
        """
        from tfinterp_widgets.evaluation.tfma_bridge.results import table_from_tfma

        return table_from_tfma(source)

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the metrics, in the order asked for."""
        return tuple(self.columns)

    @property
    def final(self) -> bool:
        """Whether everything asked for is there, intervals included."""
        return self.progress == 1

    def __getitem__(self, key: Any) -> Mapping[str, Metric]:
        return _SliceMetrics(self, self.position(key))

    def __iter__(self) -> Iterator[SliceKey]:
        return iter(self.slices)

    def __len__(self) -> int:
        return len(self.slices)

    def __contains__(self, key: object) -> bool:
        try:
            return slice_key(key) in self._positions
        except (TypeError, ValueError):
            return False

    def __repr__(self) -> str:
        rows = "" if self.hidden_rows is None else f", of {self.hidden_rows} rows"
        hidden = f"; {self.hidden} hidden{rows}" if self.hidden else ""
        return f"SliceTable({len(self)} slices: {', '.join(self.metrics)}{hidden})"

    def _repr_html_(self) -> str:
        html: str = self.to_frame().to_html(index=False, max_rows=60, na_rep="")
        return html

    def position(self, key: Any) -> int:
        """Where a slice stands in the table, for any order of the key's pairs.

        Raises
        ------
        KeyError
            If it is not there; the message names the nearest.
        """
        wanted = slice_key(key)
        if wanted not in self._positions:
            raise KeyError(
                f"slice {slice_name(wanted)!r} is not among the {len(self)} of this table."
                + nearest_slice(wanted, self.slices)
            )
        return self._positions[wanted]

    def column(self, metric: str) -> Column:
        """A metric over the slices, as arrays.

        Raises
        ------
        KeyError
            If the table does not have it; the message names the nearest.
        """
        if metric not in self.columns:
            raise KeyError(
                f"metric {metric!r} is not in this table, which has {', '.join(self.metrics)}."
                + nearest_name(str(metric), self.metrics)
            )
        return self.columns[metric]

    @cached_property
    def checks(self) -> dict[tuple[SliceKey, str], Check]:
        """Whether each slice keeps the gate of each metric; those without a gate are left out."""
        return {
            (key, gate.metric): gate.check(self[key][gate.metric])
            for gate in self.gates
            for key in self.slices
            if gate.slices is None or key in gate.slices
        }

    def worst(self, metric: str, n: int = 5) -> SliceTable:
        """The slices in which a metric is worst, the worst first; without the whole.

        Slices in which it is undefined are left out.

        Raises
        ------
        KeyError
            If the table does not have the metric.
        ValueError
            If it does not say which values are worse, or n is below 1.
        """
        column = self.column(metric)
        n = whole_number("n", n, at_least=1)
        badness = column.info.badness(column.value)
        badness[[key == WHOLE for key in self.slices]] = np.nan
        order = np.argsort(-badness, kind="stable")  # NaN comes last
        return self.take(order[: min(n, np.count_nonzero(~np.isnan(badness)))])

    def take(self, positions: Indices) -> SliceTable:
        """The table of these slices, in this order."""
        at = np.asarray(positions, dtype=np.int64)
        return replace(
            self,
            slices=tuple(self.slices[position] for position in at.tolist()),
            counts=self.counts[at],
            weights=self.weights[at],
            columns={name: column.take(at) for name, column in self.columns.items()},
        )

    def at_threshold(self, threshold: float | str) -> SliceTable:
        """The table as it is with another threshold, a number or "argmax".

        Metrics that depend on it come from the counts of `curves` where it is one of their stops,
        k/100, without a look at the rows; else from the rows. Intervals that counts tell come
        along, others are left out: ask `slice_metrics` for them.

        Raises
        ------
        RuntimeError
            If the table was imported, and holds no rows.
        TypeError, ValueError
            If it is no threshold.
        """
        return self._rows("at_threshold").at_threshold(self, threshold)

    def to_frame(self) -> pd.DataFrame:
        """A row for each slice: its name, its rows, and value, low and high of each metric.

        A metric that is undefined in some slice has a column more, that says why.
        """
        frame: dict[str, Any] = {
            "slice": [slice_name(key) for key in self.slices],
            "count": self.counts,
        }
        for name, column in self.columns.items():
            frame[name] = self.counts if name == "count" else column.value
            if column.info.family != "size":
                frame |= {f"{name}_low": column.low, f"{name}_high": column.high}
            if column.undefined:
                frame[f"{name}_undefined"] = [column.undefined.get(at) for at in range(len(self))]
        return pd.DataFrame(frame)

    def to_csv(self, path: str | Path) -> None:
        """Write `to_frame` as comma-separated values in UTF-8."""
        self.to_frame().to_csv(path, index=False, encoding="utf-8")

    @cached_property
    def _positions(self) -> dict[SliceKey, int]:
        return {key: position for position, key in enumerate(self.slices)}


class _SliceMetrics(Mapping[str, Metric]):
    """The metrics of one slice, by name."""

    def __init__(self, table: SliceTable, position: int) -> None:
        self._table = table
        self._position = position

    def __getitem__(self, name: str) -> Metric:
        column = self._table.column(name)
        return column.metric(self._position, int(self._table.counts[self._position]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._table.metrics)

    def __len__(self) -> int:
        return len(self._table.metrics)

    def __repr__(self) -> str:
        return f"{slice_name(self._table.slices[self._position])} {dict(self)!r}"
