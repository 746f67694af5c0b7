"""What a user hands in as one input: an array, or several for a model with several inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tfinterp_widgets.engine.asking.arrays import (
    Array,
    Preprocess,
    as_example,
    check_shape,
    unbatched,
)
from tfinterp_widgets.engine.models.adapted import InputSpec
from tfinterp_widgets.engine.models.layout import Layout, layout_of

Example = Array | list[Array] | dict[str, Array]
Inputs = tuple[InputSpec, ...] | None

ONLY = "input"
"""The name of the one array of a model that tells no names."""

EXACT = 2**24
"""Whole numbers up to which float32, in which points are kept, is exact."""


def read_example(x: Any, inputs: Inputs, preprocess: Preprocess | None) -> Example:
    """Copy what a user gave into float32 arrays, in the structure that it has.

    Parameters
    ----------
    x : array, list, tuple or mapping of arrays
    inputs : tuple of InputSpec or None
        The model's inputs; None if it tells none.
    preprocess : callable or None
        Where there is one, the structure is its affair.

    Raises
    ------
    TypeError, ValueError
        If an array is not one of finite real numbers, or there are too few or too many of them.
    """
    if isinstance(x, Mapping):
        example = {str(name): _named(part, str(name)) for name, part in x.items()}
        if preprocess is None:
            _check_names(example, inputs)
        return example
    if inputs is None or len(inputs) == 1:
        return as_example(x)
    if isinstance(x, list | tuple):
        if len(x) != len(inputs) and preprocess is None:
            raise ValueError(f"a list of {len(x)} arrays came; {_expected(inputs)}")
        return [_named(part, str(place)) for place, part in enumerate(x)]
    if preprocess is None:
        raise TypeError(f"a {type(x).__name__} came; {_expected(inputs)}")
    return as_example(x)


def to_point(
    example: Example, inputs: Inputs, preprocess: Preprocess | None, whole: bool = True
) -> tuple[dict[str, Array], Layout]:
    """Take an example to model space: its arrays by the names of the model's inputs, and layout.

    Parameters
    ----------
    example : ndarray, list or dict of them
    inputs, preprocess
        As for `read_example`.
    whole : bool
        Whether what integers are made of, such as token ids, has to hold whole numbers.

    Raises
    ------
    ValueError
        If an array does not fit the shape of the model's input, or preprocessing spoils it.
    """
    if preprocess is not None:
        example = _preprocessed(example, preprocess)
    arrays = _by_name(example, inputs)
    packed = len(inputs) > 1 if inputs else isinstance(example, dict) and ONLY not in arrays
    specs = inputs or [InputSpec(name, None, "float32") for name in arrays]
    for spec in specs:
        check_shape(
            arrays[spec.name], spec.shape, f"input {spec.name!r}" if packed else "the input"
        )
        if whole and not spec.floating:
            _check_whole(arrays[spec.name], spec.name)
    return arrays, layout_of(arrays, [spec.dtype for spec in specs], packed)


def mapped(function: Any, example: Example) -> Example:
    """Apply a function to each array of an example."""
    if isinstance(example, dict):
        return {name: function(array) for name, array in example.items()}
    if isinstance(example, list):
        return [function(array) for array in example]
    made: Array = function(example)
    return made


def _preprocessed(example: Example, preprocess: Preprocess) -> Example:
    """Apply `preprocess` to a batch of this one example, and take it out of the batch again."""
    # A copy, because keras.applications' preprocess_input changes float arrays in place.
    batch = mapped(lambda array: array[np.newaxis].copy(), example)
    try:
        made = preprocess(batch)
    except Exception as error:
        shapes = mapped(lambda array: array.shape, batch)
        error.add_note(f"Raised inside preprocess, for a batch of shape {shapes}.")
        raise
    if isinstance(made, Mapping):
        return {str(name): unbatched(array) for name, array in made.items()}
    if isinstance(made, tuple | list):
        return [unbatched(array) for array in made]
    return unbatched(made)


def _by_name(example: Example, inputs: Inputs) -> dict[str, Array]:
    """The arrays by the names of the model's inputs, in their order."""
    if isinstance(example, dict):
        _check_names(example, inputs)
        return example if inputs is None else {spec.name: example[spec.name] for spec in inputs}
    names = [spec.name for spec in inputs] if inputs else [ONLY]
    arrays = example if isinstance(example, list) else [example]
    if len(arrays) != len(names):
        raise ValueError(f"preprocess returned {len(arrays)} arrays; {_expected(inputs)}")
    return dict(zip(names, arrays, strict=True))


def _named(part: Any, name: str) -> Array:
    try:
        return as_example(part)
    except (TypeError, ValueError) as error:
        error.add_note(f"That is input {name!r}.")
        raise


def _check_names(example: Mapping[str, Any], inputs: Inputs) -> None:
    if inputs is not None and set(example) != {spec.name for spec in inputs}:
        raise ValueError(
            f"arrays for {', '.join(map(repr, example)) or 'no input'} came; {_expected(inputs)}"
        )


def _expected(inputs: Inputs) -> str:
    specs: Sequence[InputSpec] = inputs or ()
    named = ", ".join(f"{spec.name!r} {spec.shape_text}" for spec in specs)
    if len(specs) == 1:
        return f"expected one array, for {named}."
    return (
        f"the model has {len(specs)} inputs ({named}): expected a dictionary by their names, or a "
        "list in their order, of one array each, without a batch axis."
    )


def _check_whole(array: Array, name: str) -> None:
    if (array != np.round(array)).any() or np.abs(array).max() > EXACT:
        raise ValueError(
            f"input {name!r} takes whole numbers, such as token ids; what came holds fractions, or "
            f"numbers beyond {EXACT}. A baseline between ids means nothing: "
            "LayerIntegratedGradients explains what the embedding makes of them."
        )
