"""What the view of slices is told of one explorer, and what is understood of its answers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tfinterp_widgets.evaluation.slicing.keys import SliceKey
from tfinterp_widgets.widgets.slices import messages
from tfinterp_widgets.widgets.slices.checks import AUTO, slices_to_json
from tfinterp_widgets.widgets.slices.found import Found
from tfinterp_widgets.widgets.slices.metric_messages import slice_id
from tfinterp_widgets.widgets.slices.slice_view import PERSONAL, SliceView
from tfinterp_widgets.widgets.slices.sources import all_slices

if TYPE_CHECKING:
    from tfinterp_widgets.widgets.slice_explorer import SliceExplorer

PAUSE_SECONDS = 0.2
"""Between two previews, at least: each holds every metric of every slice."""

_PATIENCE = 10  # and so many times as long as telling the last one took


class Telling:
    """Brings a view in line with an explorer.

    Parameters
    ----------
    explorer : SliceExplorer
    view : SliceView
    """

    def __init__(self, explorer: SliceExplorer, view: SliceView) -> None:
        self._explorer = explorer
        self._view = view
        self._keys: dict[str, SliceKey] = {}
        self._partition = 0
        self._table: dict[str, Any] = {}  # the slices of the newest partition
        self._partitioned: Any = None  # what the newest partition is of
        self._next = 0.0  # when the next preview may be told
        self._findings: Any = None  # those that the view has

    @property
    def metric(self) -> str:
        """The metric on view by its own name; empty while that is not known."""
        metric, offered = self._explorer.metric, self._explorer._source.metrics
        return (offered[0] if offered else "") if metric == AUTO else metric

    def begin(self) -> None:
        """Tell what is known before the first answer."""
        source = self._explorer._source
        self._view.tell(
            _features=[feature.message() for feature in source.features],
            _allows=source.allows.message(),
            _models=list(source.names),
            _notes=messages.NOTES,
        )
        self.show_traits()

    def show_traits(self) -> None:
        """Tell the values that the traits have now, and how the answer gets on."""
        explorer = self._explorer
        values = {name: getattr(explorer, name) for name in PERSONAL}
        brush = explorer.brush
        values["metric"] = self.metric
        values["slices"] = slices_to_json(explorer.slices, None)
        values["baseline"] = slice_id(explorer.baseline)
        values["selected"] = slice_id(explorer.selected)
        values["brush"] = None if brush is None else list(brush)
        self._view.tell(**values, _status=explorer.status)

    def heard(self, values: dict[str, Any]) -> dict[str, Any]:
        """Put what the view says of slices into their keys."""
        said = dict(values)
        for name in said.keys() & {"baseline", "selected"}:
            said[name] = self._keys.get(said[name], said[name])
        return said

    def show(self, found: Found) -> bool:
        """Tell what is known of an answer; False where the last was told a moment ago."""
        now = time.monotonic()
        slices = tuple(table.slices for table in found.tables.values())
        partitioned = slices, found.question.wanted.class_id
        is_new = partitioned != self._partitioned
        if not (is_new or found.final) and now < self._next:
            return False
        curves: dict[str, Any] = {}
        if is_new:
            self._partitioned = partitioned
            self._partition += 1
            self._keys = {slice_id(key) or "": key for key in all_slices(found.tables)}
            self._table = messages.slices_message(found.tables)
            curves = {"_curves": messages.curves_of(found, self._partition)}
        source = self._explorer._source
        self._view.tell(
            metric=self.metric,
            _classes=messages.classes_message(source.class_names),
            _threshold_rules=messages.rules_message(found.main),
            _notes=messages.notes_message(found.main),
            _answer=messages.answer_message(found, self._partition, self._table),
            **curves,
            **self._new_findings(found),
        )
        told = time.monotonic()
        self._next = told + max(PAUSE_SECONDS, _PATIENCE * (told - now))
        return True

    def _new_findings(self, found: Found) -> dict[str, Any]:
        """What was found, or is none any more; nothing where the view has it already."""
        findings = self._explorer._conversation.findings
        if findings is self._findings:
            return {}
        self._findings = findings
        if findings is None:
            return {"_findings": None}
        return {"_findings": messages.findings_message(findings, found)}
