"""EfficientNet-Lite0 as a Keras functional model, without weights.

EfficientNet-B0 (Tan and Le, 2019, table 1) as Google released it for small devices: no
squeeze-and-excitation, ReLU6 in place of swish. Importing this module imports Keras.
"""

from typing import NamedTuple

import keras
from keras import layers

CLASSES = 1_000
INPUT_SHAPE = (224, 224, 3)
STEM_FILTERS = 32
HEAD_FILTERS = 1_280
BATCH_NORM_EPSILON = 1e-3


class Stage(NamedTuple):
    """A row of the paper's table: blocks alike, of which the first changes the shape."""

    repeats: int
    kernel: int
    stride: int
    expansion: int
    filters: int


STAGES = (
    Stage(repeats=1, kernel=3, stride=1, expansion=1, filters=16),
    Stage(repeats=2, kernel=3, stride=2, expansion=6, filters=24),
    Stage(repeats=2, kernel=5, stride=2, expansion=6, filters=40),
    Stage(repeats=3, kernel=3, stride=2, expansion=6, filters=80),
    Stage(repeats=3, kernel=5, stride=1, expansion=6, filters=112),
    Stage(repeats=4, kernel=5, stride=2, expansion=6, filters=192),
    Stage(repeats=1, kernel=3, stride=1, expansion=6, filters=320),
)


def build_efficientnet_lite0() -> keras.Model:
    """Build the network with random weights.

    Returns
    -------
    keras.Model
        Input ``(batch, 224, 224, 3)`` float32, about -1 to 1. Output ``(batch, 1000)`` float32,
        the softmax over the ILSVRC 2012 classes; the scores before it are those of the last
        layer, ``"predictions"``, without its activation.
    """
    inputs = keras.Input(INPUT_SHAPE, name="image")
    x = _normalised(_convolution(STEM_FILTERS, kernel=3, stride=2, name="stem"), inputs)
    for number, stage in enumerate(STAGES, start=1):
        for repeat in range(stage.repeats):
            block = stage if repeat == 0 else stage._replace(stride=1)
            x = _inverted_residual(x, block, name=f"block{number}{'abcd'[repeat]}")
    x = _normalised(_convolution(HEAD_FILTERS, kernel=1, name="head"), x)
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    outputs = layers.Dense(CLASSES, activation="softmax", name="predictions")(x)
    return keras.Model(inputs, outputs, name="efficientnet_lite0")


def _inverted_residual(x: keras.KerasTensor, stage: Stage, name: str) -> keras.KerasTensor:
    """Widen, convolve each channel by itself, narrow; add the input where shapes agree."""
    entry, filters = x, x.shape[-1]
    if stage.expansion > 1:
        expand = _convolution(filters * stage.expansion, kernel=1, name=f"{name}_expand")
        x = _normalised(expand, x)
    depthwise = layers.DepthwiseConv2D(
        stage.kernel,
        strides=stage.stride,
        padding="same",
        use_bias=False,
        name=f"{name}_depthwise",
    )
    x = _normalised(depthwise, x)
    project = _convolution(stage.filters, kernel=1, name=f"{name}_project")
    x = _normalised(project, x, activate=False)
    if stage.stride == 1 and stage.filters == filters:
        x = layers.Add(name=f"{name}_add")([entry, x])
    return x


def _convolution(filters: int, kernel: int, name: str, stride: int = 1) -> layers.Conv2D:
    """Return a convolution without a bias, which the batch norm after it would cancel."""
    return layers.Conv2D(filters, kernel, strides=stride, padding="same", use_bias=False, name=name)


def _normalised(
    convolution: layers.Layer, x: keras.KerasTensor, activate: bool = True
) -> keras.KerasTensor:
    """Apply a convolution, its batch norm and, unless the block stays linear, ReLU6."""
    x = convolution(x)
    x = layers.BatchNormalization(epsilon=BATCH_NORM_EPSILON, name=f"{convolution.name}_norm")(x)
    if activate:
        x = layers.ReLU(max_value=6.0, name=f"{convolution.name}_relu6")(x)
    return x
