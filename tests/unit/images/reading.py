"""One image, read for a model of 8 x 8 x 3 pixels unless told otherwise."""

import numpy as np

from tfinterp_widgets.images import read_photographs

RGB = (8, 8, 3)
ANY = (None, None, 3)
random = np.random.default_rng(0)
bytes_rgb = random.integers(0, 256, (8, 8, 3), np.uint8)


def one(image, shape=RGB):
    (photograph,) = read_photographs(image, shape)
    return photograph
