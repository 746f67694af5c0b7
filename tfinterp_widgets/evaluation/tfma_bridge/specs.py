"""What a configuration says of metrics and slices, beside the numbers that come of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from tfinterp_widgets.evaluation.slicing.eval_config import EvalConfig
from tfinterp_widgets.evaluation.slicing.keys import SliceKey
from tfinterp_widgets.evaluation.tfma_bridge.messages import (
    MetricConfig,
    MetricsSpec,
    PerSliceMetricThreshold,
    SlicingSpec,
)
from tfinterp_widgets.evaluation.tfma_bridge.names import SAME, MetricId, snake_case


@dataclass(frozen=True)
class Configured:
    """A metric as it is configured.

    Attributes
    ----------
    name : str
        The one that results have.
    base : str
        This package's name of what it is.
    thresholds : tuple of float
        Those it is computed at; none where the configuration names none.
    is_list : bool
        Whether they were given as a list, and results hold one number for each.
    metric : MetricConfig
    spec : MetricsSpec
        The one that it stands in.
    """

    name: str
    base: str
    thresholds: tuple[float, ...]
    is_list: bool
    metric: MetricConfig
    spec: MetricsSpec


def configured(config: EvalConfig | None) -> list[Configured]:
    """The metrics of a configuration; none where there is no configuration."""
    specs = () if config is None else config.metrics_specs
    return [_configured(metric, spec) for spec in specs for metric in spec.metrics]


def arguments_of(metric: MetricConfig) -> dict[str, Any]:
    """The arguments that a metric is made with, which TFMA keeps as JSON without its braces.

    Raises
    ------
    ValueError
        If they are not JSON.
    """
    text = metric.config.strip()
    try:
        arguments = json.loads(text if text.startswith("{") else f"{{{text}}}")
    except json.JSONDecodeError as error:
        raise ValueError(
            f"the config of metric {metric.class_name!r} is not JSON: {metric.config!r}: {error}. "
            'Expected arguments such as \'"thresholds": [0.5], "name": "mine"\'.'
        ) from error
    assert isinstance(arguments, dict)
    return arguments


def at_its_threshold(metric: MetricId, at: int, known: Configured | None) -> MetricId:
    """Say in a metric's id at which threshold it is: of several always, of one unless 0.5."""
    if known is None or at >= len(known.thresholds):
        return metric
    threshold = known.thresholds[at]
    says_so = known.name != snake_case(known.metric.class_name) or threshold == 0.5
    return metric if says_so and not known.is_list else replace(metric, threshold=threshold)


def matches(spec: SlicingSpec, key: SliceKey) -> bool:
    """Whether a specification makes this slice, values being compared as TFMA does: 1 is "1"."""
    features = dict(key)
    return features.keys() == {*spec.feature_keys, *spec.feature_values} and all(
        same_value(features[name], value) for name, value in spec.feature_values.items()
    )


def sliced_by(config: EvalConfig) -> dict[str, None]:
    """The features that are sliced by, each once."""
    specs = config.slicing_specs
    return dict.fromkeys(
        name for spec in specs for name in (*spec.feature_keys, *spec.feature_values)
    )


def bounds_of(
    each: Configured,
) -> Iterator[tuple[float | None, float | None, tuple[SlicingSpec, ...] | None]]:
    """The bounds that a metric is to keep: lower, upper, and for which slices; None for all."""
    for threshold in (each.metric.threshold, each.spec.thresholds.get(each.name)):
        if threshold is not None and threshold.value_threshold is not None:
            bounds = threshold.value_threshold
            yield bounds.lower_bound, bounds.upper_bound, None
    of_spec = each.spec.per_slice_thresholds.get(each.name)
    some: tuple[PerSliceMetricThreshold, ...] = of_spec.thresholds if of_spec else ()
    for per_slice in (*each.metric.per_slice_thresholds, *some):
        if per_slice.threshold is not None and per_slice.threshold.value_threshold is not None:
            bounds = per_slice.threshold.value_threshold
            yield bounds.lower_bound, bounds.upper_bound, per_slice.slicing_specs


def counts_weights(config: EvalConfig | None) -> bool:
    """Whether `ExampleCount` is a sum of weights: where there are any, unless told otherwise."""
    weighted = config is not None and any(
        spec.example_weight_key or spec.example_weight_keys for spec in config.model_specs
    )
    return weighted and not any(
        each.metric.class_name == "ExampleCount"
        and each.spec.example_weights is not None
        and each.spec.example_weights.unweighted
        for each in configured(config)
    )


def _configured(metric: MetricConfig, spec: MetricsSpec) -> Configured:
    arguments = arguments_of(metric)
    own = snake_case(metric.class_name)
    given = arguments.get("thresholds", arguments.get("threshold"))
    listed = given if isinstance(given, list) else [] if given is None else [given]
    return Configured(
        name=arguments.get("name") or own,
        base=SAME.get(own, own),
        thresholds=tuple(float(each) for each in listed),
        is_list=len(listed) > 1,
        metric=metric,
        spec=spec,
    )


def same_value(value: Any, text: Any) -> bool:
    """Whether a value of a feature is meant by a text, numbers being compared as such."""
    if str(value) == str(text):
        return True
    try:
        return float(value) == float(text)
    except (TypeError, ValueError):
        return False
