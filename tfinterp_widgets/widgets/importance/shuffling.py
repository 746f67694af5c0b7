"""One shuffle of one column, for class: a few rows before and after, the score dropping.

The picture is HTML that moves by CSS alone, and stands still for those who asked for less motion.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from tfinterp_widgets.evaluation.importance import ImportanceResult
from tfinterp_widgets.evaluation.predictor import Predictor
from tfinterp_widgets.evaluation.scales import scale_for
from tfinterp_widgets.evaluation.tables import Shuffle
from tfinterp_widgets.pictures.numbers import decimals_for, shortened, written

ROWS = 6
"""Rows that are shown: as many as the eye can follow."""


@dataclass(frozen=True, eq=False)
class Shuffled:
    """A few rows, one feature's values moved among them.

    Attributes
    ----------
    feature : str
    column : str
        The raw column that is shown.
    rows : list of int
        Positions in the table.
    source : list of int
        For each row the place, 0 to ROWS - 1, of the row that its value comes from.
    values : list of str
        The column's values before.
    before, after : ndarray of float64, shape (rows,)
        Predictions, in `unit`.
    unit : str
        Such as "probability".
    metric : str
    scores : (float, float)
        Of all rows, before and after shuffle `take`.
    take : int
        Which repeat, from 1.
    """

    feature: str
    column: str
    rows: list[int]
    source: list[int]
    values: list[str]
    before: np.ndarray
    after: np.ndarray
    unit: str
    metric: str
    scores: tuple[float, float]
    take: int


def shuffle_some(
    predictor: Predictor, result: ImportanceResult, column: str, take: int, target: int | None
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
    shown = positions[columns.index(column)]
    plain, moved = predictor.shuffled(
        [Shuffle(rows, rows, positions), Shuffle(rows, rows[source], positions)]
    )
    reading = scale_for("auto", target, plain.shape[1], predictor.unit)
    drop = float(result.importances[result.feature_names.index(feature), take - 1])
    after = result.baseline_score + (-drop if result.greater_is_better else drop)
    return Shuffled(
        feature=feature,
        column=column,
        rows=rows.tolist(),
        source=source.tolist(),
        values=[_shown(value) for value in table.column(shown).iloc[rows]],
        before=reading(plain),
        after=reading(moved),
        unit=reading.label,
        metric=result.metric_label,
        scores=(result.baseline_score, after),
        take=take,
    )


def draw_shuffle(shuffled: Shuffled) -> str:
    """Write the HTML: values fly from the row they come from, the score's bar shrinks."""
    decimals = decimals_for([*shuffled.before, *shuffled.after])
    head = (
        f"<tr><th>row</th><th>{escape(shortened(shuffled.column, 22))}</th>"
        f'<th colspan="3">{escape(shuffled.unit)}</th></tr>'
    )
    body = "".join(_row(shuffled, place, decimals) for place in range(len(shuffled.rows)))
    caption = (
        f"Shuffle {shuffled.take}: {len(shuffled.rows)} rows swap their {escape(shuffled.column)}"
    )
    return (
        f'<div class="tfi-shuffle" data-take="{shuffled.take}"><table><caption>{caption}</caption>'
        f"<thead>{head}</thead><tbody>{body}</tbody></table>{_score(shuffled)}</div>"
    )


def _row(shuffled: Shuffled, place: int, decimals: int) -> str:
    source = shuffled.source[place]
    before, after = (written(p[place], decimals) for p in (shuffled.before, shuffled.after))
    value = escape(shortened(shuffled.values[source], 22))
    return (
        f"<tr><td>{shuffled.rows[place]}</td>"
        f'<td><span class="tfi-mover" style="--from: {source - place}">{value}</span></td>'
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


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
