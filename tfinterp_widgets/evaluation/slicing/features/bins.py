"""Bins of numbers: where they are cut, and what each is called."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.slicing.answers.columns import Floats
from tfinterp_widgets.evaluation.slicing.problem import blocks

_DIGITS = (3, 4, 6, 9, 17)


def quantile_edges(values: NDArray[Any], count: int, *, short: bool = True) -> Floats:
    """Edges of so many bins of about equally many rows.

    Parameters
    ----------
    values : ndarray of numbers, shape (n,)
        NaN where missing.
    count : int
        At least 1; fewer bins come out where values repeat. Where only one would, bins are of about
        equally many different values.
    short : bool
        Round the edges of floats to as few digits as tell them apart, three at the least.

    Returns
    -------
    ndarray of float64, shape (at most count + 1,)
        Ascending, from the least value or a little less to the greatest or a little more.

    Examples
    --------
    >>> quantile_edges(np.arange(1, 101) / 7, 4)
    array([ 0.142,  3.71 ,  7.29 , 10.9  , 14.3  ])
    """
    known = values[~np.isnan(values)] if values.dtype.kind == "f" else values.copy()
    if not known.size:
        return np.empty(0)
    # "higher" is a value of the data, so that of whole numbers edges are whole.
    shares = np.linspace(0, 1, min(count, known.size) + 1)
    exact = np.quantile(known, shares, method="higher", overwrite_input=True)
    edges = np.unique(exact.astype(np.float64))
    if edges.size == 2 and count > 1:
        different = np.unique(known)
        # Most rows have one value, as of amounts that are mostly 0.
        if 2 < different.size < known.size:
            return quantile_edges(different, count, short=short)
    if not short or values.dtype.kind != "f" or edges.size < 2:
        return edges
    for digits in _DIGITS:
        rounded = [float(f"{edge:.{digits}g}") for edge in edges[1:-1].tolist()]
        rounded.insert(0, _outwards(float(edges[0]), digits, -1))
        rounded.append(_outwards(float(edges[-1]), digits, 1))
        if (np.diff(rounded) > 0).all():
            return np.array(rounded)
    return edges


def number_text(number: float) -> str:
    """Write a number as short as it can be."""
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def cut(
    values: NDArray[Any], edges: Floats, text: Callable[[float], str] = number_text
) -> tuple[NDArray[np.signedinteger[Any]], list[str]]:
    """Put numbers into bins.

    Parameters
    ----------
    values : ndarray of numbers, shape (n,)
        NaN where missing.
    edges : ndarray of float64, shape (at least 1,)
        Ascending. A value on an edge belongs to the bin above; on the last one to that below, where
        no value lies beyond.
    text : callable
        How an edge is written.

    Returns
    -------
    codes : ndarray of int, shape (n,)
        The bin of each value; -1 where missing.
    names : list of str
        Of the bins, also of those without values: "< 25", "[25, 40)", ">= 40".

    Examples
    --------
    >>> codes, names = cut(np.array([20, 25, 60]), np.array([25.0, 40.0, 60.0]))
    >>> [names[code] for code in codes]
    ['< 25', '[25, 40)', '[40, 60]']
    """
    codes = np.empty(values.size, dtype=np.min_scalar_type(-edges.size - 2))
    beyond = False
    for rows in blocks(values.size):
        part = values[rows].astype(np.float64)
        missing = np.isnan(part)
        codes[rows] = np.where(missing, -1, np.searchsorted(edges, part, side="right"))
        beyond = beyond or bool((part > edges[-1]).any())
    texts = [text(edge) for edge in edges.tolist()]
    names = [f"[{low}, {high})" for low, high in pairwise(texts)]
    if names and not beyond:
        codes[codes == edges.size] -= 1
        names[-1] = f"{names[-1][:-1]}]"
    return codes, [f"< {texts[0]}", *names, f">= {texts[-1]}"]


def _outwards(value: float, digits: int, sign: int) -> float:
    """Round to so many digits, up or down as the sign says."""
    short = float(f"{value:.{digits}g}")
    if sign * (value - short) > 0:
        unit = 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1)
        short = float(f"{short + sign * unit:.{digits}g}")
    return short
