"""From rows to tables of slices: values and closed intervals first, intervals by draws after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from tfinterp_widgets.evaluation.metrics.tasks import are_probabilities
from tfinterp_widgets.evaluation.slicing.answers.columns import Column
from tfinterp_widgets.evaluation.slicing.answers.gates import Gate
from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.metrics.asked import Asked, metrics_asked
from tfinterp_widgets.evaluation.slicing.metrics.grouped import grouped_weights
from tfinterp_widgets.evaluation.slicing.metrics.intervals import drawn_intervals, wilson_intervals
from tfinterp_widgets.evaluation.slicing.metrics.measure import Measured, Meter
from tfinterp_widgets.evaluation.slicing.metrics.ratios import Ratio
from tfinterp_widgets.evaluation.slicing.problem import Problem
from tfinterp_widgets.evaluation.slicing.sliced import Sliced
from tfinterp_widgets.evaluation.uncertainty.percentiles import Intervals

APART = 1e-3
"""Where the AUC by ranks and TensorFlow Model Analysis' differ by more, both are shown."""


def refine(sliced: Sliced, gates: tuple[Gate, ...] = ()) -> Iterator[SliceTable]:
    """Measure what is asked for.

    Yields
    ------
    SliceTable
        First with values and closed intervals, then again and again as draws are made; the last has
        ``final`` set.
    """
    meter = Meter(sliced.problem, sliced.threshold)
    companions = _companions(sliced.asked, sliced.problem)
    measured, table = _measured(sliced, meter, companions)
    sliced = replace(sliced, asked=_shown(sliced.asked, companions, measured))
    intervals = {
        name: wilson_intervals(measured[name])
        for name in sliced.asked
        if sliced.method(name) == "wilson"
    }
    drawn = [name for name in sliced.asked if sliced.method(name) in ("bootstrap", "jackknife")]
    table = replace(table, threshold=sliced.threshold, interval=sliced.interval, gates=gates)

    def column(name: str) -> Column:
        return sliced.column(name, measured[name], intervals.get(name)).take(sliced.order)

    columns = {name: column(name) for name in sliced.asked}
    table = replace(table, columns=columns, progress=1 / (1 + len(drawn)), data=sliced)
    yield table
    for number, name in enumerate(drawn, start=1):
        for done, found in _draws(sliced, meter, name, measured[name]):
            if found is not None:
                intervals[name] = found
                table = replace(table, columns={**table.columns, name: column(name)})
            yield replace(table, progress=(number + done) / (1 + len(drawn)))


def _measured(
    sliced: Sliced, meter: Meter, companions: Mapping[str, Asked]
) -> tuple[dict[str, Measured], SliceTable]:
    """All metrics of all slices, and a table of these without a column."""
    wanted = {**sliced.asked, **companions}
    parts: dict[str, list[Measured]] = {name: [] for name in wanted}
    weights = []
    for partition in sliced.partitions:
        codes = partition.codes()
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
    )
    return {name: _joined(each) for name, each in parts.items()}, table


def _joined(parts: Sequence[Measured]) -> Measured:
    """Measured partitions, one after the other."""
    starts = np.cumsum([0, *(len(part.value) for part in parts)]).tolist()
    undefined = {
        start + at: reason
        for start, part in zip(starts, parts, strict=False)
        for at, reason in part.undefined.items()
    }
    shares = [part.share for part in parts if part.share is not None]
    share = Ratio(*map(np.concatenate, zip(*shares, strict=True))) if shares else None
    return Measured(np.concatenate([part.value for part in parts]), undefined, share)


def _draws(
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
        for found in drawn_intervals(
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
