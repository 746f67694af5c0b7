"""The table of slices and its controls: what they are sent, and what they say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets

from tfinterp_widgets.widgets.shared.part_view import Chosen, PartView
from tfinterp_widgets.widgets.shared.runner import IDLE

PERSONAL = frozenset(
    (
        "search",
        "sort_by",
        "descending",
        "min_count",
        "metric",
        "class_id",
        "threshold",
        "slices",
        "baseline",
        "selected",
        "brush",
    )
)
"""What a person may change in the view."""


class SliceView(PartView):
    """A view of slices; it finds, sorts and moves the threshold by itself.

    Parameters
    ----------
    chosen : callable
        Called with the names and values of what a person changed in the view.
    heard : callable
        Called with what it sends beside that, whatever it is.
    """

    personal = PERSONAL

    search = traitlets.Unicode("").tag(sync=True)
    sort_by = traitlets.Unicode("").tag(sync=True)
    descending = traitlets.Bool(False).tag(sync=True)
    min_count = traitlets.Int(0).tag(sync=True)
    metric = traitlets.Unicode("").tag(sync=True)
    class_id = traitlets.Int(None, allow_none=True).tag(sync=True)
    threshold: Any = traitlets.Any(None).tag(sync=True)  # a number, "argmax" or None
    slices: Any = traitlets.List().tag(sync=True)
    baseline = traitlets.Unicode(None, allow_none=True).tag(sync=True)
    selected = traitlets.Unicode(None, allow_none=True).tag(sync=True)
    brush: Any = traitlets.List(default_value=None, allow_none=True).tag(sync=True)

    # js/src/wire/slices.ts describes each.
    _features: Any = traitlets.List().tag(sync=True)
    _allows = traitlets.Dict().tag(sync=True)
    _models: Any = traitlets.List().tag(sync=True)
    _classes: Any = traitlets.List(default_value=None, allow_none=True).tag(sync=True)
    _threshold_rules: Any = traitlets.List().tag(sync=True)
    _answer = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    _curves = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    _notes = traitlets.Dict().tag(sync=True)
    _findings = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    _status = traitlets.Dict(default_value=IDLE).tag(sync=True)

    def __init__(self, chosen: Chosen, heard: Callable[[Any], None], **state: Any) -> None:
        self._heard = heard
        super().__init__("slices", chosen, **state)

    def _handle_custom_msg(self, content: Any, buffers: Any) -> None:
        self._heard(content)
        super()._handle_custom_msg(content, buffers)
