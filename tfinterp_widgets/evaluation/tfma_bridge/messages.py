"""What TFMA's configuration is made of: its protocol buffers' messages as frozen dataclasses.

Fields have TFMA's own names and meanings; see `config.proto` of TensorFlow Model Analysis. A field
that is None was not set; so was one that is empty, zero or False, unless it may be None. Tuples
stand for repeated fields, dicts for maps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


def _wrapped() -> Any:
    """A list that may be unset, and so lies in a message of its own, under `values`."""
    return field(default=None, metadata={"wrapped": True})


@dataclass(frozen=True)
class PaddingOptions:
    """What fills up labels and predictions of different lengths."""

    label_int_padding: int | None = None
    label_float_padding: float | None = None
    prediction_int_padding: int | None = None
    prediction_float_padding: float | None = None


@dataclass(frozen=True)
class ModelSpec:
    """A model, and the columns that hold its labels, predictions and weights."""

    name: str = ""
    model_type: str = ""
    signature_name: str = ""
    preprocessing_function_names: tuple[str, ...] = ()
    label_key: str = ""
    label_keys: Mapping[str, str] = field(default_factory=dict)
    prediction_key: str = ""
    prediction_keys: Mapping[str, str] = field(default_factory=dict)
    example_weight_key: str = ""
    example_weight_keys: Mapping[str, str] = field(default_factory=dict)
    is_baseline: bool = False
    padding_options: PaddingOptions | None = None
    inference_batch_size: int = 0


@dataclass(frozen=True)
class SlicingSpec:
    """Slices: by each value of the keys crossed, where the values given hold; empty: the whole."""

    feature_keys: tuple[str, ...] = ()
    feature_values: Mapping[str, str] = field(default_factory=dict)
    slice_keys_sql: str = ""


@dataclass(frozen=True)
class CrossSlicingSpec:
    """Slices to be compared with a baseline slice."""

    baseline_spec: SlicingSpec | None = None
    slicing_specs: tuple[SlicingSpec, ...] = ()


@dataclass(frozen=True)
class AggregationOptions:
    """An average over classes, each one against the rest."""

    micro_average: bool | None = None
    macro_average: bool | None = None
    weighted_macro_average: bool | None = None
    class_weights: Mapping[int, float] = field(default_factory=dict)
    top_k_list: tuple[int, ...] | None = _wrapped()


@dataclass(frozen=True)
class BinarizationOptions:
    """Classes of which each is evaluated against the rest; or the kth, or the k, most probable."""

    class_ids: tuple[int, ...] | None = _wrapped()
    k_list: tuple[int, ...] | None = _wrapped()
    top_k_list: tuple[int, ...] | None = _wrapped()


@dataclass(frozen=True)
class ExampleWeightOptions:
    """Whether metrics are computed with weights, without, or both."""

    weighted: bool = False
    unweighted: bool = False


@dataclass(frozen=True)
class GenericValueThreshold:
    """Bounds of a metric."""

    lower_bound: float | None = None
    upper_bound: float | None = None


@dataclass(frozen=True)
class GenericChangeThreshold:
    """Bounds of a metric's change from the baseline model."""

    absolute: float | None = None
    relative: float | None = None
    direction: str = ""


@dataclass(frozen=True)
class MetricThreshold:
    """What a metric is to keep."""

    value_threshold: GenericValueThreshold | None = None
    change_threshold: GenericChangeThreshold | None = None


@dataclass(frozen=True)
class PerSliceMetricThreshold:
    """What a metric is to keep in some slices."""

    slicing_specs: tuple[SlicingSpec, ...] = ()
    threshold: MetricThreshold | None = None


@dataclass(frozen=True)
class PerSliceMetricThresholds:
    """Several of these, of one metric."""

    thresholds: tuple[PerSliceMetricThreshold, ...] = ()


@dataclass(frozen=True)
class CrossSliceMetricThreshold:
    """What a metric's difference between slices is to keep."""

    cross_slicing_specs: tuple[CrossSlicingSpec, ...] = ()
    threshold: MetricThreshold | None = None


@dataclass(frozen=True)
class CrossSliceMetricThresholds:
    """Several of these, of one metric."""

    thresholds: tuple[CrossSliceMetricThreshold, ...] = ()


@dataclass(frozen=True)
class MetricConfig:
    """A metric: a class of TFMA or Keras, and the arguments it is made with, as JSON."""

    class_name: str = ""
    module: str = ""
    config: str = ""
    threshold: MetricThreshold | None = None
    per_slice_thresholds: tuple[PerSliceMetricThreshold, ...] = ()
    cross_slice_thresholds: tuple[CrossSliceMetricThreshold, ...] = ()


@dataclass(frozen=True)
class MetricsSpec:
    """Metrics, and of which models, outputs and classes they are computed."""

    metrics: tuple[MetricConfig, ...] = ()
    model_names: tuple[str, ...] = ()
    output_names: tuple[str, ...] = ()
    output_weights: Mapping[str, float] = field(default_factory=dict)
    binarize: BinarizationOptions | None = None
    aggregate: AggregationOptions | None = None
    example_weights: ExampleWeightOptions | None = None
    query_key: str = ""
    thresholds: Mapping[str, MetricThreshold] = field(default_factory=dict)
    per_slice_thresholds: Mapping[str, PerSliceMetricThresholds] = field(default_factory=dict)
    cross_slice_thresholds: Mapping[str, CrossSliceMetricThresholds] = field(default_factory=dict)


@dataclass(frozen=True)
class ConfidenceIntervalOptions:
    """How intervals are made: "JACKKNIFE" or "POISSON_BOOTSTRAP"."""

    method: str = ""


@dataclass(frozen=True)
class Options:
    """What holds for the whole evaluation."""

    include_default_metrics: bool | None = None
    compute_confidence_intervals: bool | None = None
    confidence_intervals: ConfidenceIntervalOptions | None = None
    min_slice_size: int | None = None
    disabled_outputs: tuple[str, ...] | None = _wrapped()
