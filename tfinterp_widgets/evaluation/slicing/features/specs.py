"""What a user slices by: features, combinations of these, and slices by their keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from tfinterp_widgets.evaluation.slicing.features.features import Feature, Features
from tfinterp_widgets.evaluation.slicing.features.partition import Partition, partition, whole
from tfinterp_widgets.evaluation.slicing.keys import (
    SliceKey,
    nearest_name,
    slice_key,
    slice_name,
)

_MOST_SHOWN = 20


@dataclass(frozen=True)
class Spec:
    """One thing that is sliced by.

    Attributes
    ----------
    features : tuple of str
        Each combination of their values is a slice.
    values : SliceKey
        Features that are held at one value; of no other features.
    """

    features: tuple[str, ...] = ()
    values: SliceKey = ()


def specs_of(slices: Any, features: Features) -> list[Spec]:
    """Read what a user slices by.

    Parameters
    ----------
    slices : "auto", a feature's name, or a sequence
        Of ``()``, the whole; names of features; tuples or lists of these, which are crossed; keys
        of slices, as dicts or pairs; and Specs. "auto": the whole, all features and all pairs.
    features : Features

    Raises
    ------
    TypeError, ValueError
        If it is none of these, or names a feature that is not there.
    """
    if isinstance(slices, str):
        return _auto(features) if slices == "auto" else [Spec((slices,))]
    if isinstance(slices, Mapping) or not isinstance(slices, Sequence):
        raise TypeError(
            f"slices={slices!r} is a {type(slices).__name__}; expected 'auto' or a list such as "
            "[(), 'housing', ('age', 'housing'), {'housing': 'rent'}]."
        )
    return [_spec(each) for each in slices] or [Spec()]


def partition_of(spec: Spec, features: Features, rows: int, min_count: int) -> Partition:
    """The slices of a spec.

    Raises
    ------
    ValueError
        If a feature is not there, or no row has the values.
    """
    values = dict(spec.values)
    names = sorted({*spec.features, *values})
    if not names:
        return whole(rows)
    crossed = tuple(features[name] for name in names)
    for feature in crossed:
        if feature.name in values:
            _check_level(feature, values[feature.name])
    if not values:
        return partition(crossed, min_count)
    every = partition(crossed).held(spec.values)
    if not len(every):
        raise ValueError(
            f"slice {slice_name(spec.values)!r} holds no row: its values occur, but not together. "
            "Ask for a slice that has rows."
        )
    return every.of_at_least(min_count)


def _auto(features: Features) -> list[Spec]:
    names = sorted(features)
    return [
        Spec(),
        *(Spec((name,)) for name in names),
        *(Spec(pair) for pair in combinations(names, 2)),
    ]


def _spec(given: Any) -> Spec:
    if isinstance(given, Spec):
        return given
    if _is_name(given):
        return Spec((str(given),))
    if isinstance(given, tuple | list) and all(_is_name(name) for name in given):
        names = tuple(sorted(map(str, given)))
        if len(set(names)) < len(names):
            raise ValueError(f"slices hold {given!r}, which names a feature twice.")
        return Spec(names)
    return Spec(values=slice_key(given))


def _is_name(given: Any) -> bool:
    """Whether it names a feature; of columns that are numbered the numbers do."""
    return isinstance(given, str | int | np.integer) and not isinstance(given, bool)


def _check_level(feature: Feature, value: Any) -> None:
    if value in feature.positions:
        return
    names = [repr(level) for level in feature.levels]
    more = ", ..." if len(names) > _MOST_SHOWN else ""
    raise ValueError(
        f"slice {{{feature.name!r}: {value!r}}} holds no row: values of {feature.name!r} are "
        f"{', '.join(names[:_MOST_SHOWN])}{more}." + nearest_name(repr(value), names)
    )
