"""What a configuration says of metrics, beside the numbers that come of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tfinterp_widgets.evaluation.slicing.eval_config import EvalConfig
from tfinterp_widgets.evaluation.tfma_bridge.messages import (
    MetricConfig,
    MetricsSpec,
    PerSliceMetricThreshold,
    SlicingSpec,
)
from tfinterp_widgets.evaluation.tfma_bridge.names import SAME, snake_case


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
    given : str
        The name that bounds of the whole spec are given under.
    """

    name: str
    base: str
    thresholds: tuple[float, ...]
    is_list: bool
    metric: MetricConfig
    spec: MetricsSpec
    given: str

    @property
    def arguments(self) -> dict[str, Any]:
        """What the metric is made with."""
        return arguments_of(self.metric)

    @property
    def is_plot(self) -> bool:
        """Whether it is no number."""
        return self.metric.class_name.endswith("Plot")


def configured(config: EvalConfig | None) -> list[Configured]:
    """The metrics of a configuration; none where there is no configuration."""
    specs = () if config is None else config.metrics_specs
    return [_configured(metric, spec) for spec in specs for metric in spec.metrics]


def plots_of(config: EvalConfig | None) -> tuple[str, ...]:
    """The plots that a configuration asks for, each once."""
    plots = (each.metric.class_name for each in configured(config) if each.is_plot)
    return tuple(dict.fromkeys(plots))


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


def bounds_of(
    each: Configured,
) -> Iterator[tuple[float | None, float | None, tuple[SlicingSpec, ...] | None]]:
    """The bounds that a metric is to keep: lower, upper, and for which slices; None for all."""
    for threshold in (each.metric.threshold, each.spec.thresholds.get(each.given)):
        if threshold is not None and threshold.value_threshold is not None:
            bounds = threshold.value_threshold
            yield bounds.lower_bound, bounds.upper_bound, None
    of_spec = each.spec.per_slice_thresholds.get(each.given)
    some: tuple[PerSliceMetricThreshold, ...] = of_spec.thresholds if of_spec else ()
    for per_slice in (*each.metric.per_slice_thresholds, *some):
        if per_slice.threshold is not None and per_slice.threshold.value_threshold is not None:
            bounds = per_slice.threshold.value_threshold
            yield bounds.lower_bound, bounds.upper_bound, per_slice.slicing_specs


def names_of_kinds(config: EvalConfig | None) -> dict[str, str]:
    """Names of results that do not tell which kind of metric they are of, and names that do.

    TFMA's `AUC` with the argument "curve": "PR" is "auc", as is the one of the ROC curve.
    """
    known = configured(config)
    plain = {each.name for each in known}
    return {
        each.given: each.name
        for each in known
        if each.given != each.name and each.given not in plain
    }


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
    under_pr = own == "auc" and arguments.get("curve") == "PR"
    kind = "auc_precision_recall" if under_pr else own
    thresholds = _thresholds(metric, arguments)
    return Configured(
        name=arguments.get("name") or kind,
        base=SAME.get(kind, kind),
        thresholds=thresholds,
        is_list=len(thresholds) > 1,
        metric=metric,
        spec=spec,
        given=arguments.get("name") or own,
    )


def _thresholds(metric: MetricConfig, arguments: dict[str, Any]) -> tuple[float, ...]:
    given = arguments.get("thresholds", arguments.get("threshold"))
    listed = given if isinstance(given, list) else [] if given is None else [given]
    if any(isinstance(each, bool) or not isinstance(each, int | float) for each in listed):
        raise ValueError(
            f"the config of metric {metric.class_name!r} has thresholds {given!r}; expected a "
            "number, or a list of numbers."
        )
    return tuple(float(each) for each in listed)
