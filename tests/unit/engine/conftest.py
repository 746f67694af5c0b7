"""Small models whose attributions can be worked out by hand."""

from collections.abc import Callable

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import AttributionEngine

Elementwise = Callable[[tf.Tensor], tf.Tensor]


@pytest.fixture
def separable():
    """Make an engine for F(x) = sum of f(x_i), one unit, so that values are f(x_i) - f(x'_i)."""

    def make(function: Elementwise, **options) -> AttributionEngine:
        def model(batch):
            flat = tf.reshape(batch, (tf.shape(batch)[0], -1))
            return tf.reduce_sum(function(flat), axis=1)

        return AttributionEngine(model, **options)

    return make


@pytest.fixture(scope="session")
def classifier() -> keras.Model:
    """A small untrained convolutional classifier of 8 x 8 x 3 images, ending in a softmax."""
    keras.utils.set_random_seed(7)
    return keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            keras.layers.Conv2D(8, 3, activation="relu"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(5, activation="softmax"),
        ]
    )


@pytest.fixture
def image() -> np.ndarray:
    """Return one 8 x 8 x 3 input."""
    return np.random.default_rng(3).normal(size=(8, 8, 3)).astype(np.float32)


@pytest.fixture
def x() -> np.ndarray:
    """Return one 2 x 2 x 3 input, as `small_models` take it."""
    return np.random.default_rng(0).normal(size=(2, 2, 3)).astype(np.float32)
