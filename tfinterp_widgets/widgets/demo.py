"""The explorer on the embedded model: something to look at with nothing of one's own."""

from __future__ import annotations

from typing import Any

from tfinterp_widgets import samples
from tfinterp_widgets.widgets.attribution_explorer import AttributionExplorer
from tfinterp_widgets.widgets.explorer.code import FROM_SAMPLES, Recipe


def demo(**traits: Any) -> AttributionExplorer:
    """Explore an ImageNet classifier and a few photographs, all part of the package.

    Parameters
    ----------
    **traits
        As for `AttributionExplorer`.

    Examples
    --------
    >>> import tfinterp_widgets as tw
    >>> tw.demo(steps=128)  # doctest: +SKIP
    """
    sample = samples.imagenet()
    return AttributionExplorer(
        sample.model,
        samples.photos(),
        class_names=sample.class_names,
        preprocess=sample.preprocess,
        _recipe=Recipe(FROM_SAMPLES),
        **traits,
    )
