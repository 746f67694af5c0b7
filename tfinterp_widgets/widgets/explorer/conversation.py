"""One explorer's talk with the worker: questions there, answers back to the view."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from tfinterp_widgets.engine import Attribution, AttributionEngine
from tfinterp_widgets.engine.targets import target_label
from tfinterp_widgets.widgets.explorer.answers import Known, Predicted, Query, answer
from tfinterp_widgets.widgets.explorer.code import Recipe
from tfinterp_widgets.widgets.explorer.messages import map_message
from tfinterp_widgets.widgets.shared.runner import PAUSE_SECONDS, Runner
from tfinterp_widgets.wire import to_message, to_wire

if TYPE_CHECKING:
    from tfinterp_widgets.widgets.attribution_explorer import AttributionExplorer


class Conversation:
    """Asks, hears the answers on the worker's thread, and passes them on.

    Parameters
    ----------
    explorer : AttributionExplorer
    engine : AttributionEngine
    recipe : Recipe
        For the code that reproduces an answer.
    """

    def __init__(
        self, explorer: AttributionExplorer, engine: AttributionEngine, recipe: Recipe
    ) -> None:
        self._explorer = explorer
        self._engine = engine
        self._recipe = recipe
        self.runner = Runner(explorer, engine, self._take)
        self._query: Query | None = None
        self._drawn = 0.0
        self._total: int | None = None  # evaluations of this run; 0 once it is not to be told
        self._levels: dict[int, dict[str, Any]] = {}  # exact maps of the question, as sent
        self._weights: int | None = None  # those that the question was put to, once it was
        self.result: Attribution | None = None
        self.result_query: Query | None = None

    def ask(self, query: Query) -> None:
        """Submit a query and return at once."""
        self._query = query
        self._drawn = 0.0
        self._total = None
        total = query.steps if query.has_steps else 0  # until the first estimate tells
        self.runner.start(partial(answer, self._engine, query), total)

    def forget(self) -> None:
        """Begin a new question: no map that is known answers it."""
        self._levels, self._weights = {}, None

    def send_levels(self) -> None:
        """Send the view every map of the current question."""
        for level in sorted(self._levels):
            self._send_map(self._levels[level])
        self._send_stops()

    def _take(self, item: Any) -> None:
        query = self._query
        assert query is not None  # what is heard was asked
        if isinstance(item, Predicted):
            self._take_predicted(item, query)
        elif isinstance(item, Known):
            for level in sorted(item.levels):
                self._add_level(item.levels[level], query)
            self._send_stops()
        else:
            self._take_estimate(item, query)

    def _take_predicted(self, item: Predicted, query: Query) -> None:
        if self._weights not in (None, item.weights):
            self._explorer._renew_question()
        self._weights = item.weights
        self._explorer._learn(query, item)

    def _take_estimate(self, estimate: Attribution, query: Query) -> None:
        if estimate.final:
            self._take_result(estimate, query)
        elif estimate.level is not None:
            self._add_level(estimate, query)
        elif time.monotonic() - self._drawn >= PAUSE_SECONDS:
            self._drawn = time.monotonic()
            self._send_map(self._message(estimate, query))
        self._count(estimate)

    def _count(self, estimate: Attribution) -> None:
        """Tell how far the run is; of how many evaluations, where they are all of the work."""
        done, share = estimate.evaluations, estimate.progress
        total = round(done / share)
        if self._total not in (None, total):
            total = 0
        self._total = total
        known = done if estimate.final else total
        self.runner.progress(done, known, share=share, final=estimate.final)

    def _take_result(self, estimate: Attribution, query: Query) -> None:
        message = self._message(estimate, query)
        if estimate.level is not None:
            self._levels[estimate.level] = message
        self.result, self.result_query = estimate, query
        # A trait rather than a message, so that a saved notebook has it.
        self._explorer._result = {**message, "map": to_wire(message["map"])}

    def _add_level(self, found: Attribution, query: Query) -> None:
        """Keep and send an exact map, once; again when it can say how far it has moved."""
        level = found.level or 0
        known = self._levels.get(level)
        has_half = level % 2 == 0 and level // 2 in self._levels
        if known is None or (has_half and known["moved"] is None):
            self._levels[level] = self._message(found, query)
            self._send_map(self._levels[level])

    def _message(self, found: Attribution, query: Query) -> dict[str, Any]:
        half = self._levels.get(found.level // 2) if found.level and found.level % 2 == 0 else None
        names = self._explorer._class_names
        label = target_label(found.target, names)
        return {
            **map_message(query, found, names, None if half is None else half["map"]),
            "run": self.runner.run,
            "question": self._explorer._question,
            "output": self._engine.unit,
            "seconds": self.runner.seconds,
            "code": self._recipe.reproduce(query, found, label),
        }

    def _send_map(self, message: dict[str, Any]) -> None:
        buffers: list[memoryview] = []
        content = {**message, "kind": "map", "exact": message["level"] is not None}
        content["map"] = to_message(message["map"], buffers)
        self._explorer.send(content, buffers)

    def _send_stops(self) -> None:
        stops = sorted(self._levels)
        question = self._explorer._question
        self._explorer.send({"kind": "levels", "question": question, "levels": stops})
