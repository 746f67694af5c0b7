"""What TFRecord files hold: the features of their tf.Examples."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["int64", "float32", "string"]

_LISTS: dict[str, Kind] = {
    "int64_list": "int64",
    "float_list": "float32",
    "bytes_list": "string",
}
_LOOKED_AT = 1000  # records, for features that are missing in the first ones


@dataclass(frozen=True)
class Feature:
    """A feature of tf.Examples.

    Attributes
    ----------
    kind : {"int64", "float32", "string"}
        What its values are.
    size : int
        How many values it has, in the example that has most.
    """

    kind: Kind
    size: int


def features_in(pattern: str) -> dict[str, Feature]:
    """Find the features of the first tf.Examples in TFRecord files.

    Parameters
    ----------
    pattern : str
        A path, or a pattern such as "rows-*.tfrecord".

    Raises
    ------
    FileNotFoundError
        If no file is there.
    ValueError
        If the files hold no tf.Examples.
    """
    features: dict[str, Feature] = {}
    for example in _first_examples(pattern):
        features |= _wider(features, example)
    if not features:
        raise ValueError(f"{pattern!r} holds no tf.Example with features; expected one at least.")
    return features


def check_whole(pattern: str, names: Iterable[str]) -> None:
    """Make sure that features are in all of the first tf.Examples in TFRecord files.

    Raises
    ------
    ValueError
        If one misses, of labels and weights; otherwise as `features_in`.
    """
    examples = list(_first_examples(pattern))
    for name in names:
        count = sum(not _wider({}, {name: each[name]} if name in each else {}) for each in examples)
        if count:
            raise ValueError(
                f"feature {name!r} holds labels or weights, and misses in {count} of the first "
                f"{len(examples)} records of {pattern!r}; leave those records out."
            )


def _first_examples(pattern: str) -> Iterator[Mapping[str, Any]]:
    import tensorflow as tf

    if tf.io.gfile.isdir(pattern):
        raise ValueError(
            f"{pattern!r} is a folder; expected a pattern of files, such as {pattern}/*.tfrecord."
        )
    paths = sorted(tf.io.gfile.glob(pattern))
    if not paths:
        raise FileNotFoundError(f"no file matches {pattern!r}; expected TFRecord files.")
    try:
        for record in _records(paths).take(_LOOKED_AT).as_numpy_iterator():
            yield tf.train.Example.FromString(record).features.feature
    except (tf.errors.DataLossError, tf.errors.InvalidArgumentError, ValueError) as error:
        raise _unreadable(pattern, error) from error
    except Exception as error:
        if type(error).__name__ != "DecodeError":  # protocol buffers', which has no public home
            raise
        raise _unreadable(pattern, error) from error


def require(names: Iterable[tuple[str, str]], features: Mapping[str, Any], where: str) -> None:
    """Make sure that features are there.

    Parameters
    ----------
    names : iterable of (str, str)
        Each a feature, and what names it.
    features : mapping
        Those that are there.
    where : str
        In what they are.

    Raises
    ------
    ValueError
        If one is not; the message names the nearest.
    """
    for name, role in names:
        if name not in features:
            near = difflib.get_close_matches(name, features, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise ValueError(
                f"{role} is {name!r}, which {where} does not have; it has "
                f"{', '.join(sorted(features))}.{hint}"
            )


def _records(paths: list[str]) -> Any:
    import tensorflow as tf

    compression = "GZIP" if paths[0].endswith(".gz") else ""
    return tf.data.TFRecordDataset(paths, compression_type=compression)


def _wider(known: Mapping[str, Feature], features: Mapping[str, Any]) -> dict[str, Feature]:
    """The features of one example, where they are new or longer than those known."""
    found = {}
    for name, feature in features.items():
        which = feature.WhichOneof("kind")
        size = len(getattr(feature, which).value) if which else 0
        if size and (name not in known or size > known[name].size):
            found[name] = Feature(_LISTS[which], size)
    return found


def _unreadable(pattern: str, error: Exception) -> ValueError:
    return ValueError(
        f"{pattern!r} does not hold tf.Examples in TFRecord files: {type(error).__name__}: "
        f'{error}. CSV files end in ".csv" or ".csv.gz", compressed TFRecord files in ".gz"; other '
        "tables are given as DataFrames."
    )
