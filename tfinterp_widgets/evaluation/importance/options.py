"""The options of permutation importance, checked and made plain."""

from __future__ import annotations

import secrets
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.engine.parameters import as_numbers, whole_number
from tfinterp_widgets.evaluation.tables.tables import Indices

REPEATS = 10
"""How often a column is shuffled unless told."""


def seed_of(seed: Any) -> int:
    """Take a whole number from 0, or draw one for None."""
    if seed is None:
        return secrets.randbits(64)
    return whole_number("seed", seed, at_least=0)


def some_rows(rows: int, max_rows: Any, seed: int) -> Indices:
    """Draw at most `max_rows` of the rows, ascending."""
    count = min(rows, whole_number("max_rows", max_rows, at_least=1))
    generator = np.random.default_rng(np.random.SeedSequence([seed], spawn_key=(2,)))
    return np.sort(generator.choice(rows, count, replace=False))


def weights_of(sample_weight: Any, rows: int) -> NDArray[np.float64] | None:
    """Take a weight from 0 up for each row."""
    if sample_weight is None:
        return None
    weights = as_numbers(sample_weight, "sample_weight").astype(np.float64)
    if weights.shape != (rows,):
        raise ValueError(
            f"sample_weight has shape {weights.shape}, but X has {rows} rows; expected one weight "
            "for each."
        )
    if not (np.isfinite(weights).all() and (weights >= 0).all() and weights.any()):
        raise ValueError(
            "sample_weight holds negative, missing or infinite values, or only zeros; expected "
            "weights from 0 up with a positive sum."
        )
    return weights


def permutations_of(permutations: Any, repeats: int, rows: int) -> Indices | None:
    """Take permutations of the rows, (repeats, rows), and make sure that they are such."""
    if permutations is None:
        return None
    given = as_numbers(permutations, "permutations")
    if given.ndim != 2 or given.shape[1] != rows or len(given) == 0 or given.dtype.kind not in "ui":
        raise ValueError(
            f"permutations are {given.dtype} of shape {given.shape}; expected whole numbers of "
            f"shape (repeats, {rows}), one permutation of the rows for each repeat."
        )
    if repeats not in (REPEATS, len(given)):
        raise ValueError(
            f"repeats={repeats}, but there are {len(given)} permutations; leave repeats out."
        )
    every = np.arange(rows)
    wrong = next((r for r, each in enumerate(given) if (np.sort(each) != every).any()), None)
    if wrong is not None:
        raise ValueError(
            f"permutations[{wrong}] does not hold each row from 0 to {rows - 1} exactly once."
        )
    return given.astype(np.intp)
