"""What of a configuration `slice_metrics` computes itself, by which names, and what it cannot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tfinterp_widgets.evaluation.slicing.eval_config import EvalConfig
from tfinterp_widgets.evaluation.slicing.metrics.definitions import (
    COUNT_METRICS,
    RANK_METRICS,
    SIZES,
    SUM_METRICS,
)
from tfinterp_widgets.evaluation.tfma_bridge.messages import (
    AggregationOptions,
    MetricsSpec,
    MetricThreshold,
    PerSliceMetricThresholds,
)
from tfinterp_widgets.evaluation.tfma_bridge.names import ALIKE, SAME, snake_case
from tfinterp_widgets.evaluation.tfma_bridge.names_here import base_of, names_here
from tfinterp_widgets.evaluation.tfma_bridge.specs import Configured, configured, plots_of

_ARGUMENTS = frozenset({"name", "thresholds", "threshold", "top_k", "class_id", "dtype"})


@dataclass(frozen=True)
class Local:
    """A metric that is computed here.

    Attributes
    ----------
    configured : Configured
    names : tuple of str
        Those of `slice_metrics`; several for several thresholds, classes or averages.
    """

    configured: Configured
    names: tuple[str, ...]


@dataclass(frozen=True)
class Division:
    """A configuration divided.

    Attributes
    ----------
    local : tuple of Local
        Metrics that are computed here.
    rest : tuple of MetricsSpec
        Metrics that only TFMA computes.
    reasons : tuple of str
        Which these are, and why.
    refused : tuple of str
        What only a run of TFMA of its own can do.
    plots : tuple of str
        What is no number, and has no place in a table.
    without_effect : tuple of str
        Fields that are passed over.
    """

    local: tuple[Local, ...]
    rest: tuple[MetricsSpec, ...]
    reasons: tuple[str, ...]
    refused: tuple[str, ...]
    plots: tuple[str, ...]
    without_effect: tuple[str, ...]


def divide(config: EvalConfig, classes: int | None = None, weighted: bool = False) -> Division:
    """Divide the metrics of a configuration.

    Parameters
    ----------
    config : EvalConfig
    classes : int, optional
        How many the predictions are of: 0 for numbers; None where that is not known yet.
    weighted : bool, optional
        Whether rows have weights.
    """
    local, rest, reasons = [], [], []
    for each in configured(config):
        if each.is_plot or each.spec.query_key:
            continue  # see `plots_of` and `_refused`
        why_not = _why_not(each, classes, weighted)
        if why_not is None:
            local.append(Local(each, tuple(names_here(each, classes))))
        else:
            # Bounds of the whole spec are kept: they are found by the metric's name.
            rest.append(replace(each.spec, metrics=(each.metric,)))
            reasons.append(f"{each.metric.class_name} ({why_not})")
    refused = tuple(dict.fromkeys(_refused(config)))
    return Division(
        tuple(local),
        tuple(rest),
        tuple(reasons),
        refused,
        plots_of(config),
        tuple(_without_effect(config)),
    )


def _without_effect(config: EvalConfig) -> Iterator[str]:
    options = config.options
    if any(model.padding_options is not None for model in config.model_specs):
        yield "padding_options (labels and predictions are of one length)"
    if options is not None and options.include_default_metrics:
        yield "include_default_metrics (those of a model, of which there are only predictions)"
    if options is not None and options.disabled_outputs:
        yield "disabled_outputs (nothing is written)"


def _refused(config: EvalConfig) -> Iterator[str]:
    if len(config.model_specs) > 1:
        yield "several model_specs"
    if any(spec.slice_keys_sql for spec in config.slicing_specs):
        yield "slices by SQL"
    if config.cross_slicing_specs:
        yield "cross_slicing_specs"
    for model in config.model_specs:
        if model.label_keys or model.prediction_keys or model.example_weight_keys:
            yield "several outputs"
        if model.preprocessing_function_names:
            yield "preprocessing functions"
    for spec in config.metrics_specs:
        if spec.output_names or spec.output_weights:
            yield "several outputs"
        if spec.query_key:
            yield from (f"{metric.class_name} (by query)" for metric in spec.metrics)
        if any(_is_change(each) for each in _bounds(spec)):
            yield "bounds on changes from a baseline model"


def _bounds(spec: MetricsSpec) -> Iterator[MetricThreshold | None]:
    """Every bound of a specification, of the whole and of slices."""
    yield from spec.thresholds.values()
    of_slices: Iterable[PerSliceMetricThresholds] = spec.per_slice_thresholds.values()
    yield from (one.threshold for several in of_slices for one in several.thresholds)
    for metric in spec.metrics:
        yield metric.threshold
        yield from (one.threshold for one in metric.per_slice_thresholds)


def _is_change(threshold: MetricThreshold | None) -> bool:
    return threshold is not None and threshold.change_threshold is not None


def _why_not(each: Configured, classes: int | None, weighted: bool) -> str | None:
    """Why a metric cannot be computed here; None where it can."""
    base = base_of(each)
    if snake_case(each.metric.class_name) not in {*SAME, *ALIKE}:
        return "not known here"
    arguments = each.arguments
    others = sorted(arguments.keys() - _ARGUMENTS)
    if each.metric.module and not each.metric.module.startswith(
        ("tensorflow", "tf_keras", "keras")
    ):
        return f"of module {each.metric.module}"
    if base not in {*COUNT_METRICS, *SUM_METRICS, *RANK_METRICS, *SIZES}:
        return "not known here"
    if others or (each.thresholds and base not in COUNT_METRICS):
        return f"with {', '.join(others or ['thresholds'])}"
    if weighted and base not in SIZES and each.spec.example_weights is not None:
        return "without weights" if each.spec.example_weights.unweighted else None
    if classes is not None and base in SUM_METRICS and base != "log_loss" and classes > 2:
        return "of several classes"
    return _why_not_these_classes(each, base, arguments, classes)


def _why_not_these_classes(
    each: Configured, base: str, arguments: dict[str, object], classes: int | None
) -> str | None:
    binarize, aggregate = each.spec.binarize, each.spec.aggregate
    by_k = binarize is not None and binarize.k_list is not None
    if by_k or (aggregate is not None and aggregate.top_k_list is not None):
        return "by rank"
    top = [arguments.get("top_k"), binarize.top_k_list if binarize is not None else None]
    if any(top) and (base not in COUNT_METRICS or aggregate or "class_id" in arguments):
        return "of the k most probable classes"
    if any(top) and each.thresholds:
        return "of the k most probable classes, at thresholds"
    if aggregate is not None and not _are_all_alike(aggregate, classes):
        return "with weights of classes"
    return None


def _are_all_alike(aggregate: AggregationOptions, classes: int | None) -> bool:
    """Whether an average is over all classes, all weighing the same."""
    weights = aggregate.class_weights
    if not weights:
        return bool(aggregate.micro_average)
    count = len(weights) if classes is None else classes
    return set(weights) == set(range(count)) and set(weights.values()) == {1.0}
