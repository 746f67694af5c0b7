"""SavedModel folders, through their serving signature."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tensorflow as tf

from tfinterp_widgets.engine.models.adapted import AdaptedModel, InputSpec
from tfinterp_widgets.engine.models.outputs import batch_size, called, check_output, pick, rows_of
from tfinterp_widgets.engine.models.reading import Outputs


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
    names = sorted(signature.structured_outputs)
    check_output(output, names, len(names))

    def call(points: Any, owner: Any = loaded) -> Any:
        # `owner` keeps the variables alive, which the signature refers to weakly.
        del owner
        return signature(**(points if isinstance(points, dict) else dict.fromkeys(specs, points)))

    def outputs(points: Any) -> Outputs:
        result = pick(called(call, folder.name, points), output)
        return Outputs(rows_of(result, batch_size(points)), None)

    shapes = [None if spec.shape.rank is None else spec.shape.as_list() for spec in specs.values()]
    return AdaptedModel(
        outputs=outputs,
        name=folder.name,
        inputs=tuple(
            InputSpec(name, None if shape is None else tuple(shape[1:]), spec.dtype)
            for (name, spec), shape in zip(specs.items(), shapes, strict=True)
        ),
        batch=next((shape[0] for shape in shapes if shape), None),
        classes=None,
    )
