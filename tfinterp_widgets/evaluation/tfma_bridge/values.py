"""Numbers in what TFMA writes of one metric of one slice, as protocol buffers' JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

Plain = Mapping[str, Any]

_COUNTS = {
    "true_positives": "truePositives",
    "false_positives": "falsePositives",
    "true_negatives": "trueNegatives",
    "false_negatives": "falseNegatives",
}
_ARRAYS = ("float64Values", "float32Values", "int64Values", "int32Values")


class Number(NamedTuple):
    """One number of a metric.

    Attributes
    ----------
    value, low, high : float
        NaN where TFMA has none; it writes the string "NaN" for what is not defined.
    at : int
        Its place among several, at several thresholds; 0 of one.
    name : str
        What it is of a matrix, "true_positives"; "" for the metric itself.
    threshold : float or None
        Of a matrix, its threshold.
    cutoff : int or None
        Of values at cut-offs, how many of the highest scores they are of.
    many : int
        How many numbers the metric has.
    """

    value: float
    low: float
    high: float
    at: int = 0
    name: str = ""
    threshold: float | None = None
    cutoff: int | None = None
    many: int = 1


def numbers_of(
    value: Plain, low: Plain | None = None, high: Plain | None = None
) -> Iterator[Number]:
    """Find the numbers of a metric.

    Parameters
    ----------
    value : dict
        A `MetricValue` as JSON: {"doubleValue": 0.7}, {"boundedValue": {...}}, ...
    low, high : dict, optional
        Ends of its interval, in the same form.

    Yields
    ------
    Number
        None for texts, and for confusion matrices of several classes.
    """
    bounded = value.get("boundedValue")
    if bounded is not None:
        low_end, high_end = bounded.get("lowerBound"), bounded.get("upperBound")
        yield Number(_number(bounded.get("value")), _number(low_end), _number(high_end))
        return
    lows, highs = (list(_bare(end)) if end else [] for end in (low, high))
    for number in _bare(value):
        have_ends = number.at < min(len(lows), len(highs))
        yield number._replace(
            low=lows[number.at].value if have_ends else math.nan,
            high=highs[number.at].value if have_ends else math.nan,
        )


def _bare(value: Plain) -> Iterator[Number]:
    """The numbers without their intervals, each at its place."""
    if "doubleValue" in value:
        yield _alone(value["doubleValue"])
    elif "arrayValue" in value:
        array = value["arrayValue"]
        listed: list[Any] = next((array[name] for name in _ARRAYS if name in array), [])
        for at, each in enumerate(listed):
            yield _alone(each)._replace(at=at, many=len(listed))
    elif "valueAtCutoffs" in value:
        for at, pair in enumerate(value["valueAtCutoffs"].get("values", ())):
            yield _alone(pair.get("value", 0.0))._replace(at=at, cutoff=pair.get("cutoff", 0))
    elif "confusionMatrixAtThresholds" in value:
        matrices = value["confusionMatrixAtThresholds"].get("matrices", ())
        counts = ((matrix, *pair) for matrix in matrices for pair in _COUNTS.items())
        for at, (matrix, name, field) in enumerate(counts):
            threshold = _number(matrix.get("threshold", 0.0))  # JSON leaves out what is 0
            yield _alone(matrix.get(field, 0.0))._replace(at=at, name=name, threshold=threshold)


def _alone(value: Any) -> Number:
    return Number(_number(value), math.nan, math.nan)


def _number(value: Any) -> float:
    """A number that JSON may hold as text: "NaN", "Infinity", int64; NaN where there is none."""
    return math.nan if value is None else float(value)
