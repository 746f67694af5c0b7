"""The explorer where widgets cannot run: one line of text, and a static picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from tfinterp_widgets.engine.targets import ClassTarget, target_label
from tfinterp_widgets.pictures import ViewSettings, draw_result, draw_waiting

if TYPE_CHECKING:
    from tfinterp_widgets.widgets.attribution_explorer import AttributionExplorer


def about(explorer: AttributionExplorer) -> str:
    """Say in a line what the explorer is of: model, image and target."""
    photographs, at = explorer._photographs, explorer.image_index
    target = "top class" if explorer.target is None else _label(explorer.target, explorer)
    return (
        f" of {explorer.engine.name!r}: image {photographs[at].name!r} ({at + 1} of "
        f"{len(photographs)}), target {target}"
    )


def _label(target: ClassTarget, explorer: AttributionExplorer) -> str:
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
