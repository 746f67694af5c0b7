"""The embedded default: a real classifier and photographs, a real table, to ask questions about.

Importing this package imports neither TensorFlow, pandas nor Pillow; the functions do when called.
"""

from tfinterp_widgets.samples.german_credit import GermanCreditSample, german_credit
from tfinterp_widgets.samples.imagenet import ImageNetSample, imagenet
from tfinterp_widgets.samples.photos import photos

__all__ = ["GermanCreditSample", "ImageNetSample", "german_credit", "imagenet", "photos"]
