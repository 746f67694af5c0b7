"""What perturbation methods keep or hide as a whole: regions of an image, or single values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from tfinterp_widgets.engine.asking.cache import ByteLimitedCache
from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.perturbing.segments import picture, superpixels

Labels = NDArray[np.int32]

REGION_KINDS = ("superpixels", "patches")

MOST_FEATURES = 1024
"""Beyond that, equations between all features take longer than the model's answers."""


@dataclass(frozen=True, eq=False)
class Features:
    """A partition of an input.

    Attributes
    ----------
    labels : ndarray of int32
        The feature to which each value belongs, 0 ... count - 1: (H, W, 1) for an image, whose
        channels belong together, else of the point's shape.
    count : int
        How many features there are.
    """

    labels: Labels
    count: int

    @property
    def sizes(self) -> NDArray[np.intp]:
        """How many pixels or values each feature has, (count,)."""
        return np.bincount(self.labels.ravel(), minlength=self.count)

    def masks(self, kept: NDArray[np.bool_]) -> Any:
        """Masks (n, *labels.shape) of bool, made on the device, of the features kept (n, count)."""
        return tf.gather(tf.constant(kept), self.labels, axis=1)

    def spread(self, numbers: NDArray[np.float64]) -> NDArray[np.float32]:
        """Give each pixel or value the number of its feature, of numbers (count,)."""
        return numbers[self.labels].astype(np.float32)


def features_of(question: Question, regions: str, region_count: int) -> Features:
    """Cut images into regions, and take all other values one by one.

    Parameters
    ----------
    question : Question
    regions : {"superpixels", "patches"}
        Compact pieces of like colour (SLIC), or the rectangles of a grid.
    region_count : int
        About how many regions to cut an image into, >= 1.

    Raises
    ------
    ValueError
        If there are more than 1024 features.
    """
    if not question.layout.packed and question.point.ndim == 3:
        labels = _regions(picture(question), regions, region_count, question.cache)
        return _checked(labels[..., None])
    parts, count = [], 0
    for array in question.layout.unpack(question.point).values():
        if array.ndim == 3:
            labels = _regions(array, regions, region_count, question.cache)[..., None]
        else:
            labels = np.arange(array.size, dtype=np.int32).reshape(array.shape)
        parts.append(np.broadcast_to(labels + count, array.shape))
        count += int(labels.max()) + 1
    packed = np.concatenate([part.ravel() for part in parts])
    return _checked(packed.reshape(question.point.shape))


def check_regions(regions: Any) -> None:
    """Raise ValueError unless `regions` is one of `REGION_KINDS`."""
    if regions not in REGION_KINDS:
        raise ValueError(f"regions={regions!r}; expected one of {', '.join(REGION_KINDS)}.")


def _regions(image: NDArray[np.float32], kind: str, count: int, cache: ByteLimitedCache) -> Labels:
    """The region of each pixel, (H, W)."""
    if kind == "superpixels":
        return superpixels(image, count, cache)
    height, width, _ = image.shape
    side = max(1, round(count**0.5))
    rows, columns = min(side, height), min(side, width)
    down = np.arange(height) * rows // height
    across = np.arange(width) * columns // width
    return np.asarray(down[:, None] * columns + across, np.int32)


def _checked(labels: Labels) -> Features:
    count = int(labels.max()) + 1
    if count > MOST_FEATURES:
        raise ValueError(
            f"the input has {count} features, as values of what is no image are taken one by one; "
            f"expected at most {MOST_FEATURES}: equations between all of them are solved. Take "
            "Occlusion or IntegratedGradients."
        )
    return Features(labels, count)
