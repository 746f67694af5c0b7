"""The tabular explorer: how it is made, what can be asked of it, what a change sets off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import traitlets

from tfinterp_widgets.engine import AttributionEngine
from tfinterp_widgets.evaluation.metrics.labels import check_order
from tfinterp_widgets.evaluation.rows.row_attribution import RowAttribution, TableAttribution
from tfinterp_widgets.evaluation.rows.rows import Rows
from tfinterp_widgets.widgets.shared import settings
from tfinterp_widgets.widgets.shared.table_view import PERSONAL, TableView
from tfinterp_widgets.widgets.tabular import checks, showing
from tfinterp_widgets.widgets.tabular.answers import Query
from tfinterp_widgets.widgets.tabular.board import Board
from tfinterp_widgets.widgets.tabular.conversation import Conversation
from tfinterp_widgets.widgets.tabular.state import (
    ROW_QUESTION,
    SETTINGS,
    TABLE_QUESTION,
    TabularState,
)
from tfinterp_widgets.widgets.tabular.words import EXPLAINED


class TabularExplorer(TabularState):
    """Explore what a model's predictions for the rows of a table rest on.

    Making an explorer asks nothing; its first display does, and so does setting a trait. Answers
    are computed on a thread of the engine's own, ever better, and the newest question wins. A wrong
    value is refused: it goes to `status`, and the last good result stays.

    Parameters
    ----------
    model_or_engine : AttributionEngine, keras.Model, callable, str or Path
        An engine, or anything that `AttributionEngine` takes as model. It takes one float matrix.
    X : array (n, raw), DataFrame, or dict of columns
        The raw rows.
    labels : array-like of n, optional
        The true class ids, or numbers of a regression.
    preprocess : callable, optional
        Maps rows of the kind of `X` to the model's matrix (n, k). Without it the columns are
        numbers, and the matrix.
    columns : sequence of str, optional
        The raw column that each matrix column comes from; found by probing where it is left out.
    class_names : sequence of str, optional
        One name per class, two for a model of one output.
    **traits
        Any public trait of `TabularState`.

    Raises
    ------
    TypeError, ValueError
        When something does not fit; the message says what came, what was expected and what to do.

    Examples
    --------
    >>> credit = tw.samples.german_credit()  # doctest: +SKIP
    >>> explorer = TabularExplorer(credit.model, credit.X_test, credit.y_test,
    ...     preprocess=credit.preprocess, class_names=credit.class_names)  # doctest: +SKIP
    >>> explorer.edits = {"duration": 12}  # doctest: +SKIP
    >>> explorer.wait() and explorer.result.to_frame()  # doctest: +SKIP
    """

    _showing: ClassVar = showing

    def __init__(
        self,
        model_or_engine: Any,
        X: Any,
        labels: Any = None,
        *,
        preprocess: Callable[[Any], Any] | None = None,
        columns: Sequence[str] | None = None,
        class_names: Sequence[str] | None = None,
        **traits: Any,
    ) -> None:
        settings.keywords(type(self), traits)
        self._engine = checks.engine(model_or_engine, class_names)
        self._rows = Rows(X, preprocess, columns)
        checks.width(self._rows, self._engine)
        self._labels = checks.labels(labels, self._rows)
        check_order(labels, X)
        self._given_names = None if class_names is None else list(class_names)
        if self._engine.class_count is not None:
            checks.class_names(class_names, self._engine, self._engine.class_count)
        steps = getattr(traits.get("method"), "steps", None)
        taken_over = {} if steps is None else {"steps": steps}
        super().__init__(**{**taken_over, **traits})
        self._table = TableView(self._take_choice, EXPLAINED, compares=True)
        self._table.show_rows(self._rows.columns, self._labels)
        self._board = Board(self, self._table, self._show)
        self._conversation = Conversation(self, self._board)
        self._runner = self._conversation.runner
        self.add_class("tfi").add_class("tfi-board").add_class("tfi-tabular")
        self.children = self._board.children
        self._ready = True
        self._show_traits(frozenset(SETTINGS))

    @property
    def engine(self) -> AttributionEngine:
        """The engine that answers."""
        return self._engine

    @property
    def result(self) -> RowAttribution | None:
        """The last good final answer about one row, None before the first."""
        return self._conversation.result

    @property
    def global_result(self) -> TableAttribution | None:
        """The last good final answer about many rows, None before the first."""
        return self._conversation.global_result

    def _adapt(self, names: frozenset[str]) -> None:
        if not self._ready:
            return
        if "row" in names and "edits" not in names:
            self.edits = {}
        if "method" in names and "steps" not in names and hasattr(self.method, "steps"):
            self.steps = self.method.steps

    def _settle(self, names: frozenset[str]) -> None:
        if not self._ready or self._closed:
            return
        self._show_traits(names)
        if "top" in names:
            self._conversation.draw()
        if names & (ROW_QUESTION if self.view == "row" else TABLE_QUESTION):
            self._ask()

    def _show_traits(self, names: frozenset[str]) -> None:
        if names & PERSONAL or "baseline" in names:
            values = {name: getattr(self, name) for name in PERSONAL}
            values["confidence"] = list(self.confidence)
            values["baseline_row"] = self.baseline_row if self.baseline == "row" else None
            self._table.tell(**values)
        self._board.controls.show(names)
        if names & {"row", "edits"}:
            self._board.editor.show()
        if "view" in names:
            self._board.show_view()

    def _take_choice(self, values: dict[str, Any]) -> None:
        """Set what a person picked in the table; a row to compare with makes it the baseline."""
        if values.get("baseline_row", 0) is None:
            values = {name: value for name, value in values.items() if name != "baseline_row"}
        elif "baseline_row" in values:
            values = {**values, "baseline": "row"}
        with self.hold_trait_notifications():
            for name, value in values.items():
                setattr(self, name, value)
        self._show_traits(PERSONAL)  # where a trait did not take it

    def _ask(self) -> None:
        self._accept_all()
        query = Query(
            view=self.view,
            row=self.row,
            edits=dict(self.edits),
            baseline=self.baseline,
            baseline_row=self.baseline_row,
            choice=self.method,
            steps=self.steps,
            target=self.target,
            sample=min(self.sample, len(self._rows)),
        )
        self._conversation.ask(query)

    @traitlets.observe("status")
    def _show_status(self, _: Any) -> None:
        self._board.show_status(self.status)
