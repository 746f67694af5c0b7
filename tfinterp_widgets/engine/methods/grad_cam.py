"""Grad-CAM: a layer's feature maps, weighted by their mean gradient."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import tensorflow as tf

from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.attribution import Attribution, Reduction
from tfinterp_widgets.engine.methods.class_activation import refine_by_gradients
from tfinterp_widgets.engine.methods.remembering import WithoutSteps
from tfinterp_widgets.engine.parameters import check_layer_name, suggests_keywords


@suggests_keywords
@dataclass(frozen=True)
class GradCAM(WithoutSteps):
    """A convolutional layer's feature maps, weighted by their mean gradient.

    ``ReLU(sum_k w_k A_k)``, with ``w_k`` the mean of dF/dA_k over the positions; A_k is channel k
    of the feature map (h, w, K) that a layer returns. The map is enlarged to the input's height and
    width bilinearly (half-pixel centres): values of shape (H, W, 1), >= 0, in units of the score
    divided by the number of positions. They do not sum to anything. One evaluation.

    Feature maps (K, h, w) and images (C, H, W), channels first, are told by the model's operations
    and explained alike. For a model with several inputs the map is that of its image, one array
    (H, W, 1), with the other inputs as they are; of several images, name a layer that only one of
    them leads to.

    Source: Selvaraju, Cogswell, Das, Vedantam, Parikh & Batra (2017), "Grad-CAM: Visual
    Explanations from Deep Networks via Gradient-based Localization", equations 1 and 2.

    Parameters
    ----------
    layer : str, optional
        Name of the layer, at any depth; exactly what it returns is taken. "name:k" is the k-th
        call of a layer that is called several times, "name:Relu" what the model's own code makes
        of its output. None is the last convolutional feature map, after its batch normalisation
        and activation; the answer's ``method.layer`` says which that was.

    Raises
    ------
    TypeError
        If the layer is no string; when asked, if the layers of the model cannot be seen.
    ValueError
        When asked: if no input is an image, the model has no convolution, or the layer is unknown,
        is called more than once, or returns no feature map, or one that is made of several images.

    Examples
    --------
    >>> a = engine.attribute(photo, method=GradCAM())  # doctest: +SKIP
    >>> a.values.shape, a.method.layer  # doctest: +SKIP
    ((224, 224, 1), 'head_relu6')
    """

    label: ClassVar[str] = "Grad-CAM"
    family: ClassVar[str] = "Class activation"
    reduction: ClassVar[Reduction] = "sum"
    note: ClassVar[str] = "Coarse: one value a cell of the layer's map, enlarged to the image."

    layer: str | None = None

    def __post_init__(self) -> None:
        check_layer_name(self.layer)

    def refine(self, question: Question) -> Iterator[Attribution]:
        """Answer with one evaluation, or none where it is already known."""
        return refine_by_gradients(self, question, _weighted)


def _weighted(activations: Any, gradients: Any) -> Any:
    weights = tf.reduce_mean(gradients, axis=(0, 1))
    return tf.nn.relu(tf.tensordot(activations, weights, 1))
