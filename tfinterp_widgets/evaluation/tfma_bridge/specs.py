"""What a configuration says of metrics and slices, beside the numbers that come of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
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


def configuration_of(metric: MetricId, known: Sequence[Configured]) -> Configured | None:
    """The configuration that a metric of the results comes from; None where there is none.

    Several specs may have a metric of one name: of classes, on average, of outputs.
    """
    named = [each for each in known if each.name == metric.name]
    fitting = (each for each in named if len(named) == 1 or _makes(each, metric))
    return next(fitting, None)


def _makes(each: Configured, metric: MetricId) -> bool:
    """Whether a metric of the results has the class, rank, average, model and output asked for."""
    spec, arguments = each.spec, each.arguments
    classes, aggregate = spec.binarize, spec.aggregate
    listed: dict[str, tuple[int, ...]] = {
        "class_id": (classes.class_ids if classes else None) or (),
        "k": (classes.k_list if classes else None) or (),
        "top_k": (classes.top_k_list if classes else None) or (),
    }
    if aggregate is not None:
        listed["top_k"] += aggregate.top_k_list or ()
    asked = {name: {*several, arguments.get(name)} for name, several in listed.items()}
    # A weighted average comes under the name of a macro average.
    averages = {
        "": aggregate is None or classes is not None,
        "micro": aggregate is not None and bool(aggregate.micro_average),
        "macro": aggregate is not None
        and bool(aggregate.macro_average or aggregate.weighted_macro_average),
        "weighted": aggregate is not None and bool(aggregate.weighted_macro_average),
    }
    is_plain = not metric.average and all(getattr(metric, name) is None for name in listed)
    return (
        averages[metric.average]
        and all(getattr(metric, name) in {*numbers, None} for name, numbers in asked.items())
        and not (is_plain and any(listed.values()))
        and metric.output in (spec.output_names or ("",))
        and (not spec.model_names or metric.model in {*spec.model_names, ""})
    )


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


def same_value(value: Any, text: Any) -> bool:
    """Whether a value of a feature is meant by a text, numbers being compared as such."""
    if str(value) == str(text):
        return True
    try:
        return float(value) == float(text)
    except (TypeError, ValueError):
        return False
