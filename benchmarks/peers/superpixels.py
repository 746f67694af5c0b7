"""A photograph as superpixels that can be switched off, for peers that explain rows of switches."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from skimage.segmentation import slic

from peers.comparing import BATCH, MODEL_BLACK, Example
from peers.ours import logits_model

REGIONS = 50
"""About how many, there and here."""


def superpixels(x: NDArray[np.float32]) -> NDArray[np.intp]:
    """The segmentation of an image (H, W, 3) that the engine uses, numbered from 0."""
    return np.asarray(slic(x, REGIONS, slic_zero=True, start_label=0))


@tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]
def _scores(model: keras.Model, batch: tf.Tensor, target: tf.Tensor) -> tf.Tensor:
    return tf.gather(model(batch), target, axis=1)


def switched(example: Example) -> tuple[Callable[[NDArray[Any]], NDArray[np.float32]], int]:
    """The score as a function of rows of switches (N, regions), 0 being black; and the regions."""
    segments = superpixels(example.x)
    model, target, black = logits_model(), tf.constant(example.target), np.float32(MODEL_BLACK)

    def score(switches: NDArray[Any]) -> NDArray[np.float32]:
        found = []
        for begin in range(0, len(switches), BATCH):
            kept = switches[begin : begin + BATCH].astype(bool)[:, segments, None]
            found.append(_scores(model, np.where(kept, example.x, black), target))
        return np.concatenate(found)

    return score, int(segments.max()) + 1
