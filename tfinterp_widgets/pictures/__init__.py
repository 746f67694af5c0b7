"""Static pictures of attributions, drawn by the same rules as the view."""

from tfinterp_widgets.pictures.figure import draw_result, draw_waiting
from tfinterp_widgets.pictures.render import Rendered, ViewSettings, has_sign, render
from tfinterp_widgets.pictures.side_by_side import draw_side_by_side

__all__ = [
    "Rendered",
    "ViewSettings",
    "draw_result",
    "draw_side_by_side",
    "draw_waiting",
    "has_sign",
    "render",
]
