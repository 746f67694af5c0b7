"""What the worker's thread does for the tabular explorer: predictions, then attributions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.engine import AttributionEngine, IntegratedGradients
from tfinterp_widgets.engine.methods import Method
from tfinterp_widgets.engine.targets import ClassTarget
from tfinterp_widgets.evaluation.rows.row_attribution import (
    RowAttribution,
    RowQuestion,
    TableAttribution,
    refine_row,
    refine_table,
    sample_of,
    with_baseline,
)
from tfinterp_widgets.evaluation.rows.row_model import Task, stream_predictions, task_of
from tfinterp_widgets.evaluation.rows.rows import BaselineName, Point, Rows
from tfinterp_widgets.widgets.shared.choices import kind_of, own_controls

TABLE_RULE = "gauss-legendre"
"""The quadrature rule that is best for tables."""


@dataclass(frozen=True, eq=False)
class Predicted:
    """What the model says of the rows that the table shows."""

    weights: int
    task: Task
    predictions: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Query:
    """Everything that one answer depends on, as it was when it was asked."""

    view: str
    row: int
    edits: Mapping[str, Any]
    baseline: BaselineName
    baseline_row: int
    choice: str | Method
    steps: int
    target: ClassTarget | None
    sample: int

    @property
    def total(self) -> int:
        """How many parts the answer has, about."""
        if self.view == "global":
            return self.sample
        return self.steps if "steps" in own_controls(self.choice) else 1

    @property
    def baseline_label(self) -> str:
        """Name the baseline for people; empty where the method has none."""
        if "baseline" not in own_controls(self.choice):
            return ""
        return {"row": f"Row {self.baseline_row}", "zero": "Zero"}.get(
            self.baseline, f"{self.baseline.capitalize()} row"
        )


def build_method(choice: str | Method, steps: int, baseline: Point) -> Method:
    """Put the method together from what the controls say."""
    method = choice
    if isinstance(method, str):
        kind = kind_of(method)
        method = kind(rule=TABLE_RULE) if kind is IntegratedGradients else kind()
    if hasattr(method, "steps"):
        change: Any = replace
        method = change(method, steps=steps)
    return with_baseline(method, baseline)


class Answers:
    """Answers queries about one table, and knows what it has said of the table's rows.

    Parameters
    ----------
    engine : AttributionEngine
    rows : Rows
    labels : ndarray, shape (rows,), optional
    shown : int
        How many of the first rows the table shows, whose predictions are wanted.
    """

    def __init__(
        self, engine: AttributionEngine, rows: Rows, labels: NDArray[Any] | None, shown: int
    ) -> None:
        self._engine = engine
        self._rows = rows
        self._labels = labels
        self._shown = shown
        self._weights: int | None = None  # those that the predictions are of

    def answer(self, query: Query) -> Iterator[Predicted | RowAttribution | TableAttribution]:
        """Predict the rows of the table where that is new, then attribute."""
        task, weights = self._survey()
        if weights != self._weights:
            parts = []
            for _, part in stream_predictions(self._engine, task, self._rows.matrix[: self._shown]):
                parts.append(part)
            yield Predicted(weights, task, np.concatenate(parts))
            self._weights = weights
        baseline = self._rows.baseline(query.baseline, query.baseline_row)
        method = build_method(query.choice, query.steps, baseline)
        if query.view == "global":
            sample = sample_of(self._rows, query.sample)
            yield from refine_table(self._engine, self._rows, sample, method, query.target)
        else:
            point = self._rows.row(query.row, query.edits)
            asked = RowQuestion(query.row, point, baseline, method, query.target)
            yield from refine_row(self._engine, self._rows, task, asked)

    def _survey(self) -> tuple[Task, int]:
        """Ask about the first row that can be asked about, to learn what the model is for."""
        shown = self._rows.matrix[: self._shown]
        finite = np.flatnonzero(np.isfinite(shown).all(axis=1))
        if finite.size == 0:
            raise ValueError(
                f"each of the first {len(shown)} rows has a missing or infinite value in the "
                "model's matrix, so that nothing can be explained. Fill these in `preprocess`."
            )
        question = self._engine.ask(shown[finite[0]])
        return task_of(question, self._labels), question.weights
