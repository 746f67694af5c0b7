"""The parts of a run of TFMA: its folder, its configuration, its models, its place on Beam."""

from __future__ import annotations

import re
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
from tfinterp_widgets.evaluation.tfma_bridge.signature import EVALUATION, SIGNATURE, export_model

_TWO_PROCESSES = (
    "--runner=DirectRunner",
    "--direct_running_mode=multi_processing",
    "--direct_num_workers=2",
)
_RESULTS = ("metrics", "plots", "attributions", "validations", "eval_config")


def check_free(folder: str) -> None:
    """Make a folder, without results: those of two runs would be mixed.

    Raises
    ------
    FileExistsError, NotADirectoryError, OSError
        If it holds some, is a file, or cannot be made.
    """
    import tensorflow as tf

    if tf.io.gfile.exists(folder) and not tf.io.gfile.isdir(folder):
        raise NotADirectoryError(f"output={folder!r} is a file; expected a folder.")
    try:
        tf.io.gfile.makedirs(folder)
    except tf.errors.OpError as error:
        raise OSError(f"output={folder!r} cannot be made: {error.message}.") from error
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
    if not all(spec.label_key or spec.label_keys for spec in specs):
        raise ValueError(
            "model_specs of the configuration have no label_key; expected the name of the column "
            "that holds the labels."
        )
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
    return replace(settled, model_specs=specs, metrics_specs=_with_count(settled.metrics_specs))


def with_signatures(config: EvalConfig, models: Mapping[str, Any]) -> EvalConfig:
    """Name the signatures that TFMA calls: of models that are saved already it is the usual one."""
    first, *_ = models.values()

    def signature(spec: ModelSpec) -> str:
        is_saved = isinstance(models.get(spec.name, first), str | Path)
        return spec.signature_name or (SIGNATURE if is_saved else EVALUATION)

    specs = tuple(replace(spec, signature_name=signature(spec)) for spec in config.model_specs)
    return replace(config, model_specs=specs)


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
    signatures = {spec.name: spec.signature_name for spec in config.model_specs}
    shared = []
    for name, model in models.items():
        place = f"{folder}/model/{name}".rstrip("/")
        if isinstance(model, str | Path):
            place = str(model)
        else:
            _check_labels(config, examples)
            signature = signatures.get(name, config.model_specs[0].signature_name)
            export_model(model, place, examples.features, keys, inputs, examples.order, signature)
        named = {"model_name": name} if len(models) > 1 else {}
        shared.append(tfma.default_eval_shared_model(place, eval_config=proto, **named))
    return shared if len(shared) > 1 else shared[0]


def _check_labels(config: EvalConfig, examples: Examples) -> None:
    """Keras models give numbers, which TFMA does not compare with texts."""
    for spec in config.model_specs:
        for name in (spec.label_key, *spec.label_keys.values()):
            if name and examples.features[name].kind == "string":
                raise ValueError(
                    f"label_key is {name!r}, which holds texts; expected numbers: 0 and 1, the "
                    "numbers of classes, or what a model of numbers predicts."
                )


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
    """What went wrong first, of an error that holds the tracebacks of all workers."""
    while (cause := error.__cause__ or error.__context__) is not None and (
        error.__cause__ is not None or str(cause) in str(error)  # Beam repeats what it adds to
    ):
        error = cause
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    # Workers in processes of their own send the text of a traceback, the first cause first.
    named = [line for line in lines if re.match(r"[\w.]+(Error|Exception): ", line)]
    failed = [line for line in lines if line.startswith("assertion failed")]  # a model's own check
    return next(iter([*failed, *named, *lines]), type(error).__name__)


def _with_count(specs: tuple[MetricsSpec, ...]) -> tuple[MetricsSpec, ...]:
    """With an `ExampleCount` of rows: with weights it counts these, unless it is told not to."""
    count = MetricsSpec((MetricConfig("ExampleCount"),))
    unweighted = replace(count, example_weights=ExampleWeightOptions(unweighted=True))
    return specs if unweighted in specs else (*specs, unweighted)
