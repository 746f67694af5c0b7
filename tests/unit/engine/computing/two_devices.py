"""Explains on one and on two logical CPU devices; writes, as JSON, how the answers compare.

In a process of its own, since TensorFlow takes logical devices only before it has begun.
"""

import json
import sys

import keras
import numpy as np
import tensorflow as tf

from tfinterp_widgets.engine import (
    RISE,
    AttributionEngine,
    GradCAM,
    IntegratedGradients,
    Saliency,
    SmoothGrad,
)

IMAGE = np.random.default_rng(3).normal(size=(8, 8, 3)).astype(np.float32)
METHODS = [
    Saliency(),
    IntegratedGradients(50, rule="graded"),
    IntegratedGradients(7, rule="midpoint"),
    SmoothGrad(samples=30),
    RISE(masks=100),
    GradCAM(),
]


def classifier():
    keras.utils.set_random_seed(7)
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Conv2D(8, 3),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.GlobalAveragePooling2D(),
            layers.Dense(5, activation="softmax"),
        ]
    )


def ran_on(engine):
    """The devices on which gradients were taken, and on which the model was evaluated."""
    (model,) = engine._models._by_layout.values()
    return [
        sorted({device for _, device in chunks._warm})
        for chunks in (model._gradients._classes[1], model._forward)
    ]


def compare(model, **options):
    one = AttributionEngine(model, devices=["CPU:0"], **options)
    two = AttributionEngine(model, devices="auto", **options)
    differences = {}
    for method in METHODS:
        ours, theirs = (engine.attribute(IMAGE, 1, method) for engine in (two, one))
        largest = np.abs(theirs.values).max()
        differences[repr(method)] = float(np.abs(ours.values - theirs.values).max() / largest)
        assert ours.evaluations == theirs.evaluations
    progress = [a.progress for a in two.refine(-IMAGE, 1, METHODS[1])]
    return {
        "differences": differences,
        "in a batch": [compared_in_batch(one, two, method) for method in (Saliency(), GradCAM())],
        "ran on": ran_on(two),
        "progress": progress,
    }


def compared_in_batch(one, two, method):
    """The largest difference, of inputs that go through the model together."""
    batch = [scale * IMAGE for scale in np.linspace(2, 3, 23)]
    targets = [number % 5 for number in range(23)]
    ours, theirs = (
        np.stack([answer.values for answer in engine.attribute_batch(batch, targets, method)])
        for engine in (two, one)
    )
    return float(np.abs(ours - theirs).max() / np.abs(theirs).max())


def crowded(batch):
    """A function for which more than three points are too many."""
    if batch.shape[0] > 3:
        raise tf.errors.ResourceExhaustedError(None, None, "out of memory")
    return tf.reduce_sum(batch**3, axis=1)


def main():
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    tight = AttributionEngine(crowded, devices=["CPU:1", "/device:cpu:0"], batch_size=16)
    answer = tight.attribute(np.array([1.0, 2.0]), 0, IntegratedGradients(64, rule="midpoint"))
    result = {
        "found": compare(classifier()),
        "given": compare(classifier(), batch_size=5),
        "crowded": answer.values.tolist(),
        "crowded on": sorted({d for _, d in _gradients(tight)._warm}),
    }
    sys.stdout.write(json.dumps(result) + "\n")


def _gradients(engine):
    (model,) = engine._models._by_layout.values()
    return model._gradients._classes[1]


if __name__ == "__main__":
    main()
