"""One explorer's talk with the worker: questions there, answers back to the view."""

from __future__ import annotations

import re
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from tfinterp_widgets.engine import Attribution, AttributionEngine
from tfinterp_widgets.engine.targets import target_label
from tfinterp_widgets.runtime import Event, slot_for
from tfinterp_widgets.widgets.answering import Known, Predicted, Query, answer
from tfinterp_widgets.widgets.code import Recipe
from tfinterp_widgets.widgets.messages import map_message
from tfinterp_widgets.wire import to_message, to_text, to_wire

if TYPE_CHECKING:
    from tfinterp_widgets.widgets.attribution_explorer import AttributionExplorer

# Progress and previews: as often as the eye follows, at most.
_PAUSE_SECONDS = 0.05
_LONGEST_MESSAGE = 1_000
# What makes text bold or coloured in a terminal, as Keras does in its errors.
_ANSI_ESCAPE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
# TensorFlow's errors tell the stack, each place with its source, before and after the cause.
_STACK_HEAD = re.compile(r"^Traceback|( defined at)? \(most recent call last\):$", re.MULTILINE)
_STACK_PLACE = re.compile(r'^ +File ".*", line \d+, in .*(\n {4,}.*)*', re.MULTILINE)

IDLE = {"state": "idle", "done": 0, "total": 0, "message": "", "run": 0, "seconds": 0.0}


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
        self._slot = slot_for(engine)
        self._query: Query | None = None
        self._run = 0
        self._began = self._reported = self._drawn = 0.0
        self._progress: dict[str, Any] = IDLE
        self._levels: dict[int, dict[str, Any]] = {}  # exact maps of the question, as sent
        self._weights: int | None = None  # those that the question was put to, once it was
        self.result: Attribution | None = None
        self.result_query: Query | None = None

    @property
    def begun(self) -> bool:
        """Whether anything was asked yet."""
        return self._query is not None

    def ask(self, query: Query) -> None:
        """Submit a query and return at once."""
        self._query = query
        self._began = time.monotonic()
        self._reported = self._drawn = 0.0
        self._run = self._slot.submit(partial(answer, self._engine, query), self._hear)
        total = query.steps if query.has_steps else 1
        self._report(state="running", done=0, total=total, message="", run=self._run)

    def forget(self) -> None:
        """Begin a new question: no map that is known answers it."""
        self._levels, self._weights = {}, None

    def cancel(self, run: int | None = None) -> None:
        """Ask the run to end after its current chunk; nothing where `run` is over already."""
        if run in (None, self._run):
            self._slot.cancel()

    def wait(self, timeout: float | None) -> bool:
        """Block until idle."""
        return self._slot.wait(timeout)

    def close(self) -> None:
        """Leave the worker."""
        self._run = -1
        self._slot.close()
        if self._progress["state"] == "running":
            self._report(state="cancelled")

    def send_levels(self) -> None:
        """Send the view every map of the current question."""
        for level in sorted(self._levels):
            self._send_map(self._levels[level])
        self._send_stops()

    def show_status(self) -> None:
        """Show how the run goes, or what was wrong with the value that was set last."""
        status, why = self._progress, self._explorer._refused
        if why:
            # Of a run that goes on the progress stays in sight, and so does the way to cancel it.
            state = "running" if status["state"] == "running" else "error"
            status = {**status, "state": state, "message": why}
        self._explorer.set_trait("status", status)

    def _hear(self, event: Event) -> None:
        with self._explorer._exclusively():
            query = self._query
            if event.run != self._run or query is None:
                return
            if event.kind == "item":
                self._take(event.item, query)
            elif event.kind == "error":
                self._report(state="error", message=_explain(event.error))
            else:
                self._report(state=event.kind)

    def _take(self, item: Any, query: Query) -> None:
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
        self._explorer._learn(query, item.predictions)

    def _take_estimate(self, estimate: Attribution, query: Query) -> None:
        now = time.monotonic()
        if estimate.final:
            self._take_result(estimate, query)
        elif estimate.level is not None:
            self._add_level(estimate, query)
        elif now - self._drawn >= _PAUSE_SECONDS:
            self._drawn = now
            self._send_map(self._message(estimate, query))
        if now - self._reported >= _PAUSE_SECONDS or estimate.final:
            self._reported = now
            done = estimate.evaluations
            self._report(done=done, total=round(done / estimate.progress))

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
            "run": self._run,
            "question": self._explorer._question,
            "output": self._engine.unit,
            "seconds": round(time.monotonic() - self._began, 3),
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

    def _report(self, **progress: Any) -> None:
        seconds = round(time.monotonic() - self._began, 3)
        self._progress = {**self._progress, **progress, "seconds": seconds}
        self.show_status()


def _explain(error: BaseException | None) -> str:
    """Say what went wrong: our own errors are sentences, others need their type to be read."""
    ours = isinstance(error, TypeError | ValueError) and str(error)
    text = str(error) if ours else f"{type(error).__name__}: {error}"
    whole = " ".join([text, *getattr(error, "__notes__", ())])
    return _shorten(_without_stack(to_text(_ANSI_ESCAPE.sub("", whole))))


def _without_stack(text: str) -> str:
    """Leave out the places in the code, and what is then said twice."""
    if _STACK_PLACE.search(text) is None:
        return text
    lines = _STACK_HEAD.sub("", _STACK_PLACE.sub("", text)).splitlines()
    return "\n".join(dict.fromkeys(filter(None, map(str.strip, lines))))


def _shorten(text: str) -> str:
    """Keep the head, which says what failed, and more of the end, where the cause is."""
    if len(text) <= _LONGEST_MESSAGE:
        return text
    head = _LONGEST_MESSAGE // 3
    return f"{text[:head]} ... {text[head + 5 - _LONGEST_MESSAGE :]}"
