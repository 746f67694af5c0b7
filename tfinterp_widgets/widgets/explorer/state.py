"""What the explorer shares with its view: every trait, with its meaning below it."""

from __future__ import annotations

import anywidget
import traitlets

from tfinterp_widgets.widgets.explorer import checks
from tfinterp_widgets.widgets.shared import settings
from tfinterp_widgets.widgets.shared.asking import Asking
from tfinterp_widgets.widgets.shared.runner import IDLE
from tfinterp_widgets.widgets.shared.static import read_bundle
from tfinterp_widgets.widgets.shared.traits import Checked, kernel_only, one_of, real


class ExplorerState(Asking, anywidget.AnyWidget):
    """The traits of the attribution explorer."""

    _esm = traitlets.Unicode(read_only=True).tag(sync=True)
    _css = traitlets.Unicode(read_only=True).tag(sync=True)
    _ipython_display_ = None  # ipywidgets 7 would show the view alone, without the static picture

    steps = Checked(64, settings.steps)
    """Number of integration steps, 1 to 4096; methods without steps leave it unused."""

    target = Checked(None, checks.target, to_json=settings.target_to_json)
    """What is explained: a class index, a pair (a, b) for F_a - F_b, or None for the top class."""

    method = Checked("IntegratedGradients", checks.method, to_json=settings.method_to_json)
    """A method's name, however written ("integrated gradients"), or a method, whose steps, baseline
    and other parameters the controls then take over."""

    baseline = Checked("black", checks.baseline, to_json=checks.baseline_to_json)
    """What stands for "nothing there": "black", "grey", "white", "mean", "blur", "noise" or
    "uniform", a baseline, a number, an array of the image's shape, or several
    (`baselines.average_of`), which `IntegratedGradients` averages over."""

    image_index = Checked(0, checks.image_index)
    """Which of the images is explained, counted from 0."""

    colormap = Checked(
        "auto", one_of("auto", "orange-blue", "purple-green", "cividis", "viridis", "greys")
    )
    """Colours of the map; "auto" takes orange and blue for signed maps, cividis for others."""

    opacity = Checked(0.7, real(0, 1))
    """Opacity of the map in the overlay, 0 to 1."""

    clip_percentile = Checked(99.0, real(0, 100))
    """Percentile of the absolute values at which colours saturate."""

    sign = Checked("signed", one_of("signed", "absolute", "positive"))
    """Which part of the values is drawn: "signed", "absolute", or "positive" only."""

    smooth = Checked(3.0, real(0, 100, " pixels"))
    """Standard deviation of the Gaussian that smooths the map, in pixels, 0 to 100; 0 is off. It
    keeps the sum; pixel by pixel, gradients of convolutional networks look like noise."""

    top_percent = Checked(100.0, real(0, 100))
    """Share of the pixels that is drawn, those with the largest absolute values, in percent."""

    status = kernel_only(traitlets.Dict(default_value=IDLE, read_only=True))
    """How the answer gets on: state ("idle", "running", "done", "cancelled" or "error"), done and
    total (evaluations; 0 where the total is not known), progress (the part of the work that is
    done, 0 to 1), message, run (its number) and seconds."""

    # Shared with the view alone; js/src/wire/traits.ts describes each.
    _class_names = kernel_only(traitlets.List(default_value=None, allow_none=True))
    _class_count = kernel_only(traitlets.Int(0))
    _labels = kernel_only(traitlets.List(default_value=None, allow_none=True))
    _methods = kernel_only(traitlets.List())
    _layers = kernel_only(traitlets.List())
    _method_parameters = Checked({}, checks.method_parameters, to_json=checks.parameters_to_json)
    _baselines = kernel_only(traitlets.List())
    _thumbnails = kernel_only(traitlets.List())
    _image = kernel_only(traitlets.Dict())
    _question = kernel_only(traitlets.Int(0))
    _predictions = kernel_only(traitlets.Dict(default_value=None, allow_none=True))
    _result = kernel_only(traitlets.Dict(default_value=None, allow_none=True))

    @traitlets.default("_esm")
    def _read_esm(self) -> str:
        return read_bundle("explorer.js")

    @traitlets.default("_css")
    def _read_css(self) -> str:
        return read_bundle("explorer.css")
