"""What TFMA says of a model as a whole: whether its metrics keep their bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tfinterp_widgets.evaluation.slicing.keys import SliceKey, slice_name
from tfinterp_widgets.evaluation.tfma_bridge.readings import key_of, metric_id


@dataclass(frozen=True)
class Failure:
    """A metric that does not keep its bounds in a slice.

    Attributes
    ----------
    key : SliceKey
    metric : str
        By this package's name.
    value : float
        NaN where there is none.
    bound : str
        What it was to keep.
    message : str
        What TFMA adds, if anything.
    """

    key: SliceKey
    metric: str
    value: float
    bound: str
    message: str = ""


@dataclass(frozen=True)
class Validation:
    """TFMA's `ValidationResult`.

    Attributes
    ----------
    ok : bool
        Whether every metric keeps its bounds, and every slice with bounds is there.
    failures : tuple of Failure
    missing_slices : tuple of str
        What there were bounds for, and no rows.
    """

    ok: bool
    failures: tuple[Failure, ...]
    missing_slices: tuple[str, ...]


def validation_of(proto: Any, names: Mapping[str, str]) -> Validation | None:
    """Sum up a `ValidationResult` message; None where no metric has bounds.

    `names` are what `names_of_kinds` gives. Failures of differences between slices are passed over,
    but count for `ok`.
    """
    from google.protobuf import json_format

    plain = json_format.MessageToDict(proto)
    if plain.get("missingThresholds"):
        return None
    slices = plain.get("metricValidationsPerSlice", ())
    failures = tuple(
        _failure(key_of(each.get("sliceKey", {})), failure, names)
        for each in slices
        if "crossSliceKey" not in each
        for failure in each.get("failures", ())
    )
    return Validation(
        ok=bool(plain.get("validationOk")),
        failures=tuple(sorted(failures, key=lambda each: (slice_name(each.key), each.metric))),
        missing_slices=tuple(_spec_name(spec) for spec in plain.get("missingSlices", ())),
    )


def _failure(key: SliceKey, plain: dict[str, Any], names: Mapping[str, str]) -> Failure:
    metric = metric_id(plain.get("metricKey", {}))
    value = plain.get("metricValue", {}).get("doubleValue", "NaN")
    return Failure(
        key,
        replace(metric, name=names.get(metric.name, metric.name)).text,
        float(value),
        _bound(plain.get("metricThreshold", {})),
        plain.get("message", "").strip(),
    )


def _bound(threshold: dict[str, Any]) -> str:
    values, change = threshold.get("valueThreshold", {}), threshold.get("changeThreshold", {})
    sign = "≤" if change.get("direction") == "LOWER_IS_BETTER" else "≥"
    parts = [
        f"≥ {values['lowerBound']:g}" if "lowerBound" in values else "",
        f"≤ {values['upperBound']:g}" if "upperBound" in values else "",
        f"change {sign} {change['absolute']:g}" if "absolute" in change else "",
        f"relative change {sign} {change['relative']:g}" if "relative" in change else "",
    ]
    return ", ".join(part for part in parts if part)


def _spec_name(spec: dict[str, Any]) -> str:
    values = [f"{name}: {value}" for name, value in spec.get("featureValues", {}).items()]
    return ", ".join([*spec.get("featureKeys", ()), *values]) or "all"
