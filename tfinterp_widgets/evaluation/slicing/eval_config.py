"""The configuration of an evaluation, as TensorFlow Model Analysis has it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tfinterp_widgets.evaluation.tfma_bridge.library import load_config_pb2
from tfinterp_widgets.evaluation.tfma_bridge.messages import (
    CrossSlicingSpec,
    MetricsSpec,
    ModelSpec,
    Options,
    SlicingSpec,
)
from tfinterp_widgets.evaluation.tfma_bridge.plain import from_plain, to_plain


@dataclass(frozen=True)
class EvalConfig:
    """What to evaluate: models, slices and metrics, with bounds that metrics are to keep.

    It is TFMA's `EvalConfig`, field by field, and needs no TFMA but where protocol buffers come in.
    The fields of the parts are those of TFMA's protocol buffers; see
    https://www.tensorflow.org/tfx/model_analysis/setup.

    Attributes
    ----------
    model_specs : tuple of ModelSpec
        Each model, and the columns that hold labels, predictions and weights.
    slicing_specs : tuple of SlicingSpec
        Slices; an empty one is the whole.
    cross_slicing_specs : tuple of CrossSlicingSpec
        Slices to be compared with one another.
    metrics_specs : tuple of MetricsSpec
        Metrics, with thresholds, classes and averages.
    options : Options
        Intervals, and the least size of a slice.

    Examples
    --------
    >>> config = tw.EvalConfig.from_text('''
    ...     model_specs { label_key: "good" prediction_key: "score" }
    ...     slicing_specs {} slicing_specs { feature_keys: "housing" }
    ...     metrics_specs { metrics { class_name: "AUC" } }
    ... ''')  # doctest: +SKIP
    >>> table = tw.slice_metrics(y, p, frame, config=config)  # doctest: +SKIP
    """

    model_specs: tuple[ModelSpec, ...] = ()
    slicing_specs: tuple[SlicingSpec, ...] = ()
    cross_slicing_specs: tuple[CrossSlicingSpec, ...] = ()
    metrics_specs: tuple[MetricsSpec, ...] = ()
    options: Options | None = None

    @classmethod
    def from_text(cls, text: str) -> EvalConfig:
        """Read a configuration from protocol buffers' text, or from their JSON.

        Raises
        ------
        TypeError, ValueError
            If the text is neither, or names what a configuration does not have.
        ImportError
            If it is not JSON, and TensorFlow Model Analysis is not there to read it.
        """
        if not isinstance(text, str):
            raise TypeError(
                f"text is a {type(text).__name__}; expected the text of an EvalConfig. Use "
                "EvalConfig.from_proto for a message."
            )
        if text.lstrip().startswith("{"):
            return cls._from_json(text)
        config_pb2 = load_config_pb2("EvalConfig.from_text of protocol buffers' text")
        # protobuf comes with TensorFlow; its import here keeps that of this package light.
        from google.protobuf import text_format

        try:
            return cls.from_proto(text_format.Parse(text, config_pb2.EvalConfig()))
        except text_format.ParseError as error:
            raise ValueError(
                f"the text is no EvalConfig: {error} (line:column). Expected protocol buffers' "
                'text, such as model_specs { label_key: "label" }, or their JSON.'
            ) from error

    @classmethod
    def from_proto(cls, proto: Any) -> EvalConfig:
        """Read TFMA's own configuration, a `config_pb2.EvalConfig`.

        Raises
        ------
        TypeError
            If it is something else.
        """
        name = getattr(getattr(proto, "DESCRIPTOR", None), "name", None)
        if name != "EvalConfig":
            raise TypeError(
                f"proto is a {name or type(proto).__name__}; expected an EvalConfig of "
                "tensorflow_model_analysis.proto.config_pb2."
            )
        from google.protobuf import json_format

        return from_plain(cls, json_format.MessageToDict(proto), "EvalConfig")

    def to_proto(self) -> Any:
        """Give TFMA's own configuration, a `config_pb2.EvalConfig`.

        Raises
        ------
        ImportError
            If TensorFlow Model Analysis is not installed, or too old.
        ValueError
            If a field holds what the protocol buffer cannot.
        """
        config_pb2 = load_config_pb2("EvalConfig.to_proto")
        from google.protobuf import json_format

        try:
            return json_format.ParseDict(to_plain(self), config_pb2.EvalConfig())
        except json_format.ParseError as error:
            raise ValueError(f"EvalConfig cannot be written as protocol buffers: {error}") from (
                error
            )

    def unsupported(self) -> tuple[str, ...]:
        """Say what of it `slice_metrics` cannot compute.

        Returns
        -------
        tuple of str
            Metrics, each with the reason: `slice_metrics` sends these to TFMA, if that is there;
            what needs a run of TFMA, with `run_tfma`; plots, which no table holds; and fields that
            have no effect, each with the reason.
        """
        from tfinterp_widgets.evaluation.tfma_bridge.local import divide

        division = divide(self)
        return (
            *division.reasons,
            *division.refused,
            *division.plots,
            *division.without_effect,
        )

    @classmethod
    def _from_json(cls, text: str) -> EvalConfig:
        try:
            plain = json.loads(text)
        except json.JSONDecodeError as error:
            raise ValueError(f"the text begins as JSON, and is not: {error}.") from error
        return from_plain(cls, plain, "EvalConfig")
