"""Which slices are on view, and in which order: as ``js/src/slices/rows.ts`` has it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tfinterp_widgets.evaluation.slicing.keys import WHOLE, SliceKey, slice_name
from tfinterp_widgets.widgets.slices.sources import all_slices

if TYPE_CHECKING:
    from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
    from tfinterp_widgets.widgets.slice_explorer import SliceExplorer
    from tfinterp_widgets.widgets.slices.estimates import Estimates
    from tfinterp_widgets.widgets.slices.found import Found

Rank = Callable[[SliceKey], Any]


def arranged(explorer: SliceExplorer, found: Found) -> list[SliceKey]:
    """List the slices that the traits leave on view; the whole comes first."""
    slices = all_slices(found.tables)
    shown = [key for key in slices if key != WHOLE and _is_on_view(explorer, found, key)]
    if explorer.sort_by:
        rank = _ranks(found)[explorer.sort_by]
        has_rank = [key for key in shown if not _is_nothing(rank(key))]
        nothing = [key for key in shown if _is_nothing(rank(key))]
        # Sorted upside down, ties still stay in the table's order.
        order = sorted(has_rank[::-1] if explorer.descending else has_rank, key=rank)
        shown = (order[::-1] if explorer.descending else order) + nothing
    return [WHOLE, *shown] if WHOLE in slices else shown


def _is_on_view(explorer: SliceExplorer, found: Found, key: SliceKey) -> bool:
    name, brush = slice_name(key).casefold(), explorer.brush
    value = _value(found.main, found.column, key)
    return (
        _rows(found, key) >= explorer.min_count
        and all(word in name for word in explorer.search.casefold().split())
        and (brush is None or brush[0] <= value <= brush[1])
    )


def _ranks(found: Found) -> dict[str, Rank]:
    first, *_ = found.tables.values()
    checks = found.main.checks

    def judged(key: SliceKey) -> float:
        check = checks.get((key, found.column))
        if check is None:
            return math.nan
        return 1 if check.unsure else 2 * check.passed

    def value(key: SliceKey) -> float:
        return _value(found.main, found.column, key)

    def other(key: SliceKey) -> float:
        return _value(first, found.column, key)

    return {
        "slice": _alphabetical,
        "n": lambda key: _rows(found, key),
        "value": value,
        "other": other,
        "comparison": lambda key: value(key) - other(key),
        "difference": lambda key: _of(found.differences, found, key),
        "gate": judged,
    }


def _of(differences: Any, found: Found, key: SliceKey) -> float:
    estimates: Estimates | None = differences.get(list(found.tables)[-1])
    if estimates is None or key not in found.main:
        return math.nan
    return float(estimates.value[found.main.position(key)])


def _value(table: SliceTable, metric: str, key: SliceKey) -> float:
    if metric not in table.columns or key not in table:
        return math.nan
    return float(table.columns[metric].value[table.position(key)])


def _rows(found: Found, key: SliceKey) -> int:
    table = next(table for table in reversed(list(found.tables.values())) if key in table)
    return int(table.counts[table.position(key)])


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
