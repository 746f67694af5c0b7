"""What the slice explorer is set by: every trait, with its meaning below it."""

from __future__ import annotations

import traitlets

from tfinterp_widgets.widgets.shared.composed import Composed
from tfinterp_widgets.widgets.shared.runner import IDLE
from tfinterp_widgets.widgets.shared.traits import Checked, kernel_only, one_of, whole
from tfinterp_widgets.widgets.slices import checks, deciding
from tfinterp_widgets.widgets.tabular.checks import text, truth


class SliceState(Composed):
    """The traits of the slice explorer."""

    metric = Checked("auto", checks.metric)
    """The metric on view: one of those asked for, another that `slice_metrics` knows by name, or
    "auto" for the first."""

    class_id = Checked(None, deciding.class_id)
    """Of several classes the one that is set against the rest, by its id or its name; None for what
    the metric says of all classes."""

    threshold = Checked(None, deciding.threshold)
    """A score above it counts as positive, 0 to 1; of several classes "argmax" decides for the most
    probable one. At first .5, of several classes "argmax"; None while a model has not yet said how
    many there are."""

    slices = Checked((), checks.slices, to_json=checks.slices_to_json)
    """What is sliced by, as for `slice_metrics`: a list of features, of combinations such as
    ("age", "housing") and of single slices such as {"housing": "rent"}, or "auto" for all features
    and pairs. The whole is always there. At first each feature alone."""

    min_count = Checked(0, whole(0))
    """Slices of fewer rows are hidden, and counted."""

    search = Checked("", text)
    """The table lists the slices whose name holds each of these words."""

    sort_by = Checked("", one_of("", *checks.SORTS))
    """By which column the table is sorted: "slice" (its name), "n" (rows), "value", "difference",
    "gate", of two models also "other" (the first one's value) or "comparison"; "" for its own
    order."""

    descending = Checked(False, truth)
    """Whether the largest comes first."""

    baseline = Checked(None, checks.key, to_json=checks.key_to_json)
    """The slice that others are compared with, by its key; None for the rest of the data."""

    selected = Checked(None, checks.key, to_json=checks.key_to_json)
    """The slice whose examples are listed, by its key; () is the whole, None is none."""

    brush = Checked(None, checks.brush)
    """Only slices with a value of the metric between these two are shown; None shows all."""

    example = Checked(None, checks.example)
    """The chosen example: the position of its row, counted from 0, or None. It is handed to the
    explorer of `explain_with`."""

    gates = Checked({}, checks.gates, to_json=checks.gates_to_json)
    """Bounds that metrics are held to: of a metric's name a number (the least that passes where
    greater is better, else the greatest), or a pair (low, high), with None for no bound."""

    status = kernel_only(traitlets.Dict(default_value=IDLE, read_only=True))
    """How the answer gets on: state ("idle", "running", "done", "cancelled" or "error"), done and
    total (per cent), message, run (its number) and seconds."""


SETTINGS = tuple(
    name for name, trait in SliceState.class_traits().items() if isinstance(trait, Checked)
)
"""The traits that are the user's to set."""

ASKED = frozenset(("metric", "class_id", "threshold", "slices", "baseline", "selected", "gates"))
"""What an answer depends on."""
