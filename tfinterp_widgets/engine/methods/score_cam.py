"""Score-CAM: a layer's feature maps, weighted by the score of the input seen through them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from tfinterp_widgets.engine.asking.inside import feature_maps
from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.attribution import Attribution, Reduction
from tfinterp_widgets.engine.computing.layer_graphs import FeatureMaps
from tfinterp_widgets.engine.methods.class_activation import enlarged, resized
from tfinterp_widgets.engine.methods.images import check_has_image
from tfinterp_widgets.engine.methods.remembering import WithoutSteps, remembered
from tfinterp_widgets.engine.models.data_formats import transposed
from tfinterp_widgets.engine.models.layout import ImageInput
from tfinterp_widgets.engine.parameters import check_layer_name, suggests_keywords
from tfinterp_widgets.engine.tensors import as_tensor


@suggests_keywords
@dataclass(frozen=True)
class ScoreCAM(WithoutSteps):
    """A layer's feature maps, weighted by the score of the input seen through them.

    ``ReLU(sum_k w_k A_k)``, with ``w = softmax_k(F(x H_k) - F(x'))``; no gradient is taken. H_k is
    channel k of the layer's feature map, enlarged to the input's height and width bilinearly and
    stretched to [0, 1] from its minimum to its maximum; channels that are constant are left out.
    The product x H_k is taken in model space. F(x') is the same for all channels, so the softmax
    does not depend on it, and x' need not be chosen.

    The map is enlarged to (H, W, 1) as for `GradCAM`; values >= 0, in units of the layer. Each
    channel that is left in takes one evaluation, a forward pass: of the 1,280 at the end of
    EfficientNet-Lite0 about 500. Those that vary most come first, and an estimate over all seen so
    far follows each chunk; memory is that of one chunk.

    Source: Wang, Wang, Du, Yang, Zhang, Ding, Mardziel & Hu (2020), "Score-CAM: Score-Weighted
    Visual Explanations for Convolutional Neural Networks".

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
    >>> a = engine.attribute(photo, method=ScoreCAM())  # doctest: +SKIP
    >>> a.evaluations  # doctest: +SKIP
    464
    """

    label: ClassVar[str] = "Score-CAM"
    family: ClassVar[str] = "Class activation"
    reduction: ClassVar[Reduction] = "sum"
    note: ClassVar[str] = "Coarse, and of images that the model has never seen: seen through masks."

    layer: str | None = None

    def __post_init__(self) -> None:
        check_layer_name(self.layer)

    def refine(self, question: Question) -> Iterator[Attribution]:
        """Answer ever better: over the channels seen so far, those that vary most first."""
        return remembered(question, (self,), lambda: self._run(question))

    def _run(self, question: Question) -> Iterator[Attribution]:
        check_has_image(question, self.label)
        found = feature_maps(question, self.layer, differentiate=False)
        maps = _by_range(found.activations)
        count = maps.shape[-1]
        if count == 0:
            yield self._attribution(question, found, tf.zeros(maps.shape[:2]))
        scores = np.empty(count, np.float32)
        for begin, end in question.forward_chunks(count):
            masks = _stretched(resized(maps[..., begin:end], found.image))
            scores[begin:end] = question.evaluate(_seen_through(masks, found.image, question))
            weighted = tf.tensordot(maps[..., :end], as_tensor(_softmax(scores[:end])), 1)
            yield self._attribution(question, found, tf.nn.relu(weighted), end, count)

    def _attribution(
        self, question: Question, found: FeatureMaps, answer: Any, seen: int = 0, count: int = 0
    ) -> Attribution:
        return Attribution(
            values=enlarged(answer, found.image),
            target=question.target,
            method=replace(self, layer=found.layer),
            score=found.score,
            evaluations=seen,
            progress=seen / count if count else 1.0,
            final=seen == count,
        )


def _by_range(activations: Any) -> Any:
    """Channels (h, w, k) that are not constant, the largest range of values first."""
    ranges = tf.reduce_max(activations, axis=(0, 1)) - tf.reduce_min(activations, axis=(0, 1))
    order = np.argsort(-ranges.numpy(), kind="stable")
    return tf.gather(activations, order[: np.count_nonzero(ranges)], axis=-1)


def _stretched(maps: Any) -> Any:
    """Each of the maps (H, W, n) from its own minimum and maximum to [0, 1]."""
    low, high = tf.reduce_min(maps, axis=(0, 1)), tf.reduce_max(maps, axis=(0, 1))
    return tf.math.divide_no_nan(maps - low, high - low)


def _seen_through(masks: Any, image: ImageInput, question: Question) -> Any:
    """Points (n, ...) whose image is multiplied by the masks (H, W, n); other inputs stay."""
    masks = transposed(tf.transpose(masks)[..., np.newaxis], "NWHC", image.data_format)
    arrays = question.layout.unpack(question.point)
    return question.layout.pack_batch(
        {
            name: masks * array
            if name == image.name
            else tf.repeat(array[np.newaxis], len(masks), 0)
            for name, array in arrays.items()
        }
    )


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(scores.astype(np.float64) - scores.max())
    return np.asarray(powers / powers.sum(), np.float32)
