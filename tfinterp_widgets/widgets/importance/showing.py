"""The importance widget where widgets cannot run: one line of text, a picture, a page."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten
from typing import TYPE_CHECKING

from PIL import Image

from tfinterp_widgets.pictures.charts import draw_dependence
from tfinterp_widgets.pictures.numbers import decimals_for, written
from tfinterp_widgets.pictures.pages import draw_notice, page, stack
from tfinterp_widgets.widgets.importance.words import predicted

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tfinterp_widgets.evaluation.dependence.dependence import PartialDependence
    from tfinterp_widgets.widgets.permutation_importance import PermutationImportance


def describe(widget: PermutationImportance) -> str:
    """Write the widget in one line: table, settings and status."""
    kind = type(widget).__name__
    if not widget._ready:
        return f"<{kind}, not made yet>"
    state = "closed" if widget._closed else widget.status["state"]
    message = shorten(widget.status["message"], 120, placeholder=" ...")
    detail = f": {message}" if message else ""
    found = "" if widget.result is None else f", {widget.result.metric_label}"
    return (
        f"<{kind} of {len(widget._names)} columns: {widget.data} part, {widget.repeats} repeats"
        f"{found}, {state}{detail}>"
    )


def picture(widget: PermutationImportance) -> Image.Image:
    """Draw the last good result, and the curves of the chosen column.

    Raises
    ------
    RuntimeError
        When there is no result yet.
    """
    if widget.result is None:
        raise RuntimeError("There is no result to save yet: call explain(), then wait().")
    figures = [widget.result.plot(widget.top)]
    if widget.dependence is not None:
        figures.append(_curves(widget.dependence, widget._class_names))
    return stack(figures)


def _curves(dependence: PartialDependence, class_names: Sequence[str] | None) -> Figure:
    label = predicted(dependence.reading, class_names)
    return draw_dependence(
        dependence.features,
        dependence.grid,
        dependence.average,
        dependence.individual,
        kinds=dependence.kinds,
        label=label[0].upper() + label[1:],
        counts=dependence.counts,
        empty=dependence.empty,
    )


def page_of(widget: PermutationImportance) -> str:
    """Write the picture and its numbers as HTML."""
    drawn = picture(widget)
    result = widget.result
    assert result is not None  # there is a picture of it
    frame = result.to_frame()
    decimals = decimals_for(frame[["mean", "low", "high"]])
    title = f"Permutation importance, {result.metric_label} {written(result.baseline_score, 3)}"
    rows = [
        [name, *(written(number, decimals) for number in numbers)]
        for name, *numbers in frame.itertuples(index=False)
    ]
    return page(title, drawn, ["column", "mean", "std", "low (95 %)", "high (95 %)"], rows)


def preview(widget: PermutationImportance) -> Image.Image:
    """Draw the last good result, or say that there is none yet."""
    if widget.result is None or not widget.result.has_interval:
        line = "Not computed yet. Run this cell in a live notebook to see which columns matter."
        return draw_notice("Permutation importance", line)
    return picture(widget)
