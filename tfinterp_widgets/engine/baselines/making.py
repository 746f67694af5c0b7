"""From a baseline, of whichever class, to the array or arrays that it is for one input."""

from __future__ import annotations

import numpy as np

from tfinterp_widgets.engine.asking.examples import Example, mapped
from tfinterp_widgets.engine.baselines.baseline import Array, Baseline
from tfinterp_widgets.engine.baselines.per_input import PerInput


def baseline_of(baseline: Baseline, example: Example) -> Example:
    """Make the baseline of an input, array by array where it has several.

    Raises
    ------
    ValueError
        If the baseline does not fit the input, or makes anything else than finite numbers in the
        input's shape.
    """
    if isinstance(baseline, PerInput):
        made: Example = baseline.of_each(example, _checked)
        return made
    return mapped(lambda array: _checked(baseline, array), example)


def _checked(baseline: Baseline, example: Array) -> Array:
    """Make a baseline, which may be of a class of the user's own, and hold it to the shape."""
    made = np.array(baseline.of(example.copy()), np.float32)
    if made.shape != example.shape or not np.isfinite(made).all():
        raise ValueError(
            f"{type(baseline).__name__} made a baseline of shape {made.shape}"
            f"{'' if np.isfinite(made).all() else ' with NaN or infinite values'}; expected finite "
            f"numbers in the input's shape {example.shape}."
        )
    return made
