"""One shuffle of one column, for class: a few rows before and after, the score dropping.

The picture is HTML that moves by CSS alone, and stands still for those who asked for less motion.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.dependence.scales import Scale, scale_for
from tfinterp_widgets.evaluation.importance.importance import ImportanceResult
from tfinterp_widgets.evaluation.models.predictor import Predictor
from tfinterp_widgets.evaluation.tables.tables import Shuffle, Table
from tfinterp_widgets.pictures.numbers import decimals_for, shortened, written

ROWS = 6
"""Rows that are shown: as many as the eye can follow."""

COLUMNS = 3
"""Columns of a group that are shown."""


@dataclass(frozen=True, eq=False)
class Shuffled:
    """A few rows, one feature's values moved among them.

    Attributes
    ----------
    feature : str
    columns : tuple of str
        Its raw columns: one, or those of a group, which move together.
    rows : list of int
        Positions in the table.
    source : list of int
        For each row the place, 0 to ROWS - 1, of the row that its value comes from.
    values : list of tuple of str
        Of each row the columns' values before.
    before, after : ndarray of float64, shape (rows,)
        Predictions, as `reading` gives them.
    reading : Scale
        How predictions were read.
    metric : str
    scores : (float, float)
        Of all rows, before and after shuffle `take`.
    take : int
        Which repeat, from 1.
    """

    feature: str
    columns: tuple[str, ...]
    rows: list[int]
    source: list[int]
    values: list[tuple[str, ...]]
    before: np.ndarray
    after: np.ndarray
    reading: Scale
    metric: str
    scores: tuple[float, float]
    take: int


def shuffle_some(
    predictor: Predictor, result: ImportanceResult, column: str, take: int, target: int
) -> Shuffled:
    """Shuffle one feature among a few rows, and predict them before and after."""
    generator = np.random.default_rng([result.seed, take])
    table = predictor.table
    rows = np.sort(generator.choice(len(table), min(ROWS, len(table)), replace=False))
    # A cycle: every row's value moves, as the eye expects of a shuffle.
    cycle = generator.permutation(len(rows))
    source = np.empty_like(cycle)
    source[cycle] = np.roll(cycle, 1)
    feature, columns = next(
        (name, columns) for name, columns in result.columns.items() if column in columns
    )
    positions = tuple(map(predictor.names.index, columns))
    plain, moved = predictor.shuffled(
        [Shuffle(rows, rows, positions), Shuffle(rows, rows[source], positions)]
    )
    reading = scale_for("auto", target, plain.shape[1], predictor.unit)
    drop = float(result.importances[result.feature_names.index(feature), take - 1])
    after = result.baseline_score + (-drop if result.greater_is_better else drop)
    return Shuffled(
        feature=feature,
        columns=columns,
        rows=rows.tolist(),
        source=source.tolist(),
        values=list(zip(*(_cells(table, position, rows) for position in positions), strict=True)),
        before=reading(plain),
        after=reading(moved),
        reading=reading,
        metric=result.metric_label,
        scores=(result.baseline_score, after),
        take=take,
    )


def draw_shuffle(shuffled: Shuffled, label: str) -> str:
    """Write the HTML: values fly from the row they come from, the score's bar shrinks.

    `label` says what is predicted.
    """
    decimals = decimals_for([*shuffled.before, *shuffled.after])
    names = "".join(
        f"<th>{escape(shortened(name, 22))}</th>" for name in _in_sight(shuffled.columns)
    )
    head = f'<tr><th>row</th>{names}<th colspan="3">{escape(label)}</th></tr>'
    body = "".join(_row(shuffled, place, decimals) for place in range(len(shuffled.rows)))
    what = escape(shuffled.feature)
    together = " together" if len(shuffled.columns) > 1 else ""
    caption = f"Shuffle {shuffled.take}: {len(shuffled.rows)} rows swap their {what}{together}"
    return (
        f'<div class="tfi-shuffle" data-take="{shuffled.take}"><table><caption>{caption}</caption>'
        f"<thead>{head}</thead><tbody>{body}</tbody></table>{_score(shuffled)}</div>"
    )


def _row(shuffled: Shuffled, place: int, decimals: int) -> str:
    source = shuffled.source[place]
    before, after = (written(p[place], decimals) for p in (shuffled.before, shuffled.after))
    moved = "".join(
        f'<td><span class="tfi-mover" style="--from: {source - place}">'
        f"{escape(shortened(value, 22))}</span></td>"
        for value in _in_sight(shuffled.values[source])
    )
    return (
        f"<tr><td>{shuffled.rows[place]}</td>{moved}"
        f'<td>{before}</td><td aria-label="becomes">→</td>'
        f'<td><b class="tfi-late">{after}</b></td></tr>'
    )


def _score(shuffled: Shuffled) -> str:
    """The score of all rows: a bar that goes from before to after."""
    before, after = shuffled.scores
    decimals = max(decimals_for(shuffled.scores), decimals_for([before - after]))
    largest = max(abs(before), abs(after)) or 1.0
    start, end = (max(score, 0.0) / largest for score in shuffled.scores)
    metric = escape(shuffled.metric)
    return (
        f'<p>{metric} of all rows: {written(before, decimals)} → <b class="tfi-late">'
        f"{written(after, decimals)}</b></p>"
        f'<div class="tfi-score"><div style="--start: {start:.4f}; --end: {end:.4f}"></div></div>'
    )


def _in_sight(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Those of a group's columns that there is room for."""
    return cells if len(cells) <= COLUMNS else (*cells[: COLUMNS - 1], "…")


def _cells(table: Table, position: int, rows: NDArray[np.intp]) -> list[str]:
    return [_shown(value) for value in table.column(position).iloc[rows]]


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
