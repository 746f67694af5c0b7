"""The tabular explorer where widgets cannot run: a line of text, a static picture, a page."""

from __future__ import annotations

import base64
import io
from html import escape
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

import numpy as np

from tfinterp_widgets.evaluation.swarm import swarm_offsets
from tfinterp_widgets.widgets.tabular_words import USED, bar_name

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tfinterp_widgets.widgets.tabular_explorer import TabularExplorer

Bundle = tuple[dict[str, Any], dict[str, Any]]


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
    from tfinterp_widgets.pictures.charts import draw_bars

    talk = explorer._conversation
    found, query, words = talk.result, talk.result_query, talk.words
    if found is None or query is None or words is None:
        return None
    said = f"{words.target(found.target)} {words.predicted(found.prediction, found.target)}"
    start = words.predicted(found.baseline_prediction, found.target)
    return draw_bars(
        [bar_name(name, value) for name, value in zip(found.columns, found.values, strict=True)],
        found.contributions,
        label=words.axis(found),
        title=f"Row {found.row}: {said}",
        note=f"compared with {query.baseline_label}, {start}. {USED}",
        top=explorer.top,
    )


def _many_figure(explorer: TabularExplorer) -> Figure | None:
    from tfinterp_widgets.pictures.swarm import draw_swarm

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
        note=f"compared with {query.baseline_label}. {USED}",
    )


def save_png(explorer: TabularExplorer, path: Path) -> Path:
    """Save the picture."""
    drawn = _drawn(explorer)
    drawn.savefig(path, format="png")
    return path


def save_html(explorer: TabularExplorer, path: Path) -> Path:
    """Save the picture, as SVG, with a table of its numbers, in a page of its own."""
    content = io.StringIO()
    _drawn(explorer).savefig(content, format="svg")
    drawing = content.getvalue()
    talk = explorer._conversation
    found = talk.global_result if explorer.view == "global" else talk.result
    assert found is not None  # it was drawn
    numbers = found.to_frame().to_html(index=False, border=0, na_rep="")
    title = escape(f"{explorer.engine.name}: contributions")
    path.write_text(
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f"<style>body {{ max-width: 60rem; margin: 2rem auto; font: 1rem system-ui, sans-serif }}"
        f" svg {{ width: 100%; height: auto }} td, th {{ padding: .2rem .8rem; text-align: left }}"
        f"</style>\n{drawing[drawing.index('<svg') :]}\n{numbers}\n</html>\n",
        encoding="utf-8",
    )
    return path


def _drawn(explorer: TabularExplorer) -> Figure:
    drawn = figure(explorer)
    if drawn is None:
        raise RuntimeError("There is no result to save yet: call explain(), then wait().")
    return drawn


def with_picture(explorer: TabularExplorer, bundle: Bundle | None) -> Bundle:
    """Add a picture, in base64, to what a notebook keeps of an output, once there is a result."""
    data, metadata = bundle or ({}, {})
    drawn = figure(explorer)
    if drawn is None:
        return data, metadata
    content = io.BytesIO()
    drawn.savefig(content, format="png")
    encoded = base64.b64encode(content.getvalue()).decode("ascii")
    return {**data, "image/png": encoded}, metadata
