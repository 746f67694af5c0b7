"""What people may write where one baseline, or several, are expected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.engine.baselines.average import Average, Rows
from tfinterp_widgets.engine.baselines.baseline import Baseline
from tfinterp_widgets.engine.baselines.per_input import PerInput
from tfinterp_widgets.engine.baselines.plain import Constant, Given
from tfinterp_widgets.engine.parameters import as_numbers


def as_baseline(baseline: Any) -> Baseline:
    """Accept a baseline, a number (Constant), an array (Given) or a dictionary (`per_input`).

    Raises
    ------
    TypeError
        For anything else, several baselines among them.
    """
    if isinstance(baseline, Average):
        raise TypeError(
            f"baseline {baseline!r}; expected a single one here. IntegratedGradients, "
            "LayerIntegratedGradients and ExpectedGradients average over several."
        )
    if isinstance(baseline, Baseline) and not isinstance(baseline, type):
        return baseline
    if isinstance(baseline, Mapping):
        return per_input(baseline)
    if isinstance(baseline, int | float | np.number) and not isinstance(baseline, bool):
        return Constant(float(baseline))
    if isinstance(baseline, np.ndarray | list | tuple) or hasattr(baseline, "__array__"):
        return Given(baseline)
    raise TypeError(
        f"baseline {baseline!r} is a {type(baseline).__name__}; expected one of "
        "tfinterp_widgets.baselines, a number, or an array of the input's shape."
    )


def per_input(baselines: Mapping[str, Any] | Sequence[Any]) -> PerInput:
    """A baseline of its own for each input of a model with several.

    Parameters
    ----------
    baselines : mapping or sequence
        Of baselines, numbers and arrays: by the names of the inputs or in their order, as the
        inputs are given.

    Returns
    -------
    PerInput

    Raises
    ------
    TypeError
        If one of them is no baseline.

    Examples
    --------
    >>> per_input({"photo": 127.5, "age": 40.0}).members["age"]
    Constant(value=40.0)
    """
    if isinstance(baselines, Mapping):
        return PerInput({str(name): as_baseline(each) for name, each in baselines.items()})
    if isinstance(baselines, list | tuple):
        return PerInput([as_baseline(each) for each in baselines])
    raise TypeError(
        f"baselines {baselines!r} is a {type(baselines).__name__}; expected a dictionary or a list "
        "of one baseline for each input."
    )


def as_baseline_or_average(baseline: Any) -> Baseline | Average:
    """Accept what `as_baseline` does, an Average, and a list with a baseline in it.

    A list of numbers or of arrays is one baseline, written as a list; `average_of` makes several
    of it.
    """
    if isinstance(baseline, Average):
        return baseline
    return average_of(baseline) if _lists_baselines(baseline) else as_baseline(baseline)


def as_average(baselines: Any) -> Average:
    """Accept what `as_baseline_or_average` does, where arrays are rows (N, ...) of a data set."""
    if isinstance(baselines, Average):
        return baselines
    if _lists_baselines(baselines):
        return average_of(baselines)
    if isinstance(baselines, np.ndarray | list | tuple) or hasattr(baselines, "__array__"):
        return Average(Rows(rows_of(baselines)))
    return Average((as_baseline(baselines),))


def average_of(baselines: Iterable[Any]) -> Average:
    """Several baselines, for a method to average over.

    Parameters
    ----------
    baselines : iterable
        Of baselines, numbers, and arrays of the input's shape: at least one.

    Returns
    -------
    Average

    Raises
    ------
    TypeError
        If one of them is none, or they are no several.
    ValueError
        If there are none.

    Examples
    --------
    >>> average_of([0, 255, Constant(127.5)])
    <Average of 3 baselines>
    """
    try:
        given = [*baselines]
    except TypeError:
        raise TypeError(
            f"average_of({baselines!r}): expected a list of baselines, numbers or arrays."
        ) from None
    if not given:
        raise ValueError("average_of got no baselines; expected at least one.")
    return Average(tuple(map(as_baseline, given)))


def rows_of(data: Any) -> NDArray[Any]:
    """Take a data set as an array (N, ...) of N >= 1 inputs.

    Raises
    ------
    TypeError, ValueError
        If it is no array of numbers, or has no rows, or rows without axes.
    """
    rows = as_numbers(data, "the data set")
    if rows.ndim < 2 or rows.size == 0:
        raise ValueError(
            f"the data set has shape {rows.shape}; expected (N, ...), N inputs one after the other."
        )
    return rows


def _lists_baselines(value: Any) -> bool:
    return isinstance(value, list | tuple) and any(
        isinstance(each, Baseline | Average) for each in value
    )
