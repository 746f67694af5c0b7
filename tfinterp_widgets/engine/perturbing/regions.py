"""Regions of an image, grown from overlapping segments in the order of what they add."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, sparse
from skimage.morphology import disk

DILATION = 5
"""Pixels by which segments are widened, to take in the edges between them."""

FEWEST = 50
"""A segment that would add fewer new pixels than that is left out."""


def widened(labels: NDArray[np.int32]) -> sparse.csr_array:
    """Take a segmentation apart into its segments, each dilated by a disk of `DILATION` pixels.

    Parameters
    ----------
    labels : ndarray of int32, shape (H, W)

    Returns
    -------
    csr_array of float64, shape (segments, H * W)
        1 where a pixel (in the order of ``ravel()``) is in the segment.
    """
    height, width = labels.shape
    footprint = disk(DILATION).astype(bool)
    members = []
    for number, box in enumerate(ndimage.find_objects(labels + 1)):
        if box is None:  # a label that got lost when the segmentation was resized
            continue
        rows, columns = (
            slice(max(side.start - DILATION, 0), min(side.stop + DILATION, size))
            for side, size in zip(box, (height, width), strict=True)
        )
        inside = ndimage.binary_dilation(labels[rows, columns] == number, footprint)
        down, across = np.nonzero(inside)
        members.append((down + rows.start) * width + across + columns.start)
    ends = np.cumsum([0, *map(len, members)])
    ones = np.ones(ends[-1])
    return sparse.csr_array(
        (ones, np.concatenate(members), ends), shape=(len(members), height * width)
    )


def grow(values: NDArray[np.float32], segments: sparse.csr_array) -> NDArray[np.float32]:
    """Rank the pixels by the region with which they come in.

    Of all segments the one whose new pixels have the largest mean is added, and these pixels get
    that mean; and again with what is then new, until no segment adds at least `FEWEST` pixels. What
    is left over gets its own mean, so that the sum of the values stays the same.

    Parameters
    ----------
    values : ndarray of float32, shape (H * W,)
        The attribution of each pixel.
    segments : csr_array, shape (segments, H * W)

    Returns
    -------
    ndarray of float32, shape (H * W,)
    """
    amounts = values.astype(np.float64)
    by_pixel = segments.tocsc()
    fresh = np.ones(amounts.size, bool)
    counts, sums = segments @ np.ones(amounts.size), segments @ amounts
    grown = np.empty(amounts.size)
    while (counts >= FEWEST).any():
        means = np.where(counts >= FEWEST, sums / np.maximum(counts, 1), -np.inf)
        best = int(np.argmax(means))
        members = segments.indices[segments.indptr[best] : segments.indptr[best + 1]]
        added = members[fresh[members]]
        grown[added] = amounts[added].mean()
        fresh[added] = False
        taken = by_pixel[:, added]
        counts = counts - taken @ np.ones(added.size)
        sums = sums - taken @ amounts[added]
    if fresh.any():
        grown[fresh] = amounts[fresh].mean()
    return grown.astype(np.float32)
