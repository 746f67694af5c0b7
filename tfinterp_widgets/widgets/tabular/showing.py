"""The tabular explorer where widgets cannot run: a line of text, a static picture, a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from tfinterp_widgets.evaluation.rows.swarm import swarm_offsets
from tfinterp_widgets.pictures.charts import draw_bars
from tfinterp_widgets.pictures.numbers import decimals_for, written
from tfinterp_widgets.pictures.pages import page
from tfinterp_widgets.pictures.swarm import draw_swarm
from tfinterp_widgets.widgets.tabular.words import USED, bar_names, value_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tfinterp_widgets.widgets.tabular_explorer import TabularExplorer


TITLE, WHY = "Contributions per column", "what a row rests on"


def about(explorer: TabularExplorer) -> str:
    """Say in a line what the explorer is of: model and row."""
    return f" of {explorer.engine.name!r}: row {explorer.row} of {len(explorer._rows)}"


def figures(explorer: TabularExplorer) -> list[Figure]:
    """Draw the last good result of the view that is chosen; nothing where there is none."""
    drawn = _many_figure(explorer) if explorer.view == "global" else _row_figure(explorer)
    return [] if drawn is None else [drawn]


def _row_figure(explorer: TabularExplorer) -> Figure | None:
    talk = explorer._conversation
    found, query, words = talk.result, talk.result_query, talk.words
    if found is None or query is None or words is None:
        return None
    said = words.said(found, query.target)
    is_other = query.baseline == "row" and bool(query.baseline_label)
    start = words.predicted(found.baseline_prediction, found.target)
    return draw_bars(
        bar_names(found, range(len(found.columns)), is_other),
        found.contributions,
        label=words.axis(found),
        title=f"Row {found.row}: {said}",
        note=f"{query.baseline_label}: {start}. {USED}" if query.baseline_label else USED,
        top=explorer.top,
    )


def _many_figure(explorer: TabularExplorer) -> Figure | None:
    talk = explorer._conversation
    found, query, words = talk.global_result, talk.global_query, talk.words
    if found is None or query is None or words is None:
        return None
    order = found.order[: explorer.top]
    shown = found.contributions[:, order]
    low, high = float(shown.min()), float(shown.max())
    return draw_swarm(
        [found.columns[at] for at in order],
        found.mean_absolute[order],
        shown,
        found.positions[:, order],
        np.stack([swarm_offsets(column, low, high) for column in shown.T], axis=1),
        labels=words.table_labels(query.target),
        title=f"Contributions over {len(found.rows):,} rows",
        note=f"Baseline: {query.baseline_label.lower()}. {USED}" if query.baseline_label else USED,
    )


def page_of(explorer: TabularExplorer, picture: Image.Image) -> str:
    """Write the picture and its numbers as HTML."""
    talk = explorer._conversation
    found = talk.global_result if explorer.view == "global" else talk.result
    assert found is not None  # there is a picture of it
    frame = found.to_frame()
    decimals = decimals_for(frame.iloc[:, -1])
    rows = [[_cell(value, decimals) for value in row] for row in frame.itertuples(index=False)]
    title = f"Contributions: {explorer.engine.name}"
    return page(title, picture, [name.replace("_", " ") for name in frame.columns], rows)


def _cell(value: Any, decimals: int) -> str:
    return written(value, decimals) if isinstance(value, float) else value_text(value)
