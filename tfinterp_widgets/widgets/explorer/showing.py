"""The explorer where widgets cannot run: one line of text, and a static picture."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from tfinterp_widgets.engine.targets import Target, target_label
from tfinterp_widgets.pictures import ViewSettings, draw_result, draw_waiting

if TYPE_CHECKING:
    from tfinterp_widgets.widgets.attribution_explorer import AttributionExplorer


def describe(explorer: AttributionExplorer) -> str:
    """Write the explorer in one line: model, image, target and status."""
    kind = type(explorer).__name__
    if not explorer._ready:
        return f"<{kind}, not made yet>"
    photographs, status = explorer._photographs, explorer.status
    name = photographs[explorer.image_index].name
    target = "top class" if explorer.target is None else _label(explorer.target, explorer)
    state = "closed" if explorer._closed else status["state"]
    message = shorten(status["message"], 120, placeholder=" ...")
    detail = f": {message}" if message else ""
    return (
        f"<{kind} of {explorer.engine.name!r}: image {name!r} ({explorer.image_index + 1} of "
        f"{len(photographs)}), target {target}, {state}{detail}>"
    )


def _label(target: Target, explorer: AttributionExplorer) -> str:
    # Before the first answer nobody knows whether a callable has as many classes as names.
    names = explorer._class_names or ()
    fits = np.max(target) < len(names)
    return target_label(target, names if fits else None)


def draw(explorer: AttributionExplorer) -> Image.Image:
    """Draw the last good result with the settings of the view, or say that there is none."""
    conversation = explorer._conversation
    result, query = conversation.result, conversation.result_query
    if result is None or query is None:
        photograph = explorer._photographs[explorer.image_index]
        return draw_waiting(photograph.rgb(), photograph.name)
    label = target_label(result.target, explorer._class_names)
    settings = ViewSettings(
        colormap=explorer.colormap,
        opacity=explorer.opacity,
        clip_percentile=explorer.clip_percentile,
        sign=explorer.sign,
        smooth=explorer.smooth,
        top_percent=explorer.top_percent,
    )
    return draw_result(
        query.photograph.rgb(),
        result,
        settings,
        title=f"{query.photograph.name}: {label}",
        baseline=query.baseline_label if query.has_baseline else None,
    )
