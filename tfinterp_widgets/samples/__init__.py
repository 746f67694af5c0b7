"""The embedded default: a real classifier and photographs to ask it about.

Importing this package imports neither TensorFlow nor Pillow; the functions do when called.
"""

from tfinterp_widgets.samples.imagenet import ImageNetSample, imagenet
from tfinterp_widgets.samples.photos import photos

__all__ = ["ImageNetSample", "imagenet", "photos"]
