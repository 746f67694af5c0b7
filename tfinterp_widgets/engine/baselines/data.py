"""Baselines from a data set."""

from __future__ import annotations

from typing import Any

import numpy as np

from tfinterp_widgets.engine.baselines.accepting import average_of, rows_of
from tfinterp_widgets.engine.baselines.average import Average
from tfinterp_widgets.engine.baselines.plain import Given
from tfinterp_widgets.engine.parameters import whole_number


def dataset_mean(data: Any) -> Given:
    """The mean of a data set: the average input, value by value.

    Parameters
    ----------
    data : array of real numbers, shape (N, ...)
        N >= 1 inputs, in the user's own space.

    Raises
    ------
    TypeError, ValueError
        If it is no such array, or its mean is not finite.

    Examples
    --------
    >>> dataset_mean([[0.0, 2.0], [4.0, 8.0]]).values
    array([2., 5.], dtype=float32)
    """
    return Given(rows_of(data).mean(axis=0, dtype=np.float64))


def draw(data: Any, k: int = 16, seed: int = 0) -> Average:
    """Draw k different rows of a data set, for a method to average over.

    Parameters
    ----------
    data : array of real numbers, shape (N, ...)
        Inputs in the user's own space. The rows drawn are copied.
    k : int
        How many, from 1 to N.
    seed : int
        The same seed draws the same rows.

    Raises
    ------
    TypeError, ValueError
        If the data are no such array, k is larger than N, or a row drawn is not finite.

    Examples
    --------
    >>> draw(np.eye(100), k=5, seed=1)
    <Average of 5 baselines>
    """
    rows = rows_of(data)
    count = whole_number("k", k, at_least=1)
    if count > len(rows):
        raise ValueError(f"k={count} rows of a data set of {len(rows)}; expected at most those.")
    generator = np.random.default_rng(whole_number("seed", seed, at_least=0))
    return average_of(rows[generator.choice(len(rows), count, replace=False)])
