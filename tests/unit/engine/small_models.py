"""One small classifier, written in every way that people write models."""

import keras
import numpy as np
import tensorflow as tf

from tfinterp_widgets.engine import Saliency


def layers(activation):
    return [keras.layers.Flatten(), keras.layers.Dense(4, activation=activation, name="head")]


def functional(activation):
    x = keras.Input((2, 2, 3))
    y = x
    for layer in layers(activation):
        y = layer(y)
    return keras.Model(x, y)


def sequential(activation):
    return keras.Sequential([keras.Input((2, 2, 3)), *layers(activation)])


def separate_activation(activation):
    last = keras.layers.Softmax() if activation == "softmax" else keras.layers.Activation("sigmoid")
    return keras.Sequential([keras.Input((2, 2, 3)), *layers(None), last])


def nested(activation):
    return keras.Sequential([keras.Input((2, 2, 3)), sequential(activation)])


class Subclassed(keras.Model):
    def __init__(self, activation):
        super().__init__()
        self.flatten, self.head = layers(activation)

    def call(self, x, training=False):
        return self.head(self.flatten(x)) if not training else x


class WithoutTraining(keras.Model):
    def __init__(self, activation):
        super().__init__()
        self.head = layers(None)[1]
        self.activation = getattr(tf.nn, activation)

    def call(self, x):
        return self.activation(self.head(tf.reshape(x, (tf.shape(x)[0], 12))))


MAKERS = [functional, sequential, separate_activation, nested, Subclassed, WithoutTraining]


def scores(engine, x):
    return np.array([engine.attribute(x, target=k, method=Saliency()).score for k in range(4)])
