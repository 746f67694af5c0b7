"""Baselines: the input that stands for "nothing there", from which a path leads to the real one.

A baseline is a frozen dataclass whose ``of(x)`` makes the array for one input. It works in the
user's own space (pixels 0..255, raw columns), before any preprocessing.
"""

from tfinterp_widgets.engine.baselines.accepting import (
    as_average,
    as_baseline,
    as_baseline_or_average,
    average_of,
    per_input,
)
from tfinterp_widgets.engine.baselines.average import Average, Rows
from tfinterp_widgets.engine.baselines.baseline import Baseline
from tfinterp_widgets.engine.baselines.data import dataset_mean, draw
from tfinterp_widgets.engine.baselines.menu import BASELINES, BaselineEntry
from tfinterp_widgets.engine.baselines.noise import Noise, Uniform
from tfinterp_widgets.engine.baselines.per_input import PerInput
from tfinterp_widgets.engine.baselines.plain import Blur, Constant, Given, Mean

__all__ = [
    "BASELINES",
    "Average",
    "Baseline",
    "BaselineEntry",
    "Blur",
    "Constant",
    "Given",
    "Mean",
    "Noise",
    "PerInput",
    "Rows",
    "Uniform",
    "as_average",
    "as_baseline",
    "as_baseline_or_average",
    "average_of",
    "dataset_mean",
    "draw",
    "per_input",
]
