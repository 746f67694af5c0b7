"""What the importance widget writes: numbers beside bars, titles, the line below; as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

from tfinterp_widgets.evaluation.dependence.dependence import PartialDependence
from tfinterp_widgets.evaluation.dependence.scales import Scale
from tfinterp_widgets.evaluation.importance.importance import ImportanceResult
from tfinterp_widgets.pictures.numbers import decimals_for, written

CORRELATED = "Correlated columns stand in for one another; shuffled rows may be impossible."
HOLDS_ZERO = "holds 0"
INTERVAL = (
    "The interval says how far the mean may move with other rows. More repeats make the mean "
    "surer, and leave the interval as it is."
)
MOST_DECIMALS = 6
"""What is told apart by later ones only is taken for the same."""


def change_label(result: ImportanceResult) -> str:
    """Name what is measured, with its unit."""
    change = "Drop" if result.greater_is_better else "Rise"
    return f"{change} of {result.metric_label} when shuffled"


def numbers_beside(
    mean: np.ndarray, interval: np.ndarray | None, nothing: np.ndarray, names: Sequence[str]
) -> str:
    """Write each bar's number, a row each, and in words what grey means."""
    common = decimals_for(mean if interval is None else [*mean, *interval.ravel()])
    rows = []
    for row, value in enumerate(mean):
        ends, decimals = "", common
        if interval is not None and np.isfinite(interval[row]).all():
            low, high = interval[row]
            decimals = _telling(value, low, high, common)
            between = f"[{_short(low, decimals)}, {_short(high, decimals)}]"
            ends = f' <span class="tfi-ends">{between}</span>'
        zero = f' <span class="tfi-zero">{HOLDS_ZERO}</span>' if nothing[row] else ""
        title = escape(names[row], quote=True)
        rows.append(f'<div title="{title}"><b>{_short(value, decimals)}</b>{ends}{zero}</div>')
    return f'<div class="tfi-numbers">{"".join(rows)}</div>'


def _telling(mean: float, low: float, high: float, common: int) -> int:
    """Decimals that tell a row's numbers apart, and its ends from 0; `common` where that does."""
    for decimals in range(common, MOST_DECIMALS + 1):
        written_low, written_high = round(low, decimals), round(high, decimals)
        apart = len({round(mean, decimals), written_low, written_high}) == len({mean, low, high})
        if apart and (written_low == 0) == (low == 0) and (written_high == 0) == (high == 0):
            return decimals
    return common


def _short(value: float, decimals: int) -> str:
    """Write a number without the 0 before its point: in a column all have one."""
    text = written(value, decimals)
    return text.replace("0.", ".", 1) if text.lstrip("−").startswith("0.") else text


def bars_title(result: ImportanceResult, shown: int, found: int, correlation: float | None) -> str:
    """Say what the bars are, and of how many columns; and where grouping found no group.

    `correlation` is what columns were grouped from, None where they were not.
    """
    single = all(len(columns) == 1 for columns in result.columns.values())
    kind = "columns" if single else "columns and groups"
    of = f"{shown} of {found} {kind}" if shown < found else f"{found} {kind}"
    note = (
        f"{of} · dots: repeats · line: 95 % interval over rows"
        if shown
        else f"none of {found} {kind} is called so"
    )
    if single and correlation is not None:
        note = f"no columns correlate from {_short(correlation, 2)} on · {note}"
    return (
        f'<div class="tfi-heading"><span class="tfi-title">Importance</span>'
        f'<span class="tfi-muted" title="{INTERVAL}">{note}</span></div>'
    )


def output_names(outputs: int, class_names: Sequence[str] | None) -> list[str]:
    """Name each output of several, by its class where classes have names."""
    if class_names is not None and len(class_names) == outputs:
        return list(class_names)
    return [f"output {index}" for index in range(outputs)]


def predicted(reading: Scale, class_names: Sequence[str] | None) -> str:
    """Name what is predicted: "probability of good"."""
    if class_names is None or (reading.outputs == 1 and reading.name == "value"):
        return reading.label
    return f"{reading.name} of {class_names[reading.target if reading.outputs > 1 else 1]}"


def dependence_title(dependence: PartialDependence, group: Sequence[str]) -> str:
    """Say which column's curves these are, and how to read them."""
    parts = ["orange: average", "grey: single rows", "blue: data"]
    if np.any(dependence.empty):
        parts.append("dotted: no data near")
    member = f" · one of {escape(' + '.join(group))}" if len(group) > 1 else ""
    return (
        f'<div class="tfi-heading"><span class="tfi-title">Partial dependence</span>'
        f'<span class="tfi-muted">{" · ".join(parts)}{member}</span></div>'
    )


def drops_title(result: ImportanceResult, drops: Any) -> str:
    """Say what the histogram counts."""
    count, repeats = len(drops), result.importances.shape[1]
    draws = f", {count - repeats} of resampled rows" if count > repeats else ""
    return (
        f'<div class="tfi-heading"><span class="tfi-title">Score drops</span>'
        f'<span class="tfi-muted">{repeats} repeats{draws} · orange: mean</span></div>'
    )


def invitation() -> str:
    """Say how the curves are opened."""
    return (
        '<div class="tfi-invitation">Choose a column, by its name or its bar, to see how the '
        "prediction changes with it.</div>"
    )


def summary(result: ImportanceResult) -> str:
    """Write the score that shuffling lowers, and what it cost to know."""
    score = written(result.baseline_score, 3)
    cost = (
        f"{result.evaluations:,} rows predicted" if result.evaluations else "nothing predicted anew"
    )
    return f"<b>{escape(result.metric_label)} {score}</b> on {result.rows:,} rows · {cost}"


def footer(status: dict[str, Any], doing: str, result: ImportanceResult | None) -> str:
    """Write how far the run is, or how it ended; what went wrong as an alert."""
    state, message = status["state"], escape(status["message"])
    alert = f'<div class="tfi-alert" role="alert">{message}</div>' if message else ""
    if state == "running":
        done, total = status["done"], max(status["total"], 1)
        share = f'<progress value="{done}" max="{total}" aria-label="{escape(doing)}"></progress>'
        line = f"{share} {escape(doing)} {done} of {total}"
    elif result is None:
        line = {"idle": "Not computed yet", "cancelled": "Cancelled"}.get(state, "")
    else:
        line = summary(result)
        if state == "cancelled":
            line = f"Cancelled · {line}"
        elif state == "done":
            line += f" · {status['seconds']:.1f} s"
    return f'{alert}<div class="tfi-state" role="status">{line}</div>'
