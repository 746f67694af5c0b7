"""How long 64 steps take: against the bare gradient, and against the tutorial's eager code.

The bare gradient ("floor") is a compiled gradient of the logits at the batch size that suits the
machine best; 64 of them are the least that 64 steps can cost without changing the model. All three
run in turn in one process, so that the machine's noise hits them alike; what is printed is the
median of the ratios of neighbours.
"""

import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import numpy as np
import tensorflow as tf

import tfinterp_widgets as tw

STEPS = 64
ROUNDS = 9
BATCHES = (1, 2, 4, 8, 16, 32)


def seconds(run: Callable[[], Any]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def logits_of(model: keras.Model) -> Callable[[tf.Tensor], tf.Tensor]:
    """The model up to its softmax, recomputed from kernel and bias."""
    head = model.layers[-1]
    features = keras.Model(model.input, head.input)

    def logits(batch: tf.Tensor) -> tf.Tensor:
        return features(batch, training=False) @ head.kernel + head.bias

    return logits


def bare_gradient(logits: Callable[[tf.Tensor], tf.Tensor]) -> Callable[[tf.Tensor], tf.Tensor]:
    @tf.function  # type: ignore[untyped-decorator]
    def gradient(batch: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(batch)
            score = tf.reduce_sum(logits(batch)[:, 285])
        return tape.gradient(score, batch)

    compiled: Callable[[tf.Tensor], tf.Tensor] = gradient
    return compiled


def tutorial(logits: Callable[[tf.Tensor], tf.Tensor], x: tf.Tensor, start: tf.Tensor) -> tf.Tensor:
    """What tutorials do: all points in one batch, eagerly, the mean over both ends included."""
    alphas = tf.linspace(0.0, 1.0, STEPS + 1)[:, None, None, None]
    with tf.GradientTape() as tape:
        points = start + alphas * (x - start)
        tape.watch(points)
        score = logits(points)[:, 285]
    return tf.reduce_mean(tape.gradient(score, points), axis=0) * (x - start)


def main() -> None:
    sample = tw.samples.imagenet()
    photo = tw.samples.photos()["cat"]
    logits = logits_of(sample.model)
    gradient = bare_gradient(logits)
    x = tf.constant(sample.preprocess(photo[None].astype(np.float32)))
    start = tf.constant(sample.preprocess(np.zeros((1, *photo.shape), np.float32)))
    method = tw.IntegratedGradients(STEPS, rule="graded")
    # Without a cache, so that every run computes everything.
    engine = tw.AttributionEngine(sample.model, preprocess=sample.preprocess, cache_bytes=0)

    per_image = {}
    for size in BATCHES:
        batch = tf.repeat(x, size, axis=0)
        gradient(batch)
        per_image[size] = min(seconds(partial(gradient, batch)) for _ in range(7)) / size
    best = min(per_image, key=lambda size: per_image[size])
    print("bare gradient, ms an image by batch:")
    print("  ", ", ".join(f"{size}: {1000 * s:.1f}" for size, s in per_image.items()))
    batch = tf.repeat(x, best, axis=0)

    def floor() -> None:
        for _ in range(STEPS // best):
            gradient(batch).numpy()

    def ours() -> None:
        engine.attribute(photo, 285, method)

    def eager() -> None:
        tutorial(logits, x[0], start[0]).numpy()

    for warm_up in (floor, ours, eager):
        warm_up()
    rounds = [(seconds(floor), seconds(ours), seconds(eager)) for _ in range(ROUNDS)]
    print(f"chunks compiled: {engine.compiled_sizes}; best batch of the bare gradient: {best}")
    for name, column in (("floor", 0), ("ours", 1), ("tutorial, eager", 2)):
        print(f"{name}: {statistics.median(r[column] for r in rounds):.3f} s")
    print(f"ours / floor: {statistics.median(o / f for f, o, _ in rounds):.3f} (goal: <= 1.10)")
    print(f"tutorial / ours: {statistics.median(e / o for _, o, e in rounds):.2f} (goal: >= 2)")


if __name__ == "__main__":
    main()
