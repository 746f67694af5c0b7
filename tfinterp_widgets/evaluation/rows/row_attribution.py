"""One row explained, and many: attributions in the model's matrix, summed per raw column."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.engine import Attribution, AttributionEngine
from tfinterp_widgets.engine.methods import Method
from tfinterp_widgets.evaluation.rows.probing import NOBODY
from tfinterp_widgets.evaluation.rows.row_model import Task, check_finite, of_target, predictions
from tfinterp_widgets.evaluation.rows.rows import Point, Rows

if TYPE_CHECKING:
    import pandas as pd

    from tfinterp_widgets.engine.targets import ClassTarget


@dataclass(frozen=True, eq=False)
class RowAttribution:
    """How much each raw column contributed to what the model says of one row.

    Attributes
    ----------
    row : int
        Position in the table.
    columns : tuple of str
        The raw columns.
    values, baseline_values : tuple
        The row's raw values, edits included, and the baseline's; None where no single value
        stands for it, or it is missing.
    contributions : ndarray of float64, shape (columns,)
        The attribution, summed over the matrix columns of each raw column; signed, in the units of
        `attribution`.
    unassigned : float
        What lies in constant matrix columns that no raw column changes.
    attribution : Attribution
        The engine's own answer, on the matrix.
    prediction, baseline_prediction : float
        What the model predicts of the target for the row and for the baseline: a probability, the
        difference of two for a contrast, or the number that a regression returns.
    """

    row: int
    columns: tuple[str, ...]
    values: tuple[Any, ...]
    baseline_values: tuple[Any, ...]
    contributions: NDArray[np.float64]
    unassigned: float
    attribution: Attribution
    prediction: float
    baseline_prediction: float

    def __post_init__(self) -> None:
        self.contributions.flags.writeable = False

    @property
    def target(self) -> ClassTarget:
        """What is explained: a class, or a pair of them."""
        return cast("ClassTarget", self.attribution.target)

    @property
    def total(self) -> float:
        """The sum of all contributions; with completeness the change of the score."""
        return float(self.contributions.sum()) + self.unassigned

    @property
    def score_change(self) -> float | None:
        """F(x) - F(x'), in the units of the score; None for methods without a baseline."""
        start = self.attribution.baseline_score
        return None if start is None else self.attribution.score - start

    @property
    def convergence_delta(self) -> float | None:
        """``total - score_change``: 0 is complete. None for methods without a baseline."""
        return None if self.score_change is None else self.total - self.score_change

    @property
    def relative_error(self) -> float | None:
        """The completeness error relative to the change of the score; see `Attribution`."""
        return self.attribution.relative_error

    @property
    def order(self) -> NDArray[np.intp]:
        """Positions of the columns, the largest contribution in absolute value first."""
        return np.argsort(-np.abs(self.contributions), kind="stable")

    def to_frame(self) -> pd.DataFrame:
        """A row per column: column, value, baseline, contribution; the largest first."""
        import pandas as pd

        frame = pd.DataFrame(
            {
                "column": self.columns,
                "value": self.values,
                "baseline": self.baseline_values,
                "contribution": self.contributions,
            }
        )
        return frame.iloc[self.order].reset_index(drop=True)


@dataclass(frozen=True, eq=False)
class TableAttribution:
    """Contributions of the raw columns over many rows.

    Attributes
    ----------
    columns : tuple of str
    rows : ndarray of intp, shape (m,)
        Positions of the rows explained so far.
    contributions : ndarray of float64, shape (m, columns)
    positions : ndarray of float64, shape (m, columns)
        Where each value lies among its column's: 0 lowest to 1 highest; NaN where it is
        missing, or the column has no order.
    progress : float
        Share of the sample that is done, in (0, 1].
    final : bool
    """

    columns: tuple[str, ...]
    rows: NDArray[np.intp]
    contributions: NDArray[np.float64]
    positions: NDArray[np.float64]
    progress: float
    final: bool

    @cached_property
    def mean_absolute(self) -> NDArray[np.float64]:
        """The mean of |contribution| over the rows, (columns,)."""
        return np.asarray(np.abs(self.contributions).mean(axis=0))

    @property
    def order(self) -> NDArray[np.intp]:
        """Positions of the columns, the largest mean |contribution| first."""
        return np.argsort(-self.mean_absolute, kind="stable")

    def to_frame(self) -> pd.DataFrame:
        """A row per column: column, mean |contribution|, mean contribution; the largest first."""
        import pandas as pd

        frame = pd.DataFrame(
            {
                "column": self.columns,
                "mean_absolute": self.mean_absolute,
                "mean": self.contributions.mean(axis=0),
            }
        )
        return frame.iloc[self.order].reset_index(drop=True)


@dataclass(frozen=True, eq=False)
class RowQuestion:
    """What is asked of a row: which, with which values, compared with what, by which method.

    Attributes
    ----------
    row : int
    point, baseline : Point
    method : Method
        With the baseline's matrix row as its own where it has one.
    target : int, (int, int), or None
    """

    row: int
    point: Point
    baseline: Point
    method: Method
    target: ClassTarget | None


def refine_row(
    engine: AttributionEngine, rows: Rows, task: Task, asked: RowQuestion
) -> Iterator[RowAttribution]:
    """Explain a row ever better; the last one's attribution has ``final`` set.

    Raises
    ------
    TypeError, ValueError
        As `AttributionEngine.attribute` does, and if the row holds NaN or infinity in the matrix.
    """
    names = ["" if owner == NOBODY else rows.names[owner] for owner in rows.owners]
    check_finite(asked.point.matrix, f"row {asked.row}", names)
    question = engine.ask(asked.point.matrix, asked.target)
    here = predictions(question, task, asked.point.matrix[None])
    there = predictions(question, task, asked.baseline.matrix[None])
    for estimate in question.explained_by(asked.method):
        contributions = rows.sums(estimate.values)
        target = cast("ClassTarget", estimate.target)
        yield RowAttribution(
            row=asked.row,
            columns=rows.names,
            values=asked.point.values,
            baseline_values=asked.baseline.values,
            contributions=contributions,
            unassigned=float(estimate.values.sum(dtype=np.float64) - contributions.sum()),
            attribution=estimate,
            prediction=float(of_target(here, target)[0]),
            baseline_prediction=float(of_target(there, target)[0]),
        )


def sample_of(rows: Rows, size: int, seed: int = 0) -> NDArray[np.intp]:
    """Draw rows without replacement, in their own order; all of them where they are fewer."""
    if size >= len(rows):
        return np.arange(len(rows))
    drawn = np.random.default_rng(seed).choice(len(rows), size, replace=False)
    return np.asarray(np.sort(drawn), np.intp)


def refine_table(
    engine: AttributionEngine,
    rows: Rows,
    sample: NDArray[np.intp],
    method: Method,
    target: ClassTarget | None,
) -> Iterator[TableAttribution]:
    """Explain the rows of a sample one by one; each estimate holds one row more.

    Rows that hold NaN or infinity in the matrix are left out.

    Raises
    ------
    ValueError
        If no row of the sample can be explained.
    """
    usable = sample[np.isfinite(rows.matrix[sample]).all(axis=1)]
    if usable.size == 0:
        raise ValueError(
            f"none of the {sample.size} rows can be explained: each has a missing or infinite "
            "value in the model's matrix. Fill these in `preprocess`."
        )
    columns = [column.positions(usable) for column in rows.columns]
    positions = np.stack(columns, axis=1)
    contributions = np.empty((usable.size, len(rows.names)))
    for number, estimate in engine.refine_batch(rows.matrix[usable], target, method):
        if not estimate.final:
            continue
        contributions[number] = rows.sums(estimate.values)
        done = number + 1
        yield TableAttribution(
            columns=rows.names,
            rows=usable[:done],
            contributions=contributions[:done],  # what is filled later lies behind
            positions=positions[:done],
            progress=done / usable.size,
            final=done == usable.size,
        )


def with_baseline(method: Method, baseline: Point) -> Method:
    """Give a method the baseline's matrix row, finite, where it compares with a baseline."""
    if not hasattr(method, "baseline"):
        return method
    check_finite(baseline.matrix, "the row to compare with")
    changed: Callable[..., Method] = replace
    return changed(method, baseline=baseline.matrix)
