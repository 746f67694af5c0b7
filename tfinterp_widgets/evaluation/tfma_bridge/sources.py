"""Where TFMA's results come from: a folder, or what a run returned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tfinterp_widgets.evaluation.slicing.eval_config import EvalConfig
from tfinterp_widgets.evaluation.slicing.keys import SliceKey
from tfinterp_widgets.evaluation.tfma_bridge.folders import open_folder
from tfinterp_widgets.evaluation.tfma_bridge.readings import (
    Reading,
    is_plain,
    read_eval_result,
    read_protos,
)
from tfinterp_widgets.evaluation.tfma_bridge.specs import counts_weights, names_of_kinds
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
    comparisons : int
        How many slices are compared with others, which is not read.
    """

    readings: list[Reading]
    config: EvalConfig | None
    validation: Validation | None = None
    title: str = ""
    version: str = ""
    comparisons: int = 0

    @property
    def without_numbers(self) -> tuple[str, ...]:
        """The metrics that are texts, matrices of several classes and the like."""
        numbers: dict[str, bool] = {}
        for reading in self.readings:
            for metric, several in reading.numbers.items():
                numbers[metric.text] = numbers.get(metric.text, False) or bool(several)
        return tuple(name for name, has_some in numbers.items() if not has_some)


def read_results(source: Any) -> Results:
    """Read what TFMA returned, or the folder that it wrote; raises as `SliceTable.from_tfma`."""
    if isinstance(source, str | Path):
        folder = open_folder(source)
        config = None if folder.config is None else EvalConfig.from_proto(folder.config)
        names = names_of_kinds(config)
        return Results(
            _named(read_protos(folder.protos), names),
            config,
            None if folder.validation is None else validation_of(folder.validation, names),
            Path(str(source)).name,
            folder.version,
            sum(proto.HasField("cross_slice_key") for proto in folder.protos),
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
    slices = read_eval_result(result, model, counts_weights(config))
    readings = _named(slices, names_of_kinds(config))
    compared = sum(not is_plain(key) for key, _ in result.slicing_metrics)
    return Results(readings, config, title=title, comparisons=compared)


def _named(readings: Iterable[Reading], names: Mapping[str, str]) -> list[Reading]:
    return [
        replace(
            each,
            numbers={
                replace(metric, name=names.get(metric.name, metric.name)): several
                for metric, several in each.numbers.items()
            },
        )
        for each in readings
    ]


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
