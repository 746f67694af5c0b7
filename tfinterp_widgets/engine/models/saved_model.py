"""SavedModel folders, through their serving signature."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tensorflow as tf

from tfinterp_widgets.engine.models.adapted import AdaptedModel, check_dtype
from tfinterp_widgets.engine.models.outputs import check_output, pick, rows_of
from tfinterp_widgets.engine.reading import Outputs


def adapt_saved_model(folder: Path, output: str | int) -> AdaptedModel:
    """See a SavedModel as a function of one batch; raises as `adapt` does."""
    if not (folder / "saved_model.pb").is_file():
        raise ValueError(
            f"{str(folder)!r} is not the folder of a SavedModel: it has no saved_model.pb. "
            "A .keras or .h5 file is loaded with keras.models.load_model first."
        )
    try:
        loaded = tf.saved_model.load(str(folder))
    except OSError as error:
        raise ValueError(f"{str(folder)!r} could not be read as a SavedModel: {error}") from error
    signature = loaded.signatures.get("serving_default")
    if signature is None:
        raise ValueError(
            f"the SavedModel {folder.name!r} has no signature 'serving_default', only "
            f"{sorted(loaded.signatures)}. Export it again, e.g. with model.export(folder)."
        )
    specs = signature.structured_input_signature[1]
    if len(specs) != 1:
        raise ValueError(
            f"the SavedModel {folder.name!r} has {len(specs)} inputs ({', '.join(sorted(specs))}); "
            "expected one."
        )
    ((key, spec),) = specs.items()
    check_dtype(spec.dtype.name, f"the SavedModel {folder.name!r}")
    names = sorted(signature.structured_outputs)
    check_output(output, names, len(names))

    def outputs(points: Any, owner: Any = loaded) -> Outputs:
        # `owner` keeps the variables alive, which the signature refers to weakly.
        del owner
        return Outputs(rows_of(pick(signature(**{key: points}), output), points.shape[0]), None)

    shape = None if spec.shape.rank is None else tuple(spec.shape.as_list())
    return AdaptedModel(
        outputs=outputs,
        name=folder.name,
        input_shape=None if shape is None else shape[1:],
        batch=None if shape is None else shape[0],
        dtype=spec.dtype,
        classes=None,
    )
