"""The tabular explorer where widgets cannot run: a line of text, a static picture, a page."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from tfinterp_widgets.evaluation.rows.swarm import swarm_offsets
from tfinterp_widgets.pictures.charts import draw_bars
from tfinterp_widgets.pictures.numbers import decimals_for, written
from tfinterp_widgets.pictures.pages import draw_notice, page, stack
from tfinterp_widgets.pictures.swarm import draw_swarm
from tfinterp_widgets.widgets.tabular.words import USED, bar_names, value_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tfinterp_widgets.widgets.tabular_explorer import TabularExplorer


def describe(explorer: TabularExplorer) -> str:
    """Write the explorer in one line: model, row and status."""
    kind = type(explorer).__name__
    if not explorer._ready:
        return f"<{kind}, not made yet>"
    status = explorer.status
    state = "closed" if explorer._closed else status["state"]
    message = shorten(status["message"], 120, placeholder=" ...")
    detail = f": {message}" if message else ""
    return (
        f"<{kind} of {explorer.engine.name!r}: row {explorer.row} of {len(explorer._rows)}, "
        f"{state}{detail}>"
    )


def figure(explorer: TabularExplorer) -> Figure | None:
    """Draw the last good result of the view that is chosen; None where there is none."""
    return _many_figure(explorer) if explorer.view == "global" else _row_figure(explorer)


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


def picture(explorer: TabularExplorer) -> Image.Image:
    """Draw the same as a picture.

    Raises
    ------
    RuntimeError
        When there is no result yet.
    """
    drawn = figure(explorer)
    if drawn is None:
        raise RuntimeError("There is no result to save yet: call explain(), then wait().")
    return stack([drawn])


def page_of(explorer: TabularExplorer) -> str:
    """Write the picture and its numbers as HTML."""
    drawn, talk = picture(explorer), explorer._conversation
    found = talk.global_result if explorer.view == "global" else talk.result
    assert found is not None  # there is a picture of it
    frame = found.to_frame()
    decimals = decimals_for(frame.iloc[:, -1])
    rows = [[_cell(value, decimals) for value in row] for row in frame.itertuples(index=False)]
    title = f"Contributions: {explorer.engine.name}"
    return page(title, drawn, [name.replace("_", " ") for name in frame.columns], rows)


def _cell(value: Any, decimals: int) -> str:
    return written(value, decimals) if isinstance(value, float) else value_text(value)


def preview(explorer: TabularExplorer) -> Image.Image:
    """Draw the last good result, or say that there is none yet."""
    drawn = figure(explorer)
    if drawn is None:
        line = "Not computed yet. Run this cell in a live notebook to see what a row rests on."
        return draw_notice("Contributions per column", line)
    return stack([drawn])
