"""Sums over the rows of each slice, for all slices of a partition at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.metrics.scores import Weights
from tfinterp_widgets.evaluation.slicing.answers.columns import Floats
from tfinterp_widgets.evaluation.slicing.features.features import Codes
from tfinterp_widgets.evaluation.slicing.problem import blocks


def grouped_sums(
    codes: Codes,
    slices: int,
    terms: Callable[[slice], tuple[NDArray[Any], ...]],
    weights: Weights = None,
    repeats: int = 1,
) -> list[Floats]:
    """Sum terms of rows over each slice.

    Parameters
    ----------
    codes : ndarray of int, shape (n,)
        The slice of each row; `slices` for rows of none.
    slices : int
    terms : callable
        ``terms(rows) -> tuple of (m,)``: for some rows, what is summed; m = rows * repeats.
    weights : ndarray of float64, shape (n,), or None
        What the terms are multiplied by.
    repeats : int
        How many terms each row has, one after the other.

    Returns
    -------
    list of ndarray of float64, shape (slices,)
        One for each term.
    """
    sums: list[Floats] = []
    for rows in blocks(codes.size):
        at = codes[rows].astype(np.intp)
        weight = None if weights is None else weights[rows]
        if repeats > 1:
            at = np.repeat(at, repeats)
            weight = None if weight is None else np.repeat(weight, repeats)
        for number, values in enumerate(terms(rows)):
            part = np.bincount(at, values if weight is None else values * weight, slices + 1)
            if number == len(sums):
                sums.append(np.zeros(slices))
            sums[number] += part[:slices]
    return sums


def grouped_weights(codes: Codes, slices: int, weights: Weights) -> Floats:
    """Sum of the weights of each slice's rows, (slices,); how many these are, without weights."""
    total = np.zeros(slices)
    for rows in blocks(codes.size):
        weight = None if weights is None else weights[rows]
        total += np.bincount(codes[rows].astype(np.intp), weight, slices + 1)[:slices]
    return total


def grouped_kinds(
    codes: Codes,
    slices: int,
    kinds: NDArray[np.signedinteger[Any]],
    count: int,
    weights: Weights,
    repeats: int,
) -> Floats:
    """Weight of each kind of rows in each slice, (slices, count).

    Parameters
    ----------
    kinds : ndarray of int, shape (n * repeats,)
        The kind of each row, from 0 to count - 1; each row has `repeats`, one after the other.
    """
    total = np.zeros((slices, count))
    for rows in blocks(codes.size):
        at = codes[rows].astype(np.intp) * count
        weight = None if weights is None else weights[rows]
        if repeats > 1:
            at = np.repeat(at, repeats)
            weight = None if weight is None else np.repeat(weight, repeats)
        at += kinds[rows.start * repeats : rows.stop * repeats]
        part = np.bincount(at, weight, (slices + 1) * count)
        total += part[: slices * count].reshape(slices, count)
    return total
