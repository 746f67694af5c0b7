"""One tabular explorer's talk with the worker: questions there, answers back to the board."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from tfinterp_widgets.evaluation.rows.row_attribution import RowAttribution, TableAttribution
from tfinterp_widgets.evaluation.rows.row_model import classes_of
from tfinterp_widgets.widgets.shared.runner import PAUSE_SECONDS, Runner
from tfinterp_widgets.widgets.tabular import checks
from tfinterp_widgets.widgets.tabular.answers import Answers, Predicted, Query
from tfinterp_widgets.widgets.tabular.words import Words

if TYPE_CHECKING:
    from tfinterp_widgets.widgets.tabular.board import Board
    from tfinterp_widgets.widgets.tabular_explorer import TabularExplorer

SWARM_PAUSE_SECONDS = 0.25
"""Between two drawings of a growing beeswarm: a page draws its thousands of dots anew."""


class Conversation:
    """Asks, hears the answers on the worker's thread, and has them drawn.

    Parameters
    ----------
    explorer : TabularExplorer
    board : Board
    """

    def __init__(self, explorer: TabularExplorer, board: Board) -> None:
        self._explorer = explorer
        self._board = board
        self._answers = Answers(
            explorer.engine, explorer._rows, explorer._labels, explorer._table.sent
        )
        self.runner = Runner(explorer, explorer.engine, self._take)
        self._query: Query | None = None
        self._drawn = 0.0
        self.words: Words | None = None
        self.result: RowAttribution | None = None
        self.result_query: Query | None = None
        self.global_result: TableAttribution | None = None
        self.global_query: Query | None = None

    def ask(self, query: Query) -> None:
        """Submit a query and return at once."""
        self._query, self._drawn = query, 0.0
        self.runner.start(partial(self._answers.answer, query), query.total)

    def draw(self) -> None:
        """Draw the last good results of both views."""
        if self.result is not None and self.result_query is not None:
            self._draw_row(self.result, self.result_query)
        if self.global_result is not None and self.global_query is not None:
            self._draw_many(self.global_result, self.global_query)

    def _take(self, item: Any) -> None:
        query = self._query
        assert query is not None  # what is heard was asked
        if isinstance(item, Predicted):
            self._take_predictions(item)
        elif isinstance(item, RowAttribution):
            self._take_row(item, query)
        else:
            self._take_many(item, query)

    def _take_predictions(self, item: Predicted) -> None:
        explorer, outputs = self._explorer, item.predictions.shape[1]
        if item.task == "regression":
            names: list[str] = []
            explorer._table.show_predictions(None, item.predictions[:, 0], None)
        else:
            names = checks.class_names(explorer._given_names, explorer.engine, outputs)
            explorer._table.show_predictions(names, *classes_of(item.predictions))
        self.words = Words(item.task, names, explorer.engine.unit)
        self._board.controls.offer_targets(names if outputs > 1 else [])

    def _take_row(self, found: RowAttribution, query: Query) -> None:
        attribution = found.attribution
        if attribution.final:
            self.result, self.result_query = found, query
        if self._is_time(PAUSE_SECONDS) or attribution.final:
            self._draw_row(found, query)
        done = attribution.evaluations
        total = round(done / attribution.progress)
        self.runner.progress(done, total, final=attribution.final)

    def _take_many(self, found: TableAttribution, query: Query) -> None:
        if found.final:
            self.global_result, self.global_query = found, query
        if self._is_time(SWARM_PAUSE_SECONDS) or found.final:
            self._draw_many(found, query)
        done = len(found.rows)
        self.runner.progress(done, round(done / found.progress), final=found.final)

    def _is_time(self, pause: float) -> bool:
        now = time.monotonic()
        if now - self._drawn < pause:
            return False
        self._drawn = now
        return True

    def _draw_row(self, found: RowAttribution, query: Query) -> None:
        assert self.words is not None  # predictions come before attributions
        labels = self._explorer._labels
        label = None if labels is None else labels[found.row]
        self._board.show_row(found, self.words, label, query)

    def _draw_many(self, found: TableAttribution, query: Query) -> None:
        assert self.words is not None
        self._board.show_table(found, self.words, query)
