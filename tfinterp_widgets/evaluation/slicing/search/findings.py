"""What a search for bad slices found, and among how many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import pandas as pd

from tfinterp_widgets.evaluation.slicing.keys import SliceKey, slice_name

MIN_COUNT = 30
"""Rows that a candidate holds at least, where nothing else is said."""


@dataclass(frozen=True)
class Finding:
    """A slice in which a metric is worse than in the rest of the data.

    Attributes
    ----------
    key : SliceKey
    value, rest : float
        The metric in the slice, and in all other rows.
    count : int
        Rows of the slice.
    p : float
        The chance of a value as bad as that in as many rows drawn by chance.
    q : float
        The false discovery rate at which the slice would first be found.
    like : SliceKey or None
        An earlier finding, less likely by chance, that holds nearly the same rows: of the rows in
        either at least 80 % are in both (Jaccard). That one is like no other itself.
    """

    key: SliceKey
    value: float
    rest: float
    count: int
    p: float
    q: float
    like: SliceKey | None = None

    @property
    def difference(self) -> float:
        """The slice minus the rest."""
        return self.value - self.rest


@dataclass(frozen=True, repr=False)
class Findings(Sequence[Finding]):
    """The slices found, those least likely by chance first.

    Attributes
    ----------
    metric : str
    found : tuple of Finding
    candidates : int
        How many slices were tested.
    merged : int
        How many more there were that hold the same rows as one of them, or all.
    level : float
        The false discovery rate: which share of the findings is false, on average at the most.
    min_count : int
        How many rows a candidate holds at least.
    """

    metric: str
    found: tuple[Finding, ...]
    candidates: int
    merged: int
    level: float
    min_count: int

    @overload
    def __getitem__(self, position: int) -> Finding: ...
    @overload
    def __getitem__(self, position: slice) -> tuple[Finding, ...]: ...
    def __getitem__(self, position: int | slice) -> Finding | tuple[Finding, ...]:
        return self.found[position]

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)

    @property
    def groups(self) -> tuple[tuple[Finding, ...], ...]:
        """The findings by their rows: each that is like no earlier one, and those that are like it.

        Examples
        --------
        >>> [slice_name(first.key) for first, *alike in findings.groups]  # doctest: +SKIP
        ['purpose: business', 'housing: rent']
        """
        groups: dict[SliceKey, list[Finding]] = {}
        for each in self:
            groups.setdefault(each.key if each.like is None else each.like, []).append(each)
        return tuple(map(tuple, groups.values()))

    @property
    def summary(self) -> str:
        """What was found among how many, and how sure that is, in a line."""
        candidates = "1 candidate" if self.candidates == 1 else f"{self.candidates} candidates"
        return (
            f"{candidates}, {len(self)} worse, false discovery rate <= "
            f"{f'{self.level:g}'.removeprefix('0')} (Benjamini-Yekutieli)"
        )

    def __repr__(self) -> str:
        lines = [
            f"{slice_name(each.key)}: {self.metric} {each.value:.4g}, elsewhere {each.rest:.4g}, "
            f"n = {each.count}, q = {each.q:.2g}" + (f"; {len(alike)} alike" if alike else "")
            for each, *alike in self.groups
        ]
        return "\n".join([self.summary, *lines])

    def _repr_html_(self) -> str:
        table = self.to_frame().to_html(index=False, max_rows=60, na_rep="") if self.found else ""
        return f"<p>{self.summary}</p>{table}"

    def to_frame(self) -> pd.DataFrame:
        """A row for each finding: slice, count, value, rest, difference, p, q and like, a name."""
        return pd.DataFrame(
            {
                "slice": [slice_name(each.key) for each in self],
                **{
                    name: [getattr(each, name) for each in self]
                    for name in ("count", "value", "rest", "difference", "p", "q")
                },
                "like": ["" if each.like is None else slice_name(each.like) for each in self],
            }
        )
