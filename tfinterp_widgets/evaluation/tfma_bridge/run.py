"""The parts of a run of TFMA: its folder, its configuration, its models, its place on Beam."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tfinterp_widgets.evaluation.slicing.eval_config import EvalConfig
from tfinterp_widgets.evaluation.tfma_bridge.checks import check_bounds, check_metrics
from tfinterp_widgets.evaluation.tfma_bridge.data import Examples, keys_of
from tfinterp_widgets.evaluation.tfma_bridge.messages import (
    ExampleWeightOptions,
    MetricConfig,
    MetricsSpec,
    ModelSpec,
)
from tfinterp_widgets.evaluation.tfma_bridge.signature import SIGNATURE, export_model

_TWO_PROCESSES = (
    "--runner=DirectRunner",
    "--direct_running_mode=multi_processing",
    "--direct_num_workers=2",
)
_RESULTS = ("metrics", "plots", "attributions", "validations", "eval_config")


def check_free(folder: str) -> None:
    """Raise FileExistsError where a folder holds results: those of two runs would be mixed."""
    import tensorflow as tf

    names = tf.io.gfile.listdir(folder) if tf.io.gfile.isdir(folder) else []
    results = sorted(name for name in names if name.startswith(_RESULTS))
    if results:
        raise FileExistsError(
            f"output={folder!r} holds results already, such as {results[0]}; expected a folder "
            "without. Give each run one of its own."
        )


def config_for(config: Any, models: Sequence[str]) -> EvalConfig:
    """Settle a configuration for a run.

    Parameters
    ----------
    config : EvalConfig, TFMA's own, or its text
    models : sequence of str
        Names of the models; "" for one without.

    Raises
    ------
    TypeError, ValueError
        If it is something else, of other models, or has metrics that cannot be made.
    """
    if isinstance(config, str):
        config = EvalConfig.from_text(config)
    settled = config if isinstance(config, EvalConfig) else EvalConfig.from_proto(config)
    check_bounds(settled)
    check_metrics(settled)
    specs = settled.model_specs or (ModelSpec(),)
    if len(models) > 1 and len(specs) == 1 and not specs[0].name:
        specs = tuple(replace(specs[0], name=name) for name in models)
    named = sorted(spec.name for spec in specs)
    if len(models) > 1 and named != sorted(models):
        raise ValueError(
            f"model_specs of the configuration name {', '.join(map(repr, named))}, but the models "
            f"are {', '.join(map(repr, models))}; expected the same names, or one model_spec "
            "without a name, that is for all."
        )
    if len(models) == 1 and len(specs) > 1:
        raise ValueError(
            f"the configuration has {len(specs)} model_specs, {', '.join(map(repr, named))}; "
            "expected a dict of models with these names."
        )
    specs = tuple(
        spec if spec.signature_name else replace(spec, signature_name=SIGNATURE) for spec in specs
    )
    return replace(settled, model_specs=specs, metrics_specs=_with_count(settled.metrics_specs))


def shared_models(
    tfma: Any,
    models: Mapping[str, Any],
    folder: str,
    config: EvalConfig,
    examples: Examples,
    inputs: str | Sequence[str] | None,
) -> Any:
    """Export the models that are not saved yet, and make of all what TFMA loads on its workers."""
    proto, keys = config.to_proto(), keys_of(config)
    shared = []
    for name, model in models.items():
        place = f"{folder}/model/{name}".rstrip("/")
        if isinstance(model, str | Path):
            place = str(model)
        else:
            export_model(model, place, examples.features, keys, inputs, examples.order)
        named = {"model_name": name} if len(models) > 1 else {}
        shared.append(tfma.default_eval_shared_model(place, eval_config=proto, **named))
    return shared if len(shared) > 1 else shared[0]


def options_of(given: Any) -> Any:
    """Beam's options, from a command line or as they are; two processes where none are given."""
    from apache_beam.options.pipeline_options import PipelineOptions

    if isinstance(given, PipelineOptions):
        return given
    if isinstance(given, str) or not (given is None or isinstance(given, Sequence)):
        raise TypeError(
            f"pipeline_options={given!r}; expected Beam's PipelineOptions, or a list such as "
            "['--runner=FlinkRunner', '--flink_master=host:8081']."
        )
    return PipelineOptions(list(_TWO_PROCESSES if given is None else given))


def root_of(error: BaseException) -> str:
    """What went wrong, of an error that holds the tracebacks of all workers."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__


def _with_count(specs: tuple[MetricsSpec, ...]) -> tuple[MetricsSpec, ...]:
    """With an `ExampleCount` of rows: with weights it counts these, unless it is told not to."""
    count = MetricsSpec((MetricConfig("ExampleCount"),))
    unweighted = replace(count, example_weights=ExampleWeightOptions(unweighted=True))
    return specs if unweighted in specs else (*specs, unweighted)
