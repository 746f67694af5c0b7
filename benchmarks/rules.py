"""How far each quadrature rule is from the answer: of the map, and of the sum.

Over all sample photographs, from a black and a mid-grey baseline, against 768 graded midpoints: the
relative L1 error of the map (H, W), and the completeness error. Medians.
"""

import statistics
import sys
from collections import defaultdict

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

import tfinterp_widgets as tw

RULES = ("endpoint-mean", "trapezoid", "gauss-legendre", "graded", "midpoint", "left", "right")
STEPS = (16, 32, 64, 128)
REFERENCE_STEPS = 768
CHUNK = 8

Sample = tw.samples.ImageNetSample
Photo = NDArray[np.uint8]
Map = NDArray[np.float64]


def reference(sample: Sample, photo: Photo, baseline: float, target: int) -> Map:
    """Map by 768 midpoints in t = sqrt(alpha), by TensorFlow alone: nothing under test is used."""
    head = sample.model.layers[-1]
    features = keras.Model(sample.model.input, head.input)

    @tf.function  # type: ignore[untyped-decorator]
    def gradient(batch: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            tape.watch(batch)
            logits = features(batch, training=False) @ head.kernel + head.bias
            score = tf.reduce_sum(logits[:, target])
        return tape.gradient(score, batch)

    x, start = (
        sample.preprocess(np.asarray(image, np.float32)[None])
        for image in (photo, np.full(photo.shape, baseline))
    )
    midpoints = (np.arange(REFERENCE_STEPS, dtype=np.float32) + 0.5) / REFERENCE_STEPS
    total = np.zeros(photo.shape)
    for chunk in np.split(midpoints, REFERENCE_STEPS // CHUNK):
        t = chunk[:, None, None, None]
        gradients = gradient(tf.constant(start + t**2 * (x - start))).numpy()
        total += (2 * t / REFERENCE_STEPS * gradients).sum(axis=0)
    return np.asarray((total * (x - start)[0]).sum(axis=-1))


def main() -> None:
    sample = tw.samples.imagenet()
    engine = tw.AttributionEngine(sample.model, preprocess=sample.preprocess, batch_size=CHUNK)
    maps, sums = defaultdict(list), defaultdict(list)
    for name, photo in tw.samples.photos().items():
        for baseline in (0.0, 127.5):
            target = engine.predict(photo, top=1)[0].index
            exact = reference(sample, photo, baseline, target)
            for rule in RULES:
                for steps in STEPS:
                    a = engine.attribute(
                        photo, method=tw.IntegratedGradients(steps, baseline, rule)
                    )
                    maps[rule, steps].append(
                        np.abs(a.heatmap() - exact).sum() / np.abs(exact).sum()
                    )
                    sums[rule, steps].append(a.relative_error)
            print(f"{name}, baseline {baseline}: done", file=sys.stderr, flush=True)
    for title, errors in (("relative L1 error of the map", maps), ("completeness error", sums)):
        print(f"\n{title}, median".ljust(34), *(f"n={n}".rjust(6) for n in STEPS))
        for rule in RULES:
            row = (f"{statistics.median(errors[rule, n]):6.3f}" for n in STEPS)
            print(rule.ljust(32), *row)
    ratio = statistics.median(maps["graded", 64]) / statistics.median(maps["trapezoid", 64])
    print(f"\ngraded / trapezoid, map error at 64: {ratio:.2f} (goal: <= 0.75)")


if __name__ == "__main__":
    main()
