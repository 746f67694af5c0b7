"""TFMA's results, slice by slice: from the files that it writes, and from its `EvalResult`."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tfinterp_widgets.evaluation.slicing.keys import SliceKey, slice_key
from tfinterp_widgets.evaluation.tfma_bridge.names import MetricId
from tfinterp_widgets.evaluation.tfma_bridge.values import Number, numbers_of

_ERROR = "__ERROR__"
_AVERAGES = {
    "micro_average": "micro",
    "macro_average": "macro",
    "weighted_macro_average": "weighted",
}


@dataclass(frozen=True)
class Reading:
    """What TFMA says of one slice.

    Attributes
    ----------
    key : SliceKey
    numbers : dict of MetricId to list of Number
        A metric that is computed at several thresholds has several.
    error : str or None
        Why the slice, or the intervals of its metrics, could not be computed.
    """

    key: SliceKey
    numbers: dict[MetricId, list[Number]] = field(default_factory=dict)
    error: str | None = None


def read_protos(protos: Iterable[Any]) -> Iterator[Reading]:
    """Read TFMA's `MetricsForSlice` messages; differences between slices are passed over."""
    from google.protobuf import json_format

    for proto in protos:
        if proto.HasField("cross_slice_key"):
            continue
        plain = json_format.MessageToDict(proto)
        entries = plain.get("metricKeysAndValues", [])
        numbers: dict[MetricId, list[Number]] = {}
        error = plain.get("metrics", {}).get(_ERROR, {}).get("debugMessage")
        both = _weighted_both_ways(entries)
        for entry in entries:
            key = entry.get("key", {})
            alone = _is_weighted(key) or _apart_from_weights(key) not in both
            metric = replace(metric_id(key), is_unweighted=not alone)
            value, interval = entry.get("value", {}), entry.get("confidenceInterval", {})
            if metric.name == _ERROR:
                error = _text(value)
            else:
                ends = interval.get("lowerBound"), interval.get("upperBound")
                numbers[metric] = list(numbers_of(value, *ends))
        yield Reading(key_of(plain.get("sliceKey", {})), numbers, error)


def read_eval_result(
    result: Any, model: str = "", counts_weights: bool = False
) -> Iterator[Reading]:
    """Read the slices of an `EvalResult`; differences between slices are passed over.

    Parameters
    ----------
    result : EvalResult
    model : str, optional
        The name of the model that it is of, where there are several.
    counts_weights : bool, optional
        Whether its `example_count` is a sum of weights: the result itself does not say.
    """
    for key, outputs in result.slicing_metrics:
        if not is_plain(key):
            continue
        numbers: dict[MetricId, list[Number]] = {}
        error = None
        for output, sub_keys in (outputs or {}).items():
            for sub_key, metrics in sub_keys.items():
                for name, value in metrics.items():
                    if name == _ERROR:
                        error = value.get("debugMessage") or _text(value)
                        continue
                    metric = replace(_id_of_text(name, sub_key), model=model, output=output)
                    if counts_weights and name == "example_count":
                        metric = replace(metric, name="weighted_example_count")
                    numbers[metric] = list(numbers_of(value))
        yield Reading(slice_key(key), numbers, error)


def _weighted_both_ways(entries: Iterable[Mapping[str, Any]]) -> set[str]:
    """The metrics that are there with weights and without, which their keys alone tell apart."""
    seen: dict[str, set[bool]] = {}
    for entry in entries:
        key = entry.get("key", {})
        seen.setdefault(_apart_from_weights(key), set()).add(_is_weighted(key))
    return {key for key, ways in seen.items() if len(ways) == 2}


def _apart_from_weights(key: Mapping[str, Any]) -> str:
    # Its name says already of ExampleCount whether it is of weights.
    parts = {**key, "name": _named(key)[0], "exampleWeighted": None}
    return json.dumps(parts, sort_keys=True)


def _is_weighted(key: Mapping[str, Any]) -> bool:
    return bool(key.get("exampleWeighted"))


def _named(key: Mapping[str, Any]) -> tuple[str, str, str]:
    name = key.get("name", "")
    if name == "example_count" and _is_weighted(key):
        name = "weighted_example_count"  # with weights TFMA counts these
    return name, key.get("modelName", ""), key.get("outputName", "")


def metric_id(key: Mapping[str, Any]) -> MetricId:
    """Which metric it is, from TFMA's `MetricKey` as JSON."""
    name, model, output = _named(key)
    sub_key, averages = key.get("subKey", {}), key.get("aggregationType", {})
    return MetricId(
        name,
        model,
        output,
        class_id=sub_key.get("classId"),
        k=sub_key.get("k"),
        top_k=sub_key.get("topK"),
        average=next((_AVERAGES[_snake(each)] for each, is_on in averages.items() if is_on), ""),
        is_change=bool(key.get("isDiff")),
    )


def _id_of_text(name: str, sub_key: str) -> MetricId:
    r"""From the texts of an `EvalResult`: "micro_average: true\n_recall", "classId:1 topK:2"."""
    averaged = re.fullmatch(r"(\w+): true\s+_(.+)", name)
    parts = {what: int(number) for what, number in re.findall(r"(\w+):(\d+)", sub_key)}
    own = averaged[2] if averaged else name
    return MetricId(
        own.removesuffix("_diff"),
        class_id=parts.get("classId"),
        k=parts.get("k"),
        top_k=parts.get("topK"),
        average=_AVERAGES[averaged[1]] if averaged else "",
        is_change=own.endswith("_diff"),
    )


def key_of(plain: Mapping[str, Any]) -> SliceKey:
    """A slice's key, from TFMA's `SliceKey` as JSON."""
    pairs = []
    for single in plain.get("singleSliceKeys", ()):
        if "bytesValue" in single:
            value: Any = base64.b64decode(single["bytesValue"]).decode("utf-8", "replace")
        elif "int64Value" in single:
            value = int(single["int64Value"])  # JSON holds int64 as text
        else:
            value = float(single["floatValue"])
        pairs.append((single["column"], value))
    return slice_key(pairs)


def is_plain(key: Any) -> bool:
    """Whether a key is of pairs of a feature and a value, not of two such keys to compare."""
    return all(len(pair) == 2 and isinstance(pair[0], str) for pair in key)


def _text(value: Mapping[str, Any]) -> str:
    return base64.b64decode(value.get("bytesValue", "")).decode("utf-8", "replace")


def _snake(name: str) -> str:
    return re.sub(r"([A-Z])", r"_\1", name).lower()
