"""The rows of a run of TFMA: TFRecord files as they are, tables and CSV files written as such."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from tfinterp_widgets.evaluation.slicing.eval_config import EvalConfig
from tfinterp_widgets.evaluation.tfma_bridge.csv_rows import csv_blocks, csv_columns
from tfinterp_widgets.evaluation.tfma_bridge.examples import (
    Preprocess,
    frame_blocks,
    write_examples,
)
from tfinterp_widgets.evaluation.tfma_bridge.records import (
    Feature,
    check_whole,
    features_in,
    require,
)


@dataclass(frozen=True)
class Examples:
    """tf.Examples in TFRecord files.

    Attributes
    ----------
    pattern : str
        Of the files.
    features : dict of str to Feature
    order : tuple of str, or None
        Of the columns of the table that they come from; None where they came as records.
    """

    pattern: str
    features: dict[str, Feature]
    order: tuple[str, ...] | None


def examples_of(
    data: Any, folder: str, config: EvalConfig, preprocess: Preprocess | None
) -> Examples:
    """Find the rows, or write them to `folder`, and make sure that they have what is asked for.

    Parameters are those of `run_tfma`.

    Raises
    ------
    TypeError, ValueError, FileNotFoundError
        If data are something else, hold no rows, or lack a column that the configuration names.
    """
    keys = keys_of(config)
    if isinstance(data, pd.DataFrame):
        if data.empty or not data.columns.map(str).is_unique:
            raise ValueError(
                f"data is a table of {len(data)} rows with the columns {list(data.columns)}; "
                "expected one row at least, and columns of different names."
            )
        _check(config, dict.fromkeys(map(str, data.columns)), "the table")
        pattern = write_examples(frame_blocks(data), folder, keys, preprocess)
        return Examples(pattern, features_in(pattern), tuple(map(str, data.columns)))
    if not isinstance(data, str | Path):
        raise TypeError(
            f"data is a {type(data).__name__}; expected a DataFrame, the path of a CSV file, or "
            "the path or pattern of TFRecord files."
        )
    place = str(data)
    if place.endswith((".csv", ".csv.gz")):
        columns = csv_columns(place)
        if len(columns) == 1 and ";" in columns[0]:
            raise ValueError(
                f"{place!r} is separated by semicolons; expected commas. Give it as a table: "
                f"pandas.read_csv({place!r}, sep=';')."
            )
        _check(config, dict.fromkeys(columns), repr(place))
        pattern = write_examples(csv_blocks(place), folder, keys, preprocess)
        return Examples(pattern, features_in(pattern), columns)
    if preprocess is not None:
        raise ValueError(
            "preprocess= is for rows of a table, but data are TFRecord files, which are read on "
            "Beam's workers. Put the preprocessing into the model, or write what it makes of each "
            "row into the records, as a feature of floats."
        )
    features = features_in(place)
    _check(config, features, repr(place))
    check_whole(place, [name for name, _ in _labels_and_weights(config)])
    return Examples(place, features, None)


def keys_of(config: EvalConfig) -> frozenset[str]:
    """The columns that hold labels, predictions and weights."""
    keys: set[str] = set()
    for spec in config.model_specs:
        keys |= {spec.label_key, spec.prediction_key, spec.example_weight_key}
        keys |= {*spec.label_keys.values(), *spec.example_weight_keys.values()}
    return frozenset(keys - {""})


def _check(config: EvalConfig, there: Any, where: str) -> None:
    """TFMA leaves out slices by features that are not there, without a word."""
    names = list(_labels_and_weights(config))
    for slicing in config.slicing_specs:
        names += [(name, "a feature to slice by") for name in slicing.feature_keys]
        names += [(name, "a feature to slice by") for name in slicing.feature_values]
    require(names, there, where)


def _labels_and_weights(config: EvalConfig) -> Iterator[tuple[str, str]]:
    """Columns that each row needs, and what names them."""
    for spec in config.model_specs:
        labels = [spec.label_key, *spec.label_keys.values()]
        weights = [spec.example_weight_key, *spec.example_weight_keys.values()]
        yield from ((name, "label_key") for name in labels if name)
        yield from ((name, "example_weight_key") for name in weights if name)
