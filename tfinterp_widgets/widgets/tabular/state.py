"""What the tabular explorer is set by: every trait, with its meaning below it."""

from __future__ import annotations

import traitlets

from tfinterp_widgets.widgets.shared import settings
from tfinterp_widgets.widgets.shared.composed import Composed
from tfinterp_widgets.widgets.shared.runner import IDLE
from tfinterp_widgets.widgets.shared.traits import Checked, kernel_only, one_of, whole
from tfinterp_widgets.widgets.tabular import checks


class TabularState(Composed):
    """The traits of the tabular explorer."""

    row = Checked(0, checks.row)
    """Which row is explained: its position in the table, counted from 0."""

    target = Checked(None, checks.target, to_json=settings.target_to_json)
    """What is explained: a class index, a pair (a, b) for F_a - F_b, or None for each row's own top
    class. A model of one output has the target 0 or None."""

    method = Checked("IntegratedGradients", checks.method, to_json=settings.method_to_json)
    """A method's name, however written ("integrated gradients"), or a method, whose steps the
    control takes over. By its name, integrated gradients has the rule "gauss-legendre", which is
    best for tables."""

    steps = Checked(64, settings.steps)
    """Number of integration steps, 1 to 4096; methods without steps leave it unused."""

    baseline = Checked("median", one_of("median", "mean", "zero", "row"))
    """The row to compare with, raw column by raw column: "median" (of a category its mode), "mean"
    (of a category the mean one-hot vector), "zero" (of a category all zeros), or "row" for another
    row of the table, `baseline_row`."""

    baseline_row = Checked(0, checks.row)
    """The row to compare with where `baseline` is "row", counted from 0."""

    edits = Checked({}, checks.edits, to_json=checks.edits_to_json)
    """Raw column to value: what the row has instead of its own. Another row has none."""

    search = Checked("", checks.text)
    """The table lists the rows that hold each of these words in some column."""

    wrong_only = Checked(False, checks.wrong_only)
    """Whether the table lists only rows whose predicted class is not the true one."""

    confidence = Checked((0.0, 1.0), checks.confidence)
    """The table lists rows whose predicted class has a probability between these, 0 to 1."""

    sort_by = Checked("", checks.sort_by)
    """By which column the table is sorted: a raw one, "row", "prediction", "confidence" or "label"
    ("label (model)" where the table has a column of that name itself); "" for its own order."""

    descending = Checked(False, checks.truth)
    """Whether the largest comes first."""

    view = Checked("row", one_of("row", "global"))
    """What is shown: "row", one row's contributions, or "global", those of many rows."""

    sample = Checked(200, whole(1, 100_000))
    """How many rows the global view explains, drawn at random, 1 to 100,000."""

    top = Checked(12, whole(1, 200))
    """How many columns are shown, those with the largest contributions, 1 to 200."""

    status = kernel_only(traitlets.Dict(default_value=IDLE, read_only=True))
    """How the answer gets on: state ("idle", "running", "done", "cancelled" or "error"), done and
    total (evaluations of a row, rows of the global view), message, run (its number) and seconds."""


SETTINGS = tuple(
    name for name, trait in TabularState.class_traits().items() if isinstance(trait, Checked)
)
"""The traits that are the user's to set."""

QUESTION = frozenset(("target", "method", "steps", "baseline", "baseline_row"))
"""What every answer depends on."""

ROW_QUESTION = QUESTION | {"row", "edits", "view"}
TABLE_QUESTION = QUESTION | {"sample", "view"}
