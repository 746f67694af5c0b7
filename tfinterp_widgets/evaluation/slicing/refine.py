"""From rows to tables of slices: values and intervals of counts first, other intervals after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from tfinterp_widgets.evaluation.metrics.tasks import are_probabilities
from tfinterp_widgets.evaluation.slicing.answers.columns import Column
from tfinterp_widgets.evaluation.slicing.answers.gates import Gate
from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.intervals.closed import intervals_of_counts
from tfinterp_widgets.evaluation.slicing.intervals.made import make_intervals
from tfinterp_widgets.evaluation.slicing.metrics.asked import Asked, metrics_asked
from tfinterp_widgets.evaluation.slicing.metrics.grouped import grouped_weights
from tfinterp_widgets.evaluation.slicing.metrics.measure import Meter
from tfinterp_widgets.evaluation.slicing.metrics.measured import Measured
from tfinterp_widgets.evaluation.slicing.problem import Problem
from tfinterp_widgets.evaluation.slicing.sliced import Sliced
from tfinterp_widgets.evaluation.uncertainty.intervals import Intervals

APART = 1e-3
"""Where the AUC by ranks and TensorFlow Model Analysis' differ by more, both are shown."""


def refine(sliced: Sliced, gates: tuple[Gate, ...] = ()) -> Iterator[SliceTable]:
    """Measure what is asked for.

    Yields
    ------
    SliceTable
        First with values and those intervals that counts tell, then again and again as others are
        made; the last has ``final`` set.
    """
    meter = Meter(sliced.problem, sliced.threshold)
    companions = _companions(sliced.asked, sliced.problem)
    measured, table = _measured(sliced, meter, companions)
    sliced = replace(sliced, asked=_shown(sliced.asked, companions, measured))
    methods = {name: sliced.method(name) for name in sliced.asked}
    intervals = {
        name: intervals_of_counts(sliced.asked[name], measured[name])
        for name, method in methods.items()
        if method == "counted"
    }
    later = [name for name, method in methods.items() if method not in ("counted", "")]
    later.sort(key=lambda name: methods[name] != "closed")  # which take no draws
    table = replace(table, threshold=sliced.threshold, interval=sliced.interval, gates=gates)

    def column(name: str) -> Column:
        return sliced.column(name, measured[name], intervals.get(name)).take(sliced.order)

    columns = {name: column(name) for name in sliced.asked}
    table = replace(table, columns=columns, progress=1 / (1 + len(later)), data=sliced)
    yield table
    for number, name in enumerate(later, start=1):
        for done, found in _made(sliced, meter, name, measured[name]):
            if found is not None:
                intervals[name] = found
                table = replace(table, columns={**table.columns, name: column(name)})
            yield replace(table, progress=(number + done) / (1 + len(later)))


def _measured(
    sliced: Sliced, meter: Meter, companions: Mapping[str, Asked]
) -> tuple[dict[str, Measured], SliceTable]:
    """All metrics of all slices, and a table of these without a column."""
    wanted = {**sliced.asked, **companions}
    parts: dict[str, list[Measured]] = {name: [] for name in wanted}
    weights = []
    hidden = np.zeros(len(sliced.problem), dtype=bool)
    for partition in sliced.partitions:
        codes = partition.codes()
        if partition.hidden:
            hidden |= partition.hidden_rows(codes)
        weights.append(grouped_weights(codes, len(partition), sliced.problem.weights))
        for name, asked in wanted.items():
            parts[name].append(meter.measure(asked, codes, len(partition)))
    order = sliced.order
    table = SliceTable(
        slices=sliced.keys,
        counts=np.concatenate([each.counts for each in sliced.partitions])[order],
        weights=np.concatenate(weights)[order],
        columns={},
        hidden=sum(each.hidden for each in sliced.partitions),
        hidden_rows=int(np.count_nonzero(hidden)),
    )
    return {name: Measured.joined(each) for name, each in parts.items()}, table


def _made(
    sliced: Sliced, meter: Meter, name: str, measured: Measured
) -> Iterator[tuple[float, Intervals | None]]:
    """Make the intervals of one metric, partition by partition.

    Yields
    ------
    done : float
        The share of the work that is done.
    intervals : Intervals or None
        Those that are known, where these are more than before.
    """
    low, high = np.full((2, len(measured.value)), np.nan)
    missing: dict[int, str] = {}
    start, count = 0, len(sliced.partitions)
    for number, partition in enumerate(sliced.partitions):
        seeds = np.random.SeedSequence([sliced.seed, *name.encode()], spawn_key=(number,))
        end = start + len(partition)
        for found in make_intervals(
            sliced.method(name),
            sliced.asked[name],
            meter,
            partition.codes(),
            Measured(measured.value[start:end]),
            np.random.default_rng(seeds),
        ):
            if isinstance(found, Intervals):
                low[start:end], high[start:end] = found.low, found.high
                missing |= {start + at: reason for at, reason in found.missing.items()}
                yield (number + 1) / count, Intervals(low, high, missing)
            else:
                yield (number + 0.99 * found) / count, None
        start = end


def _companions(asked: Mapping[str, Asked], problem: Problem) -> dict[str, Asked]:
    """TensorFlow Model Analysis' AUC for each that is by ranks, where it is not asked for."""
    if not are_probabilities(problem.predictions):
        return {}
    names = {
        name: name.replace("auc", "auc_tfma", 1) for name in asked if asked[name].base == "auc"
    }
    wanted = [name for name in names.values() if name not in asked]
    return {each.info.name: each for each in (metrics_asked(wanted, problem) if wanted else ())}


def _shown(
    asked: Mapping[str, Asked], companions: Mapping[str, Asked], measured: Mapping[str, Measured]
) -> dict[str, Asked]:
    """What is asked for, with those companions that tell something else."""
    shown = {}
    for name, each in asked.items():
        shown[name] = each
        companion = name.replace("auc", "auc_tfma", 1)
        if companion in companions:
            apart = np.abs(measured[name].value - measured[companion].value)
            if (apart > APART).any():  # NaN, where both are undefined, is not
                shown[companion] = companions[companion]
    return shown
