"""What class activation maps have in common: a layer's activations, weighted and enlarged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from tfinterp_widgets.engine.asking.inside import feature_maps
from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.attribution import Attribution
from tfinterp_widgets.engine.methods.images import check_has_image
from tfinterp_widgets.engine.methods.remembering import remembered
from tfinterp_widgets.engine.models.layout import ImageInput


def enlarged(activation_map: Any, image: ImageInput) -> NDArray[np.float32]:
    """Enlarge a map (h, w) to the image, (H, W, 1), bilinearly.

    Cells are squares of the image, with the values in their middle (half-pixel centres, as
    `tf.image.resize` has them); at the border the outermost values go on.
    """
    return np.asarray(resized(activation_map[..., tf.newaxis], image), np.float32)


def resized(maps: Any, image: ImageInput) -> Any:
    """The same for several maps (h, w, n), on the device: (H, W, n)."""
    return tf.image.resize(maps, image.size, method="bilinear")


def refine_by_gradients(
    method: Any, question: Question, make_map: Callable[[Any, Any], Any]
) -> Iterator[Attribution]:
    """Answer by one evaluation: a map of activations and gradients, or by none if it is known.

    Parameters
    ----------
    method : GradCAM, GradCAMPlusPlus or LayerCAM
    question : Question
    make_map : callable
        Maps activations (h, w, K) and the score's gradients by them to a map (h, w).
    """

    def run() -> Iterator[Attribution]:
        check_has_image(question, method.label)
        found = feature_maps(question, method.layer)
        yield Attribution(
            values=enlarged(make_map(found.activations, found.gradients), found.image),
            target=question.target,
            method=replace(method, layer=found.layer),
            score=found.score,
            evaluations=1,
        )

    return remembered(question, (method,), run)
