"""What the tabular explorer writes: beside bars, above them, in the line below; as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from tfinterp_widgets.evaluation.rows.row_attribution import RowAttribution, TableAttribution
from tfinterp_widgets.evaluation.rows.row_model import Task
from tfinterp_widgets.pictures.numbers import decimals_for, shortened, written

EXPLAINED = "Click a row to explain it; Shift-click or B compares with it."
USED = "Shows what the model uses, not what causes the outcome."
_LETTERS, _FEWEST = 25, 11  # beside a bar: of name and value together, and of each at least
_BESIDE_OTHER = 18, 8  # the same where the other row's value follows, in so many letters:
_OTHER_LETTERS = 6


def value_text(value: Any) -> str:
    """Write a value of a table, "missing" where it is."""
    if value is None:
        return "missing"
    if isinstance(value, float):
        return f"{value:.6g}".replace("-", "−")
    return str(value).replace("-", "−") if isinstance(value, int) else str(value)


def bar_name(name: str, value: Any, letters: int = _LETTERS, fewest: int = _FEWEST) -> str:
    """Name a bar: the column, and its value in the row; what is long gives way to what is short.

    Examples
    --------
    >>> bar_name("age", 35), bar_name("percentage_of_disposable_income", "35 % or more")
    ('age = 35', 'percent…income: 35 % … more')
    """
    text = shortened(value_text(value), max(fewest, letters - len(name)))
    room = max(fewest, letters - len(text))
    return f"{shortened(name, room)}{': ' if isinstance(value, str) else ' = '}{text}"


def bar_names(found: RowAttribution, shown: Any, other: bool) -> list[str]:
    """Name bars of the columns `shown`; with `other` also the values of the row compared with."""
    room = _BESIDE_OTHER if other else (_LETTERS, _FEWEST)
    names = [bar_name(found.columns[at], found.values[at], *room) for at in shown]
    if not other:
        return names
    others = [shortened(value_text(found.baseline_values[at]), _OTHER_LETTERS) for at in shown]
    return [f"{name} (other: {value})" for name, value in zip(names, others, strict=True)]


class Words:
    """Words for what one model says.

    Parameters
    ----------
    task : {"binary", "multiclass", "regression"}
    names : list of str
        The classes; of no use for a regression.
    unit : str
        That of the engine's scores.
    """

    def __init__(self, task: Task, names: Sequence[str], unit: str) -> None:
        self.task = task
        self._names = names
        self._unit = unit

    def target(self, target: Any) -> str:
        """Name what is explained."""
        if self.task == "regression":
            return "the prediction"
        if isinstance(target, tuple):
            return " − ".join(self._names[index] for index in target)
        return self._names[1 if self.task == "binary" else target]

    def predicted(self, value: float, target: Any) -> str:
        """Write a prediction: a probability in per cent, or a number."""
        if self.task == "regression":
            return written(value, decimals_for(value))
        sign = "+" if isinstance(target, tuple) and value > 0 else ""
        return f"{sign}{written(100 * value, 1)} %"

    def axis(self, found: RowAttribution) -> str:
        """Name the bars' axis, with its unit."""
        method = found.attribution.method
        of = self.target(found.target)
        if found.score_change is None:
            return f"{method.label} of {of}, {self._scale} per unit of the matrix"
        return f"contribution to {of}, in {self._scale}"

    @property
    def _scale(self) -> str:
        if self.task == "regression":
            return "the model's own unit"
        if self._unit == "probability":
            return "probability"
        return "log-odds" if self.task == "binary" else "logits"

    def decided(self, found: RowAttribution, target: Any) -> tuple[int, float] | None:
        """The class that the model decides for, and its probability; None where that is not known.

        `target` is the one asked for: of several classes only None, the top one, tells.
        """
        if self.task == "binary":
            other = 1 - found.prediction
            return (1, found.prediction) if found.prediction > other else (0, other)
        if self.task == "multiclass" and target is None:
            return int(found.target), found.prediction  # type: ignore[arg-type]
        return None

    def parts(self, found: RowAttribution, target: Any) -> tuple[str, str, str]:
        """Say what the model predicts: "predicted " if it does, what, and what else is explained.

        The last one is empty where the bars are about what is predicted.
        """
        value = self.predicted(found.prediction, found.target)
        if self.task == "regression":
            return "predicted ", value, ""
        explained = f"{self.target(found.target)} {value}"
        decided = self.decided(found, target)
        if decided is None:
            return "", explained, ""
        what = f"{self._names[decided[0]]} {written(100 * decided[1], 1)} %"
        return "predicted ", what, "" if what == explained else f"explained: {explained}"

    def said(self, found: RowAttribution, target: Any) -> str:
        """The same in one line."""
        verb, what, about = self.parts(found, target)
        return f"{verb}{what}{'; ' if about else ''}{about}"

    def headline(self, found: RowAttribution, label: Any, edited: int, target: Any) -> str:
        """Say what the model predicts of the row, and what is true; `target` as in `decided`."""
        verb, what, about = self.parts(found, target)
        decided = self.decided(found, target)
        truth = ""
        if label is not None:
            name = value_text(label) if self.task == "regression" else self._names[int(label)]
            # What is true of a row need not be of an edited one.
            is_wrong = decided is not None and not edited and decided[0] != int(label)
            mark = "✗ " if is_wrong else ""
            truth = f' <span class="tfi-muted">{mark}true: {escape(name)}</span>'
        changed = f", {edited} edited" if edited else ""
        also = f' <div class="tfi-muted">{escape(about)}</div>' if about else ""
        return (
            f'<div class="tfi-said" role="status"><span class="tfi-muted">Row {found.row}'
            f"{changed} {verb}</span> <b>{escape(what)}</b>{truth}{also}</div>"
        )

    def sums(self, found: RowAttribution, baseline: str) -> str:
        """Say what the bars add up to, and what they should."""
        if found.score_change is None:
            return (
                '<div class="tfi-muted">Compared with nothing: these do not add up to the '
                "prediction.</div>"
            )
        there = self.predicted(found.baseline_prediction, found.target)
        of = "" if self.task == "regression" else f"{self.target(found.target)} "
        decimals = decimals_for([found.total, found.score_change])
        total, change = (written(each, decimals) for each in (found.total, found.score_change))
        # Where F hardly changes, a share of that change says nothing.
        is_told = found.relative_error is not None
        share = f" ({written(100 * found.total / found.score_change, 1)} %)" if is_told else ""
        return (
            f'<div class="tfi-muted">{escape(baseline)}: {escape(of)}{there} · '
            f"bars sum to {total} of F(x) − F(x′) = {change}{share}</div>"
        )

    def table_labels(self, target: Any) -> tuple[str, str]:
        """Name the two axes of the global view."""
        of = (
            "the top class"
            if target is None and self.task == "multiclass"
            else self.target(target if target is not None else 0)
        )
        return "mean |contribution|", f"contribution to {of}, in {self._scale}"


def listed(names: Sequence[str], numbers: Sequence[str]) -> str:
    """Write the bars for those who do not see them."""
    bars = zip(names, numbers, strict=True)
    items = "".join(f"<li>{escape(name)}: {number}</li>" for name, number in bars)
    return f'<ul class="tfi-unseen" aria-label="Contributions">{items}</ul>'


def table_headline(found: TableAttribution, total: int, baseline: str) -> str:
    """Say of how many rows the global view is."""
    count = len(found.rows)
    of = f"{count:,} of {total:,} rows" if count < total else f"all {total:,} rows"
    compared = f"baseline: {escape(baseline.lower())}" if baseline else ""
    return (
        f'<div class="tfi-said"><b>Contributions over {of}</b> '
        f'<span class="tfi-muted">{compared}</span></div>'
    )


def legend() -> str:
    """Say what a dot's colour tells, and what a click on it does."""
    return (
        '<div class="tfi-muted tfi-legend">A dot is a row, its colour the column\'s value: '
        '<i class="tfi-low">●</i> low <i class="tfi-middle">●</i> <i class="tfi-high">●</i> high; '
        "grey where values have no order or are missing. "
        f"Click one to explain its row. {USED}</div>"
    )


def edits_text(edits: dict[str, Any], before: dict[str, Any]) -> str:
    """List what is edited: from what to what."""
    parts = [
        f"{escape(name)} {escape(value_text(before[name]))} → <b>{escape(value_text(new))}</b>"
        for name, new in edits.items()
    ]
    return f'<div class="tfi-edits" role="status">{" · ".join(parts)}</div>'


def footer(status: dict[str, Any], view: str) -> str:
    """Write how far the run is, or how it ended; what went wrong as an alert."""
    state, message = status["state"], escape(status["message"])
    alert = f'<div class="tfi-alert" role="alert">{message}</div>' if message else ""
    done, total = status["done"], max(status["total"], 1)
    noun = ("row" if view == "global" else "evaluation") + ("" if total == 1 else "s")
    line = {
        "idle": "Not computed yet",
        "running": f'<progress value="{done}" max="{total}" aria-label="Progress"></progress> '
        f"{done} of {total} {noun}",
        "cancelled": f"Cancelled at {done} of {total} {noun}",
        "done": f"{done} {noun} · {status['seconds']:.1f} s",
    }.get(state, "")
    return f'{alert}<div class="tfi-state" role="status">{line}</div>'
