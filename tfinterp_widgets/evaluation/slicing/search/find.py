"""The search for slices in which a metric is worse than elsewhere, without fooling oneself.

Among thousands of slices some look bad by chance. So each is tested against the rest of the data,
and the false discovery rate over all of them is controlled, however they overlap (Benjamini &
Yekutieli 2001). Fewer than `level` of the findings are false on average; where nothing is to be
found, nothing is in all but `level` of the cases.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.engine.parameters import whole_number
from tfinterp_widgets.evaluation.slicing.features.features import Features
from tfinterp_widgets.evaluation.slicing.features.partition import Partition
from tfinterp_widgets.evaluation.slicing.search.alike import Member, alike, looked_at
from tfinterp_widgets.evaluation.slicing.search.candidates import Search
from tfinterp_widgets.evaluation.slicing.search.evidence import Evidence
from tfinterp_widgets.evaluation.slicing.search.findings import Finding, Findings
from tfinterp_widgets.evaluation.uncertainty.false_discovery import benjamini_yekutieli


def find_worse(
    metric: str,
    evidence: Evidence,
    features: Features,
    rows: int,
    *,
    max_features: int,
    min_count: int,
    q: float,
) -> Iterator[float | Findings]:
    """Find the slices in which a metric is worse than in the rest of the data.

    Parameters
    ----------
    metric : str
        Its name.
    evidence : Evidence
    features : Features
        What slices are made of.
    rows : int
    max_features : int
        Candidates are all combinations of values of up to so many features.
    min_count : int
        Candidates hold at least so many rows.
    q : float
        The false discovery rate, in (0, 1).

    Yields
    ------
    float or Findings
        The share of the combinations that are done, again and again; at last what was found.

    Raises
    ------
    TypeError, ValueError
        If a number is none, or out of its range.
    """
    most = whole_number("max_features", max_features, at_least=1)
    least = whole_number("min_count", min_count, at_least=1)
    level = _rate(q)
    search = Search([features[name] for name in sorted(features)], rows, most, least)
    return _search(metric, evidence, search, least, level)


def _rate(given: Any) -> float:
    if isinstance(given, float | np.floating) and 0 < given < 1:
        return float(given)
    raise ValueError(f"q={given!r}; expected a false discovery rate between 0 and 1, such as 0.05.")


def _search(
    metric: str, evidence: Evidence, search: Search, min_count: int, level: float
) -> Iterator[float | Findings]:
    tested: list[_Tested] = []
    for candidates in search:
        tally = evidence.tally(candidates.codes, len(candidates.partition))
        new = candidates.new
        tested.append(_Tested(candidates.partition, new, tally.values[new], tally.chances[new]))
        yield search.done
    chances = np.concatenate([np.empty(0), *(each.chances for each in tested)])
    rates = np.split(benjamini_yekutieli(chances), np.cumsum([len(each.new) for each in tested]))
    sample = looked_at(search.rows)
    found = [
        finding
        for each, own in zip(tested, rates, strict=False)
        for finding in each.findings(own, level, evidence, sample)
    ]
    found.sort(key=lambda each: (each[0].p, len(each[0].key)))
    features = [replace(each, codes=each.codes[sample]) for each in search.features]
    like = alike([Member.of(each.key, rows, features) for each, rows in found], sample.size)
    findings = tuple(
        finding if first is None else replace(finding, like=found[first][0].key)
        for (finding, _), first in zip(found, like, strict=True)
    )
    yield Findings(metric, findings, chances.size, search.merged, level, min_count)


class _Tested(NamedTuple):
    """The candidates of one combination of features; without their rows, which take memory."""

    partition: Partition
    new: NDArray[np.int64]
    values: NDArray[np.float64]
    chances: NDArray[np.float64]

    def findings(
        self,
        rates: NDArray[np.float64],
        level: float,
        evidence: Evidence,
        sample: NDArray[np.int64],
    ) -> Iterator[tuple[Finding, NDArray[np.int64]]]:
        """Those whose false discovery rate is low enough, with their rows within the sample."""
        significant = np.flatnonzero(rates <= level)
        if not significant.size:
            return
        codes = self.partition.codes()
        rests = evidence.rests(codes, len(self.partition))
        looked_at = codes[sample]
        for at in significant.tolist():
            position = int(self.new[at])
            finding = Finding(
                self.partition.keys[position],
                float(self.values[at]),
                float(rests[position]),
                int(self.partition.counts[position]),
                float(self.chances[at]),
                float(rates[at]),
            )
            yield finding, np.flatnonzero(looked_at == position)
