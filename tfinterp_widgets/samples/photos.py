"""Photographs to ask a classifier about."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PHOTOS = files("tfinterp_widgets.samples") / "data" / "photos"
_NAMES = ("cat", "coffee", "rocket", "duck", "dog", "pig", "spaniels", "fig")


def photos() -> dict[str, NDArray[np.uint8]]:
    """Return eight photographs that may be used and passed on freely.

    What `imagenet` makes of them: the ``cat`` has two plausible classes (Egyptian cat .39, tiger
    cat .33), and so has the ``pig`` (hog .40, wild boar .29); the ``coffee`` and the ``dog`` are
    sure; the ``rocket`` is a guess (missile .22). Three fifths of the ``duck`` are nearly black,
    which a black baseline cannot see, and it is taken for a goose.

    Returns
    -------
    dict of str to ndarray
        Name to ``(224, 224, 3)`` uint8, red, green and blue of 0 to 255; new arrays every time,
        in an order that begins with the most telling.

    Notes
    -----
    All are in the public domain, CC0 or CC BY; ``NOTICE`` names author, source and licence of
    each, and ``scripts/make_photos.py`` cut them.

    Examples
    --------
    >>> import tfinterp_widgets as tw
    >>> photos = tw.samples.photos()
    >>> photos["cat"].shape
    (224, 224, 3)
    """
    from PIL import Image

    images = {}
    for name in _NAMES:
        with (_PHOTOS / f"{name}.png").open("rb") as file, Image.open(file) as image:
            images[name] = np.array(image)
    return images
