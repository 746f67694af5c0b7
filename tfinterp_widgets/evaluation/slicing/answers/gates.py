"""Gates: bounds that a metric must keep, and whether slices keep them."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

from tfinterp_widgets.evaluation.slicing.answers.columns import Metric, MetricInfo
from tfinterp_widgets.evaluation.slicing.keys import SliceKey, nearest_name


@dataclass(frozen=True)
class Gate:
    """Bounds of a metric, for all slices or for some.

    Attributes
    ----------
    metric : str
    low, high : float
        The least and the greatest value that passes; -inf and inf where there is no bound.
    slices : frozenset of SliceKey, optional
        Those it is for; None for all.
    """

    metric: str
    low: float = -math.inf
    high: float = math.inf
    slices: frozenset[SliceKey] | None = None

    @property
    def text(self) -> str:
        """The bounds as people read them: "≥ 0.7", "≤ 0.2", "0.9 to 1.1"."""
        if self.high == math.inf:
            return f"≥ {self.low:g}"
        return f"≤ {self.high:g}" if self.low == -math.inf else f"{self.low:g} to {self.high:g}"

    def check(self, metric: Metric) -> Check:
        """Whether a metric keeps the bounds; an undefined one does not, and is unsure."""
        if metric.value is None:
            return Check(False, self.text, unsure=True)
        unsure = (
            metric.low is not None
            and metric.high is not None
            and any(metric.low < bound < metric.high for bound in (self.low, self.high))
        )
        return Check(self.low <= metric.value <= self.high, self.text, unsure)


@dataclass(frozen=True)
class Check:
    """Whether a metric of a slice keeps its gate.

    Attributes
    ----------
    passed : bool
    bound : str
        The bound, as "≥ 0.7".
    unsure : bool
        Whether the metric's interval holds the bound, so that other rows might have decided
        otherwise; also where the metric is undefined.
    """

    passed: bool
    bound: str
    unsure: bool


def gates_of(given: Any, infos: Sequence[MetricInfo]) -> tuple[Gate, ...]:
    """Read the gates that a user gives.

    Parameters
    ----------
    given : dict or None
        For a metric's name a number, the least value that passes where greater is better and the
        greatest where smaller is; or a pair (low, high), None standing for no bound.
    infos : sequence of MetricInfo
        The metrics that are there.

    Raises
    ------
    TypeError, ValueError
        If the gates are no dict of these, name a metric that is not there, or bound nothing.
    """
    if given is None:
        return ()
    if not isinstance(given, Mapping):
        raise TypeError(
            f"gates={given!r} is a {type(given).__name__}; expected a dict such as "
            "{'accuracy': 0.7} or {'calibration': (0.9, 1.1)}."
        )
    known = {info.name: info for info in infos}
    return tuple(_gate(name, bounds, known) for name, bounds in given.items())


def _gate(name: Any, bounds: Any, known: Mapping[str, MetricInfo]) -> Gate:
    if name not in known:
        raise ValueError(
            f"gates name metric {name!r}, which is not among the metrics asked for, "
            f"{', '.join(known)}.{nearest_name(str(name), known)}"
        )
    if not isinstance(bounds, Real):
        return Gate(name, *_pair(name, bounds))
    bound, greater = float(bounds), known[name].greater_is_better
    if greater is None or math.isnan(bound):
        raise ValueError(
            f"gates[{name!r}]={bounds!r} does not say on which side to pass; expected a pair "
            "(low, high), with None for a side without a bound."
        )
    return Gate(name, low=bound) if greater else Gate(name, high=bound)


def _pair(name: str, bounds: Any) -> tuple[float, float]:
    sides: Collection[Any] = bounds if isinstance(bounds, tuple | list) else ()
    if len(sides) != 2 or not all(side is None or isinstance(side, Real) for side in sides):
        raise TypeError(
            f"gates[{name!r}]={bounds!r}; expected a number or a pair (low, high), with None for "
            "a side without a bound."
        )
    low, high = sides
    pair = -math.inf if low is None else float(low), math.inf if high is None else float(high)
    if not pair[0] <= pair[1] or pair == (-math.inf, math.inf):
        raise ValueError(f"gates[{name!r}]={bounds!r}; expected low <= high, and one of them.")
    return pair
