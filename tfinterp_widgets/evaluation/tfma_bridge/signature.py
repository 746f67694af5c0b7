"""A Keras model exported with a signature that parses tf.Examples, as TFMA calls it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import tensorflow as tf

from tfinterp_widgets.engine.models.keras_model import (
    check_backend,
    is_keras,
    known_inputs,
    takes_training,
)
from tfinterp_widgets.evaluation.tfma_bridge.feeds import Feed, feed_for
from tfinterp_widgets.evaluation.tfma_bridge.records import Feature

SIGNATURE = "serving_default"

EVALUATION = "evaluation"
"""The signature for rows with labels, which fails where one is missing."""

_DTYPES = {"int64": tf.int64, "float32": tf.float32, "string": tf.string}


def export_model(
    model: Any,
    folder: str,
    features: Mapping[str, Feature],
    keys: frozenset[str] = frozenset(),
    inputs: str | Sequence[str] | None = None,
    order: Sequence[str] | None = None,
    signature: str = EVALUATION,
) -> None:
    """Save a Keras model with signatures that take serialised tf.Examples.

    `SIGNATURE` is for any rows, `signature` for those to be evaluated: TFMA takes a label that is
    missing for one that is wrong, without a word, so there a missing key is an error.

    Parameters
    ----------
    model : keras.Model or tf_keras.Model
        With inputs of known shapes.
    folder : str
        Where the SavedModel goes.
    features : mapping of str to Feature
        Those of the examples.
    keys : frozenset of str, optional
        Features that are not for the model: labels and weights.
    inputs : str or sequence of str, optional
        The feature that holds the model's input, or those that make up its columns. Left out, they
        are those named as the model's inputs; else the one that is as long as its input; else all
        numbers but the keys, if they are as many as it has columns.
    order : sequence of str, optional
        That of the columns of the table that the examples come from; examples do not keep any.
    signature : str, optional
        The name of that for evaluation.

    Raises
    ------
    TypeError, ValueError
        If the model is no Keras model, does not tell its inputs, or they are not among the
        features.
    """
    if not is_keras(model):
        raise TypeError(
            f"model is a {type(model).__name__}; expected a Keras model, or the folder of a "
            "SavedModel whose signature takes serialised tf.Examples."
        )
    check_backend(model)
    tensors = known_inputs(model)
    if not tensors:
        raise ValueError(
            f"model {model.name!r} does not tell its inputs; call it once on a row, or build it "
            "with keras.Input."
        )
    feed = feed_for(model, tensors, features, keys, inputs, order)
    there = sorted(keys & features.keys())
    signatures = {
        SIGNATURE: _signature(model, feed, features, []),
        signature: _signature(model, feed, features, there),
    }
    tf.saved_model.save(model, folder, signatures=signatures)


def _signature(
    model: Any, feed: Feed, features: Mapping[str, Feature], required: Sequence[str]
) -> Any:
    options = {"training": False} if takes_training(model) else {}
    names = dict.fromkeys([*feed.dtypes, *required])
    ragged = {name: tf.io.RaggedFeature(_DTYPES[features[name].kind]) for name in names}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="examples")])  # type: ignore[untyped-decorator, unused-ignore]
    def serve(examples: Any) -> dict[str, Any]:
        parsed = tf.io.parse_example(examples, ragged)
        with tf.control_dependencies([_there(parsed[name], name) for name in required]):
            rows = {
                name: _whole_rows(parsed[name], feed.sizes[name], dtype, name)
                for name, dtype in feed.dtypes.items()
            }
        outputs = model(feed.inputs(rows), **options)
        if isinstance(outputs, Mapping):
            return dict(outputs)
        if isinstance(outputs, list | tuple):
            return dict(zip(model.output_names, outputs, strict=True))
        return {"predictions": outputs}

    return serve


def _there(values: Any, name: str) -> Any:
    """Fail where a row has no value."""
    return tf.debugging.assert_positive(
        values.row_lengths(),
        f"feature {name} holds labels or weights, and is missing in some rows; leave these out",
    )


def _whole_rows(values: Any, size: int, dtype: Any, name: str) -> Any:
    """Rows of `size` values, (n, size): missing ones are NaN, as in a table, or empty texts.

    There is no whole number that says that one is missing: the model fails on such a row.
    """
    lengths, said = values.row_lengths(), f"feature {name} holds more than {size} values"
    fits = [tf.debugging.assert_less_equal(lengths, tf.constant(size, lengths.dtype), said)]
    if dtype.is_integer:
        said = f"feature {name} is missing, and the model takes whole numbers"
        fits.append(tf.debugging.assert_equal(lengths, tf.constant(size, lengths.dtype), said))
    missing = float("nan") if dtype.is_floating else "" if dtype == tf.string else 0
    with tf.control_dependencies(fits):
        cast = values if values.dtype == dtype else tf.cast(values, dtype)
        return cast.to_tensor(tf.constant(missing, dtype), shape=[None, size])
