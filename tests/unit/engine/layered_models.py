"""One small convolutional classifier of 8 x 8 x 3 images, written in every way people write it.

Its feature map is called "map" wherever a layer returns it: a convolution, batch normalisation and
ReLU. Weights have both signs, and the statistics of the normalisation are not the initial ones.
"""

import keras
import numpy as np
import tensorflow as tf

CHANNELS = 6


def blocks(layers):
    """Make the layers, of Keras 3 or of Keras 2: up to the feature map, and after it."""
    return (
        [
            layers.Conv2D(4, 3, activation="relu", padding="same", name="first"),
            layers.Conv2D(CHANNELS, 3, name="second"),
            layers.BatchNormalization(name="norm"),
            layers.ReLU(name="map"),
        ],
        [layers.GlobalAveragePooling2D(name="pool"), layers.Dense(4, name="head")],
    )


def sequential(package=keras):
    body, head = blocks(package.layers)
    return package.Sequential([package.layers.Input((8, 8, 3)), *body, *head])


def functional(package=keras):
    body, head = blocks(package.layers)
    x = package.layers.Input((8, 8, 3))
    y = x
    for layer in body + head:
        y = layer(y)
    return package.Model(x, y)


def nested(package=keras):
    body, head = blocks(package.layers)
    features = package.Sequential([package.layers.Input((8, 8, 3)), *body], name="features")
    return package.Sequential([package.layers.Input((8, 8, 3)), features, *head])


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.body, self.head = blocks(keras.layers)

    def call(self, x):
        for layer in self.body + self.head:
            x = layer(x)
        return x


class WithFunctions(keras.Model):
    """Its feature map is made by its own code, after the last layer before the pooling."""

    def __init__(self):
        super().__init__()
        (self.first, self.second, self.norm, _), (self.pool, self.head) = blocks(keras.layers)

    def call(self, x, training=False):
        y = self.norm(self.second(self.first(x)), training=training)
        return self.head(self.pool(tf.nn.relu(y)))


def keras_2():
    import tf_keras

    return nested(tf_keras)


MAKERS = [sequential, functional, nested, Subclassed, WithFunctions, keras_2]


def made(maker):
    """Build a model of this kind; all kinds have the same weights, and so the same answers."""
    model = maker()
    model(np.zeros((1, 8, 8, 3), np.float32))
    rng = np.random.default_rng(11)
    for name in ("first", "second", "norm", "head"):
        layer = layer_named(model, name)
        weights = [rng.normal(0, 0.5, w.shape) for w in layer.get_weights()]
        if name == "norm":  # its last one is the variance
            weights[-1] = rng.uniform(0.5, 2, CHANNELS)
        layer.set_weights(weights)
    return model


def feature_map(model, points):
    """The feature map and the scores as a function of it, by hand from the layers."""
    first, second, norm, head = (layer_named(model, n) for n in ("first", "second", "norm", "head"))
    y = tf.nn.relu(norm(second(first(points)), training=False))
    return y, lambda features: head(tf.reduce_mean(features, axis=(1, 2)))


def layer_named(model, name):
    return next(layer for layer in model._flatten_layers() if layer.name == name)
