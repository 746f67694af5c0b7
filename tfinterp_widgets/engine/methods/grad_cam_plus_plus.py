"""Grad-CAM++: as Grad-CAM, each position of a map with a weight of its own."""

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
class GradCAMPlusPlus(WithoutSteps):
    """A convolutional layer's feature maps, weighted by the positions at which they help.

    ``ReLU(sum_k w_k A_k)``, with ``w_k = sum alpha ReLU(g)`` over the positions of the map and
    ``alpha = g² / (2 g² + sum(A_k) g³)``, where g = dF/dA_k at the position, sum(A_k) is over all
    positions of the channel, and 0/0 is 0. Where a class appears several times in an image, each
    appearance counts. The paper takes the exponential of the score; its factor exp(F), which is
    the same everywhere and overflows, is left out.

    Enlarged to (H, W, 1) as `GradCAM`; values >= 0, without a unit that means something. One
    evaluation.

    Source: Chattopadhyay, Sarkar, Howlader & Balasubramanian (2018), "Grad-CAM++: Improved Visual
    Explanations for Deep Convolutional Networks".

    Parameters
    ----------
    layer : str, optional
        As for `GradCAM`.

    Raises
    ------
    TypeError, ValueError
        As `GradCAM`.

    Examples
    --------
    >>> engine.attribute(photo, method=GradCAMPlusPlus()).heatmap().shape  # doctest: +SKIP
    (224, 224)
    """

    label: ClassVar[str] = "Grad-CAM++"
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
    totals = tf.reduce_sum(activations, axis=(0, 1))
    # g² is cancelled, as it underflows for the gradient of a probability near 0 or 1; where g is 0
    # and alpha is 0/0, ReLU(g) is 0 as well.
    alphas = tf.math.divide_no_nan(1.0, 2 + totals * gradients)
    weights = tf.reduce_sum(alphas * tf.nn.relu(gradients), axis=(0, 1))
    return tf.nn.relu(tf.tensordot(activations, weights, 1))
