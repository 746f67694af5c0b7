"""What slicing specs say: by which features, and which slices are meant."""

from __future__ import annotations

from typing import Any

from tfinterp_widgets.evaluation.slicing.eval_config import EvalConfig
from tfinterp_widgets.evaluation.slicing.keys import SliceKey
from tfinterp_widgets.evaluation.tfma_bridge.messages import SlicingSpec


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


def same_value(value: Any, text: Any) -> bool:
    """Whether a value of a feature is meant by a text, numbers being compared as such."""
    if str(value) == str(text):
        return True
    try:
        return float(value) == float(text)
    except (TypeError, ValueError):
        return False
