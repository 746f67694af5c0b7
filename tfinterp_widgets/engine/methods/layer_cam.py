"""LayerCAM: a layer's feature maps, weighted position by position by their gradient."""

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
class LayerCAM(WithoutSteps):
    """A layer's feature maps, weighted position by position by their positive gradient.

    ``ReLU(sum_k ReLU(g_k) A_k)``, with g_k = dF/dA_k. There is no mean over the positions, so that
    it is of use for early layers as well, whose maps are finer. Enlarged to (H, W, 1) as `GradCAM`;
    values >= 0, in units of the score. One evaluation.

    Source: Jiang, Zhang, Hou, Cheng & Wei (2021), "LayerCAM: Exploring Hierarchical Class
    Activation Maps for Localization".

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
    >>> method = LayerCAM(layer="block4c_add")  # doctest: +SKIP
    >>> engine.attribute(photo, method=method).heatmap().shape  # doctest: +SKIP
    (224, 224)
    """

    label: ClassVar[str] = "LayerCAM"
    family: ClassVar[str] = "Class activation"
    reduction: ClassVar[Reduction] = "sum"
    note: ClassVar[str] = "One value a cell of the layer's map, enlarged to the image."

    layer: str | None = None

    def __post_init__(self) -> None:
        check_layer_name(self.layer)

    def refine(self, question: Question) -> Iterator[Attribution]:
        """Answer with one evaluation, or none where it is already known."""
        return refine_by_gradients(self, question, _weighted)


def _weighted(activations: Any, gradients: Any) -> Any:
    return tf.nn.relu(tf.reduce_sum(tf.nn.relu(gradients) * activations, axis=-1))
