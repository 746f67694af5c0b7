"""Pieces of an image that belong together, by scikit-image; remembered by the image's content."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from skimage.segmentation import felzenszwalb, slic
from skimage.transform import resize

from tfinterp_widgets.engine.asking.cache import ByteLimitedCache
from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.digests import digest

Image = NDArray[np.float32]
Labels = NDArray[np.int32]

SIDE = 224
"""Pixels of a side of the image that is cut by Felzenszwalb's method, whose scales depend on it."""

SIGMA, SMALLEST = 0.8, 150
"""Its smoothing and its smallest segment, both in pixels."""


def picture(question: Question) -> Image:
    """The image that is cut: as the user sees it, unless preprocessing has changed its size.

    Returns
    -------
    ndarray of float32, shape (H, W, C) with H and W of the point in model space
    """
    example, point = question.example, question.point
    return example if example.ndim == 3 and example.shape[:2] == point.shape[:2] else point


def superpixels(image: Image, count: int, cache: ByteLimitedCache) -> Labels:
    """Cut an image into about `count` compact pieces of like colour.

    Achanta et al. (2012), "SLIC Superpixels Compared to State-of-the-Art Superpixel Methods".

    Parameters
    ----------
    image : ndarray of float32, shape (H, W, C)
        In any units.
    count : int
        How many pieces to aim at, >= 1; there may be fewer or, of an image with few pixels, more.
    cache : ByteLimitedCache
        Where the result is remembered.

    Returns
    -------
    ndarray of int32, shape (H, W)
        The number of each pixel's piece: 0 ... pieces - 1, each taken.

    Examples
    --------
    >>> superpixels(photo, 50, question.cache).shape  # doctest: +SKIP
    (224, 224)
    """

    def cut() -> NDArray[np.integer]:
        # "Zero" weighs colour against distance in each piece by itself: noise stays in pieces too.
        scaled = _rescaled(image, 0.0, 1.0)
        labels = slic(scaled, count, slic_zero=True, convert2lab=image.shape[-1] == 3)
        return np.unique(labels, return_inverse=True)[1].reshape(image.shape[:2])

    return _remembered(cache, ("superpixels", count, digest(image)), cut)


def felzenszwalb_segments(image: Image, scale: float, cache: ByteLimitedCache) -> Labels:
    """Cut an image into pieces between which the colour changes more than within.

    Felzenszwalb & Huttenlocher (2004), "Efficient Graph-Based Image Segmentation". As in the XRAI
    authors' code, the image is brought to values from -1 to 1 and to 224 x 224 pixels, for which
    the scales are meant, and the pieces back to its own size.

    Parameters
    ----------
    image : ndarray of float32, shape (H, W, C)
        In any units.
    scale : float
        The larger, the larger the pieces.
    cache : ByteLimitedCache
        Where the result is remembered.

    Returns
    -------
    ndarray of int32, shape (H, W)
        The number of each pixel's piece; small images may lose pieces on the way back.

    Examples
    --------
    >>> felzenszwalb_segments(photo, 250, question.cache).shape  # doctest: +SKIP
    (224, 224)
    """

    def cut() -> NDArray[np.integer]:
        square = _resized(_rescaled(image, -1.0, 1.0), (SIDE, SIDE), order=3)
        with warnings.catch_warnings():  # that more than three channels may not be meant
            warnings.simplefilter("ignore", RuntimeWarning)
            labels = felzenszwalb(square, scale=scale, sigma=SIGMA, min_size=SMALLEST)
        return np.asarray(_resized(labels, image.shape[:2], order=0), np.int32)

    return _remembered(cache, ("felzenszwalb", scale, digest(image)), cut)


def _rescaled(image: Image, low: float, high: float) -> NDArray[np.float64]:
    """Bring the values to low ... high; an image of one value to `low`."""
    smallest, largest = float(image.min()), float(image.max())
    share = (image.astype(np.float64) - smallest) / ((largest - smallest) or 1.0)
    return low + share * (high - low)


def _resized(image: NDArray[Any], size: tuple[int, ...], order: int) -> NDArray[Any]:
    """Resize to (height, width) by splines of an order; an image of that size stays as it is."""
    if image.shape[:2] == size:
        return image
    return np.asarray(
        resize(
            image,
            size,
            order=order,
            mode="constant",
            preserve_range=True,
            anti_aliasing=order > 0,
        )
    )


def _remembered(
    cache: ByteLimitedCache, key: tuple[object, ...], cut: Callable[[], NDArray[np.integer]]
) -> Labels:
    found: Labels | None = cache.get(key)
    if found is None:
        found = np.asarray(cut(), np.int32)
        found.flags.writeable = False
        cache.put(key, found, found.nbytes)
    return found
