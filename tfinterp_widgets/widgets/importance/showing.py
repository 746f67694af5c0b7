"""The importance widget where widgets cannot run: one line of text, a picture, a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PIL import Image

from tfinterp_widgets.pictures.charts import draw_dependence
from tfinterp_widgets.pictures.numbers import decimals_for, written
from tfinterp_widgets.pictures.pages import page
from tfinterp_widgets.widgets.importance.words import predicted

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tfinterp_widgets.evaluation.dependence.dependence import PartialDependence
    from tfinterp_widgets.widgets.permutation_importance import PermutationImportance


TITLE, WHY = "Permutation importance", "which columns matter"


def about(widget: PermutationImportance) -> str:
    """Say in a line what the widget is of: table and settings."""
    found = "" if widget.result is None else f", {widget.result.metric_label}"
    return f" of {len(widget._names)} columns: {widget.data} part, {widget.repeats} repeats{found}"


def figures(widget: PermutationImportance) -> list[Figure]:
    """Draw the last good result, and the curves of the chosen column; nothing where none is."""
    if widget.result is None:
        return []
    drawn = [widget.result.plot(widget.top)]
    if widget.dependence is not None:
        drawn.append(_curves(widget.dependence, widget._class_names))
    return drawn


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


def page_of(widget: PermutationImportance, picture: Image.Image) -> str:
    """Write the picture and its numbers as HTML."""
    result = widget.result
    assert result is not None  # there is a picture of it
    frame = result.to_frame()
    decimals = decimals_for(frame[["mean", "low", "high"]])
    title = f"Permutation importance, {result.metric_label} {written(result.baseline_score, 3)}"
    rows = [
        [name, *(written(number, decimals) for number in numbers)]
        for name, *numbers in frame.itertuples(index=False)
    ]
    return page(title, picture, ["column", "mean", "std", "low (95 %)", "high (95 %)"], rows)
