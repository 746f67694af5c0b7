"""Where TFMA's results come from: a folder, or what a run returned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tfinterp_widgets.evaluation.slicing.eval_config import EvalConfig
from tfinterp_widgets.evaluation.slicing.keys import SliceKey
from tfinterp_widgets.evaluation.tfma_bridge.folders import open_folder
from tfinterp_widgets.evaluation.tfma_bridge.readings import (
    Reading,
    read_eval_result,
    read_protos,
)
from tfinterp_widgets.evaluation.tfma_bridge.specs import counts_weights
from tfinterp_widgets.evaluation.tfma_bridge.validation import Validation, validation_of


@dataclass(frozen=True)
class Results:
    """What was read.

    Attributes
    ----------
    readings : list of Reading
        One for each slice.
    config : EvalConfig or None
    validation : Validation or None
    title : str
        Of the data, or of the folder.
    version : str
        Of the TFMA that wrote it; "" where that is not known.
    """

    readings: list[Reading]
    config: EvalConfig | None
    validation: Validation | None = None
    title: str = ""
    version: str = ""


def read_results(source: Any) -> Results:
    """Read what TFMA returned, or the folder that it wrote; raises as `SliceTable.from_tfma`."""
    if isinstance(source, str | Path):
        folder = open_folder(source)
        return Results(
            list(read_protos(folder.protos)),
            None if folder.config is None else EvalConfig.from_proto(folder.config),
            None if folder.validation is None else validation_of(folder.validation),
            Path(str(source)).name,
            folder.version,
        )
    if hasattr(source, "get_results"):
        return _of_several(source.get_results())
    if hasattr(source, "slicing_metrics"):
        return _of_one(source, "")
    raise TypeError(
        f"source is a {type(source).__name__}; expected an EvalResult or EvalResults of TensorFlow "
        "Model Analysis, or the folder that it wrote its results to."
    )


def _of_one(result: Any, model: str) -> Results:
    if result.slicing_metrics is None:
        raise ValueError("the EvalResult has no slicing_metrics; expected those of a run of TFMA.")
    config = None if result.config is None else EvalConfig.from_proto(result.config)
    location = str(result.data_location or "")
    # TFMA writes "<user provided PCollection>" where there was no file.
    title = "" if location.startswith("<") else Path(location).name
    readings = list(read_eval_result(result, model, counts_weights(config)))
    return Results(readings, config, title=title)


def _of_several(results: Sequence[Any]) -> Results:
    """Results of several models side by side; of the same slices, as one run gives them."""
    if not results:
        raise ValueError("the EvalResults hold no result; expected one at least.")
    config = results[0].config
    names = [spec.name for spec in config.model_specs] if config is not None else []
    if len(names) != len(results):
        names = [str(number) for number in range(len(results))]
    parts = [_of_one(result, name) for result, name in zip(results, names, strict=True)]
    merged: dict[SliceKey, Reading] = {}
    for reading in (reading for part in parts for reading in part.readings):
        before = merged.setdefault(reading.key, Reading(reading.key))
        both = before.numbers | reading.numbers
        merged[reading.key] = Reading(reading.key, both, before.error or reading.error)
    return replace(parts[0], readings=list(merged.values()))
