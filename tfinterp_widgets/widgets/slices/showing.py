"""The slice explorer where widgets cannot run: a line of text, a static picture, a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tfinterp_widgets.evaluation.slicing.keys import WHOLE, SliceKey, slice_name
from tfinterp_widgets.pictures.numbers import decimals_for, written
from tfinterp_widgets.pictures.pages import page
from tfinterp_widgets.pictures.slices import draw_slices
from tfinterp_widgets.widgets.slices.arranging import Sight, arranged
from tfinterp_widgets.widgets.slices.messages import SMALL
from tfinterp_widgets.widgets.slices.resting import counted

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
    from tfinterp_widgets.widgets.slice_explorer import SliceExplorer
    from tfinterp_widgets.widgets.slices.found import Found

TITLE, WHY = "Metrics by slice", "metrics by slice"

MOST_ROWS = 40
"""More slices than these make no picture that one can read."""


def about(explorer: SliceExplorer) -> str:
    """Say in a line what the explorer is of: slices and metric; nothing as long as none is."""
    found = explorer._conversation.result
    return "" if found is None else f" of {len(found.main)} slices by {found.metric}"


def figures(explorer: SliceExplorer) -> list[Figure]:
    """Draw the slices on view; nothing where there is no result yet."""
    found = explorer._conversation.result
    return [] if found is None else [_figure(explorer, found)]


def _figure(explorer: SliceExplorer, found: Found) -> Figure:
    every = arranged(Sight.of(explorer), found)
    shown = every[:MOST_ROWS]
    tables = found.tables
    label = found.main.column(found.column).info.label
    return draw_slices(
        [slice_name(key) for key in shown],
        [_count(found, key) for key in shown],
        [_part(table, found.column, "value", shown) for table in tables.values()],
        [
            np.stack([_part(table, found.column, end, shown) for end in ("low", "high")], axis=1)
            for table in tables.values()
        ],
        models=list(tables),
        label=label,
        title=f"{label[0].upper()}{label[1:]} by slice",
        note=_note(explorer, found, len(shown), len(every)),
        reference=_of_whole(found),
        few=[_is_few(table, found.column, shown) for table in tables.values()],
    )


def _note(explorer: SliceExplorer, found: Found, shown: int, total: int) -> str:
    column = found.main.column(found.column)
    kind, noun = column.method, counted(column)
    several = len(found.tables) > 1
    parts = [
        f"line: 95 % {kind}" if kind else "",
        f"beside names: rows, {'pale' if several else 'grey'} below {SMALL} {noun}".removesuffix(
            " rows"
        ),
        f"numbers: {list(found.tables)[-1]}" if several else "",
    ]
    if shown < total:
        parts.append(f"the first {shown} of {total} slices")
    hidden = len(explorer._on_view) - total
    if hidden > 0:
        parts.append(f"{hidden} hidden")
    return ", ".join(filter(None, parts))


def _count(found: Found, key: SliceKey) -> int:
    table = next(table for table in reversed(list(found.tables.values())) if key in table)
    return int(table.counts[table.position(key)])


def _part(table: SliceTable, metric: str, part: str, keys: list[SliceKey]) -> NDArray[np.float64]:
    column = table.columns.get(metric)
    return np.array(
        [
            getattr(column, part)[table.position(key)] if column and key in table else np.nan
            for key in keys
        ],
        np.float64,
    )


def _is_few(table: SliceTable, metric: str, keys: list[SliceKey]) -> NDArray[np.bool_]:
    """Whether a metric rests on few rows: of a share on few of those that it is a share of."""
    column = table.columns.get(metric)
    denominator = None if column is None else column.denominator
    rows = table.counts if denominator is None else denominator
    return np.array([key in table and rows[table.position(key)] < SMALL for key in keys], bool)


def _of_whole(found: Found) -> float | None:
    if WHOLE not in found.main:
        return None
    return found.main[WHOLE][found.column].value


def page_of(explorer: SliceExplorer, picture: Image.Image) -> str:
    """Write the picture, and the metric of every slice on view as HTML."""
    found = explorer._conversation.result
    assert found is not None  # there is a picture of it
    names = {name: f"{name} " if name else "" for name in found.tables}
    head = ["slice", "rows"]
    for name in names.values():
        head += [f"{name}{found.metric}", f"{name}low (95 %)", f"{name}high (95 %)"]
    rows = [
        [slice_name(key), f"{_count(found, key):,}", *_cells(found, key)]
        for key in arranged(Sight.of(explorer), found)
    ]
    return page(f"{found.metric} by slice", picture, head, rows)


def _cells(found: Found, key: SliceKey) -> list[str]:
    cells = []
    for table in found.tables.values():
        numbers = [_part(table, found.column, part, [key])[0] for part in ("value", "low", "high")]
        decimals = max(3, decimals_for(numbers))
        reason = table[key][found.column].undefined if key in table else "not in these results"
        value = f"undefined: {reason}" if np.isnan(numbers[0]) else written(numbers[0], decimals)
        cells += [value, *("" if np.isnan(end) else written(end, decimals) for end in numbers[1:])]
    return cells
