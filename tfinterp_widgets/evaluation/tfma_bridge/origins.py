"""Which configured metric a metric of the results comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tfinterp_widgets.evaluation.tfma_bridge.names import MetricId, snake_case
from tfinterp_widgets.evaluation.tfma_bridge.specs import Configured


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
