"""Which slices are on view, and in which order: as ``js/src/slices/rows.ts`` has it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.slicing.keys import WHOLE, SliceKey, slice_name
from tfinterp_widgets.widgets.slices.places import places_of, sizes_of, spread
from tfinterp_widgets.widgets.slices.sources import all_slices

if TYPE_CHECKING:
    from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
    from tfinterp_widgets.widgets.slice_explorer import SliceExplorer
    from tfinterp_widgets.widgets.slices.found import Found

Slices = Sequence[SliceKey]


@dataclass(frozen=True)
class Sight:
    """What a person looks at: the traits of the same names."""

    search: str = ""
    min_count: int = 0
    sort_by: str = ""
    descending: bool = False
    brush: tuple[float, float] | None = None

    @classmethod
    def of(cls, explorer: SliceExplorer) -> Sight:
        """What it is now."""
        return cls(**{name: getattr(explorer, name) for name in SIGHT})


SIGHT = frozenset(each.name for each in fields(Sight))
"""Traits that change what one looks at, and ask nothing."""


def arranged(sight: Sight, found: Found) -> list[SliceKey]:
    """List the slices that the traits leave on view; the whole comes first."""
    slices = all_slices(found.tables)
    shown = [at for at in _on_view(sight, found, slices) if slices[at] != WHOLE]
    if sight.sort_by:
        ranks = _ranks(sight.sort_by, found, slices)
        has_rank = [at for at in shown if not _is_nothing(ranks[at])]
        nothing = [at for at in shown if _is_nothing(ranks[at])]
        # Sorted upside down, ties still stay in the table's order.
        order = sorted(has_rank[::-1] if sight.descending else has_rank, key=ranks.__getitem__)
        shown = (order[::-1] if sight.descending else order) + nothing
    listed = [slices[at] for at in shown]
    return [WHOLE, *listed] if WHOLE in slices else listed


def _on_view(sight: Sight, found: Found, slices: Slices) -> list[int]:
    counts, _ = sizes_of(found.tables, slices)
    kept = counts >= sight.min_count
    if sight.brush is not None:
        value = _values(found.main, found.column, slices)
        kept &= (value >= sight.brush[0]) & (value <= sight.brush[1])
    words, places = sight.search.casefold().split(), np.flatnonzero(kept).tolist()
    if not words:
        return places
    names = {at: slice_name(slices[at]).casefold() for at in places}
    return [at for at in places if all(word in names[at] for word in words)]


def _ranks(sort_by: str, found: Found, slices: Slices) -> list[Any]:
    """By what each slice is sorted; NaN where there is nothing to sort by."""
    first, *_ = found.tables.values()
    if sort_by == "slice":
        return list(map(_alphabetical, slices))
    if sort_by == "gate":
        return [_judged(found, key) for key in slices]
    if sort_by == "n":
        return list(sizes_of(found.tables, slices)[0].tolist())
    if sort_by == "difference":
        estimates = found.differences.get(list(found.tables)[-1])
        nothing = np.full(len(slices), np.nan)
        places = places_of(found.main, slices)
        return list(nothing if estimates is None else spread(estimates.value, places))
    value, other = (_values(table, found.column, slices) for table in (found.main, first))
    return list({"value": value, "other": other, "comparison": value - other}[sort_by])


def _judged(found: Found, key: SliceKey) -> float:
    check = found.main.checks.get((key, found.column))
    if check is None:
        return math.nan
    return 1 if check.unsure else 2 * check.passed


def _values(table: SliceTable, metric: str, slices: Slices) -> NDArray[np.float64]:
    column = table.columns.get(metric)
    if column is None:
        return np.full(len(slices), np.nan)
    return spread(column.value, places_of(table, slices))


def _alphabetical(key: SliceKey) -> list[tuple[bool, float, str]]:
    """Numbers within names by their size: "[5, 10)" before "[10, 20)"."""
    parts = re.split(r"(\d+(?:\.\d+)?)", slice_name(key).casefold())
    return [
        (not part[:1].isdigit(), float(part) if part[:1].isdigit() else 0.0, part)
        for part in parts
        if part
    ]


def _is_nothing(rank: Any) -> bool:
    return isinstance(rank, float) and math.isnan(rank)
