"""The baselines that menus offer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tfinterp_widgets.engine.baselines.baseline import Baseline
from tfinterp_widgets.engine.baselines.noise import Noise, Uniform
from tfinterp_widgets.engine.baselines.plain import Blur, Constant, Mean


@dataclass(frozen=True)
class BaselineEntry:
    """A baseline as menus show it.

    Attributes
    ----------
    label : str
    make : callable
        ``make(low, high)`` returns the baseline for inputs between `low` and `high`.
    note : str
        One sentence for whoever reads a map: what the difference from this baseline leaves out.
    """

    label: str
    make: Callable[[float, float], Baseline]
    note: str


def _constant_note(name: str) -> str:
    return f"Explains the difference from {name}; pixels equal to the baseline get 0 by definition."


_NOISE_NOTE = "Explains the difference from one draw of noise; others differ."

BASELINES: dict[str, BaselineEntry] = {
    "black": BaselineEntry("Black", lambda low, _: Constant(low), _constant_note("black")),
    "grey": BaselineEntry(
        "Grey", lambda low, high: Constant((low + high) / 2), _constant_note("mid-grey")
    ),
    "white": BaselineEntry("White", lambda _, high: Constant(high), _constant_note("white")),
    "mean": BaselineEntry("Mean colour", lambda *_: Mean(), _constant_note("the mean colour")),
    "blur": BaselineEntry(
        "Blurred",
        lambda *_: Blur(),
        "Explains the difference from the blurred image: its detail, not its colours.",
    ),
    "noise": BaselineEntry("Noise", lambda *_: Noise(), _NOISE_NOTE),
    "uniform": BaselineEntry("Uniform noise", lambda low, high: Uniform(low, high), _NOISE_NOTE),
}
