"""Folders that TFMA writes its results to: opened whole, or refused with the reason."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tfinterp_widgets.evaluation.tfma_bridge.library import load_config_pb2, load_tfma
from tfinterp_widgets.evaluation.tfma_bridge.quiet import quiet

_SHARD = re.compile(r"metrics-(\d{5})-of-(\d{5})\.(\w+)")


@dataclass(frozen=True)
class Folder:
    """What lies in a folder of results.

    Attributes
    ----------
    protos : list of MetricsForSlice
        The metrics, slice by slice.
    config : EvalConfig of TFMA, or None
    version : str
        Of the TFMA that wrote it; "" where it does not say.
    validation : ValidationResult or None
        None where nothing was to be validated.
    """

    protos: list[Any]
    config: Any
    version: str
    validation: Any


def open_folder(path: str | Path) -> Folder:
    """Read a folder of results.

    Raises
    ------
    ImportError
        If TensorFlow Model Analysis is not there, or too old.
    FileNotFoundError
        If there is no such folder.
    ValueError
        If it holds no results, only some of them, or files that cannot be read.
    """
    tfma = load_tfma("SliceTable.from_tfma of a folder")
    place = str(path)
    names = _names(place)
    file_format = _whole(place, names)
    config, version = _run(place, names)
    try:
        with quiet():
            protos = list(tfma.load_metrics(place, file_format))
            has_validation = any(name.startswith("validations") for name in names)
            validation = tfma.load_validation_result(place, file_format) if has_validation else None
    except Exception as error:
        # TensorFlow, Arrow and protocol buffers each have their own for a file that is cut short.
        raise ValueError(
            f"{place!r} cannot be read: {type(error).__name__}: {error}. A run that was "
            "interrupted leaves such files; run it again, into an empty folder."
        ) from error
    return Folder(protos, config, version, validation)


def _names(place: str) -> list[str]:
    import tensorflow as tf

    if not tf.io.gfile.isdir(place):
        raise FileNotFoundError(
            f"{place!r} is not a folder; expected the output_path of a run of TFMA."
        )
    return sorted(tf.io.gfile.listdir(place))


def _whole(place: str, names: list[str]) -> str:
    """The format of the metrics' files, "" where the name has none, all of them being there."""
    shards: dict[tuple[int, str], set[int]] = defaultdict(set)
    for name in names:
        matched = _SHARD.fullmatch(name)
        if matched:
            shards[int(matched[2]), matched[3]].add(int(matched[1]))
    if not shards:
        if "metrics" in names:
            return ""  # versions before 0.23 wrote one file, without an ending
        unfinished = any("beam-temp" in name for name in names)
        found = f"holds {', '.join(names[:8])}" if names else "is empty"
        reason = "the run was interrupted" if unfinished else f"it {found}"
        raise ValueError(
            f"{place!r} holds no metrics of TFMA, files named metrics-00000-of-...: {reason}."
        )
    if len(shards) > 1:
        raise ValueError(
            f"{place!r} holds the metrics of several runs, of {sorted(n for n, _ in shards)} "
            "files; expected those of one. Give each run an empty folder."
        )
    (((count, file_format), there),) = shards.items()
    missing = sorted(set(range(count)) - there)
    if missing:
        raise ValueError(
            f"{place!r} is half-written: of {count} files of metrics, number "
            f"{', '.join(map(str, missing))} is missing. Run it again, into an empty folder."
        )
    return file_format


def _run(place: str, names: list[str]) -> tuple[Any, str]:
    """The configuration of the run, and the version of TFMA that ran."""
    import tensorflow as tf
    from google.protobuf import json_format

    config_pb2 = load_config_pb2("SliceTable.from_tfma of a folder")
    if "eval_config" in names:
        raise ValueError(
            f"{place!r} was written by a TFMA before 0.22, which pickled its configuration; it is "
            "not opened. Run the evaluation again with TFMA 0.52 or newer."
        )
    if "eval_config.json" not in names:
        return None, ""  # a run may leave it out
    try:
        with tf.io.gfile.GFile(f"{place}/eval_config.json") as file:
            plain = json.loads(file.read())
        run = json_format.ParseDict(plain, config_pb2.EvalRun(), ignore_unknown_fields=True)
    except (json.JSONDecodeError, json_format.ParseError) as error:
        raise ValueError(f"{place!r}: eval_config.json cannot be read: {error}.") from error
    return run.eval_config, run.version
