"""`slice_metrics` as a configuration has it, with TFMA's help where that is needed."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from tfinterp_widgets.evaluation.slicing.answers.gates import Gate
from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.slicing.eval_config import EvalConfig
from tfinterp_widgets.evaluation.slicing.features.features import Features
from tfinterp_widgets.evaluation.slicing.features.specs import Spec
from tfinterp_widgets.evaluation.tfma_bridge.checks import check_bounds, check_metrics
from tfinterp_widgets.evaluation.tfma_bridge.delegate import with_tfmas
from tfinterp_widgets.evaluation.tfma_bridge.library import load_tfma
from tfinterp_widgets.evaluation.tfma_bridge.local import Division, Local, divide
from tfinterp_widgets.evaluation.tfma_bridge.messages import SlicingSpec
from tfinterp_widgets.evaluation.tfma_bridge.records import require
from tfinterp_widgets.evaluation.tfma_bridge.slicing_specs import matches, same_value, sliced_by
from tfinterp_widgets.evaluation.tfma_bridge.specs import bounds_of

Refine = Callable[..., Iterator[SliceTable]]


def refine_configured(
    refine: Refine,
    config: EvalConfig,
    labels: Any,
    predictions: Any,
    features: Any,
    weights: Any,
    interval: str | None,
    bins: Mapping[str, Any] | None,
    **others: Any,
) -> Iterator[SliceTable]:
    """Measure what a configuration asks for; features are sliced by as they are, as TFMA does.

    Parameters
    ----------
    refine : callable
        `refine_slices`.
    config : EvalConfig
    labels, predictions, features, weights, interval, bins, others
        As those of `slice_metrics`.

    Yields
    ------
    SliceTable
        The last has the columns that only TFMA computes as well.

    Raises
    ------
    TypeError, ValueError
        If the configuration asks for what needs a run of TFMA, or names what is not there.
    ImportError
        If some metric needs TFMA, and it is not installed.
    """
    if not isinstance(config, EvalConfig):
        raise TypeError(
            f"config is a {type(config).__name__}; expected a tw.EvalConfig, such as "
            "tw.EvalConfig.from_text(...) or .from_proto(...) make."
        )
    check_bounds(config)
    if hasattr(features, "keys"):
        names = dict.fromkeys(name for name in features.keys() if isinstance(name, str))  # noqa: SIM118
        require([(name, "a feature to slice by") for name in sliced_by(config)], names, "features")
    weights = _weights(config, features, weights)
    division = divide(config, _classes(predictions), weights is not None)
    if division.refused:
        raise ValueError(
            f"the configuration asks for {', '.join(division.refused)}, which slice_metrics does "
            "not do; evaluate the model with tw.run_tfma."
        )
    if division.rest:
        load_tfma(f"slice_metrics, for {', '.join(division.reasons)},")
        check_metrics(replace(config, metrics_specs=division.rest))
    if division.plots:
        warnings.warn(
            f"slice_metrics leaves out {', '.join(division.plots)}, which are no numbers.",
            stacklevel=2,
        )
    if division.without_effect:
        warnings.warn(
            f"slice_metrics passes over {', '.join(division.without_effect)}; tw.run_tfma has "
            "use for them.",
            stacklevel=2,
        )
    metrics = dict.fromkeys(name for each in division.local for name in each.names)
    bins = {**dict.fromkeys(sliced_by(config)), **(bins or {})}
    options = config.options
    tables = refine(
        labels,
        predictions,
        features,
        slices=_slices(config, Features(features, len(predictions), bins)),
        metrics=["count", *(name for name in metrics if name != "count")],
        weights=weights,
        interval=_interval(config, interval),
        min_count=0 if options is None else options.min_slice_size or 0,
        bins=bins,
        **others,
    )
    return _finished(tables, config, division)


def _finished(
    tables: Iterator[SliceTable], config: EvalConfig, division: Division
) -> Iterator[SliceTable]:
    for table in tables:
        gated = replace(table, gates=tuple(_gates(division.local, table)))
        yield with_tfmas(gated, config, division.rest) if table.final and division.rest else gated


def _classes(predictions: Any) -> int | None:
    shape = np.shape(predictions)
    return shape[1] if len(shape) == 2 and shape[1] > 2 else None


def _weights(config: EvalConfig, features: Any, weights: Any) -> Any:
    """The weights given; else the column that the configuration names."""
    name = next((spec.example_weight_key for spec in config.model_specs), "")
    if weights is not None or not name:
        return weights
    try:
        return features[name]
    except (KeyError, TypeError, IndexError):
        raise ValueError(
            f"the configuration weighs rows by {name!r}, which is not among the features; give "
            "weights=, or features with that column."
        ) from None


def _slices(config: EvalConfig, known: Features) -> list[Spec]:
    return [_slice(spec, known) for spec in config.slicing_specs] or [Spec()]


def _slice(spec: SlicingSpec, known: Features) -> Spec:
    """A specification whose values, which are texts, are those that the feature has."""
    values = []
    for name, text in spec.feature_values.items():
        value = next((each for each in known[name].levels if same_value(each, text)), text)
        values.append((name, value))
    return Spec(tuple(spec.feature_keys), tuple(sorted(values)))


def _interval(config: EvalConfig, interval: str | None) -> str | None:
    options = config.options
    if options is None or not options.compute_confidence_intervals or interval != "auto":
        return interval
    method = options.confidence_intervals.method if options.confidence_intervals else ""
    return "bootstrap" if method == "POISSON_BOOTSTRAP" else "jackknife"


def _gates(local: tuple[Local, ...], table: SliceTable) -> Iterator[Gate]:
    for each in local:
        for low, high, specs in bounds_of(each.configured):
            slices = (
                None
                if specs is None
                else frozenset(key for key in table if any(matches(spec, key) for spec in specs))
            )
            bounds = -math.inf if low is None else low, math.inf if high is None else high
            for name in each.names if bounds != (-math.inf, math.inf) else ():
                yield Gate(name, *bounds, slices)
