"""What a question sees of the inside of its model: what layers return, and what follows them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tfinterp_widgets.engine.asking.arrays import Array
from tfinterp_widgets.engine.asking.forward import Forward
from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.computing.after_layer import LAYER, layout_after
from tfinterp_widgets.engine.computing.layer_graphs import FeatureMaps
from tfinterp_widgets.engine.tensors import as_array, as_tensor


def check_channels_last(question: Question) -> None:
    """Check that an image's first two axes are height and width, as far as the model's graph tells.

    Raises
    ------
    ValueError
        If the model takes its channels first.
    """
    if question.model.takes_channels_first:
        shape = question.layout.shape
        raise ValueError(
            f"the model takes images of shape {shape}, with their channels first; this method "
            "expects (height, width, channels). Let the model begin with keras.layers.Permute("
            f"(3, 1, 2)), which takes {(*shape[1:], shape[0])}, or take IntegratedGradients."
        )


def feature_maps(question: Question, layer: str | None, differentiate: bool = True) -> FeatureMaps:
    """What a layer returns for the input and the score's gradient by it, if that is wanted.

    Parameters
    ----------
    question : Question
    layer : str or None
        None for the last convolutional feature map, after its activation.
    differentiate : bool

    Raises
    ------
    TypeError
        If the layers of the model cannot be seen.
    ValueError
        If the layer is none that will do, or something is NaN or infinite.
    """
    (found,) = question.model.inside.feature_maps(
        as_tensor(question.point[None]), [question.target], layer, differentiate
    )
    question.check_gradients(found.finite, found.nonzero)
    return found


def guided_gradient(question: Question) -> tuple[float, Any]:
    """Score and guided gradient (...) of the target at the input.

    Raises
    ------
    ValueError
        If the model has no ReLU whose gradient can be changed, or something is NaN or infinite.
    """
    (found,) = question.model.inside.guided_gradient(
        as_tensor(question.point[None]), [question.target]
    )
    question.check_gradients(found.finite, found.nonzero)
    return found.score, found.gradient


def layer_output(question: Question, point: Array, layer: str | None) -> tuple[str, Any]:
    """A layer's name, and what it returns for a point in model space: a tensor (...).

    Parameters
    ----------
    question : Question
    point : ndarray of float32
    layer : str or None
        None for the first embedding or, where there is none, the last convolutional layer.

    Raises
    ------
    TypeError, ValueError
        If the layers of the model cannot be seen, or the layer is none that will do.
    """
    return question.model.inside.layer_output(as_tensor(point[None]), layer)


def after_layer(question: Question, layer: str, output: Any) -> Question:
    """The same question about what follows a layer.

    Its point is what the layer returned for this input, with the input behind it, as
    `layout_after` lays them out.
    """
    layout = layout_after(question.layout, tuple(output.shape), output.dtype)
    model = question.model.after(layer, layout)
    weights = model.fingerprint()
    inputs = question.layout.unpack(question.point)
    return replace(
        question,
        point=layout.pack({LAYER: as_array(output), **inputs}),
        layout=layout,
        model=model,
        forward=Forward(model, question.cache, (weights, layer, layout)),
        weights=weights,
    )
