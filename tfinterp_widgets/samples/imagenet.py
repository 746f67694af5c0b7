"""A real ImageNet classifier that needs no download."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import keras
    from numpy.typing import ArrayLike, NDArray

_DATA = files("tfinterp_widgets.samples") / "data"


@dataclass(frozen=True)
class ImageNetSample:
    """A classifier and what is needed to ask it about a photograph.

    Attributes
    ----------
    model
        Keras functional model, ``(batch, 224, 224, 3)`` float32 in model space to the
        ``(batch, 1000)`` float32 probabilities of its last, softmax layer.
    preprocess
        Maps pixels of 0 to 255 to what `model` takes; see `preprocess`.
    class_names
        The 1,000 English class names, all different, in the order of the model's outputs.
    """

    model: keras.Model
    preprocess: Callable[[ArrayLike], NDArray[np.float32]]
    class_names: tuple[str, ...]


def imagenet() -> ImageNetSample:
    """Return EfficientNet-Lite0 with its ImageNet weights.

    Each call builds a model of its own, in about a second: whoever trains or randomises one
    (as a sanity check of a method does) leaves everybody else's alone.

    Returns
    -------
    ImageNetSample
        The model, its preprocessing and its class names.

    Notes
    -----
    The architecture is that of Tan and Le (2019), the weights are Google's, Apache-2.0, rounded
    to float16 in the package and float32 in the model. The class names are torchvision's, BSD.
    ``NOTICE`` has the credits, ``scripts/convert_efficientnet_lite0.py`` the conversion.
    TensorFlow is imported by this call, not by the module.

    Examples
    --------
    >>> import tfinterp_widgets as tw
    >>> sample = tw.samples.imagenet()
    >>> pixels = tw.samples.photos()["cat"][None]
    >>> probabilities = sample.model.predict(sample.preprocess(pixels), verbose=0)
    >>> sample.class_names[probabilities.argmax()]
    'Egyptian cat'
    """
    from tfinterp_widgets.samples.efficientnet_lite0 import build_efficientnet_lite0

    model = build_efficientnet_lite0()
    _load_weights(model)
    return ImageNetSample(model, preprocess, _read_class_names())


def preprocess(pixels: ArrayLike) -> NDArray[np.float32]:
    """Map pixels to what the classifier was trained on.

    Parameters
    ----------
    pixels
        Values of 0 to 255, of any number type and any shape; left as they are.

    Returns
    -------
    ndarray
        ``(pixels - 127) / 128``, a new float32 array of the same shape, about -1 to 1.
    """
    return (np.asarray(pixels, dtype=np.float32) - np.float32(127)) / np.float32(128)


def _load_weights(model: keras.Model) -> None:
    """Set every weight of the model from the file, by name of layer and variable."""
    with as_file(_DATA / "efficientnet_lite0.npz") as path, np.load(path) as stored:
        for layer in model.layers:
            names = [f"{layer.name}/{variable.name}" for variable in layer.weights]
            layer.set_weights([stored[name].astype(np.float32) for name in names])


def _read_class_names() -> tuple[str, ...]:
    return tuple((_DATA / "imagenet_classes.txt").read_text(encoding="utf-8").splitlines())
