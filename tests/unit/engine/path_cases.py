"""What the tests of path methods share: scores that count, and what PAIR's package found."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import tensorflow as tf

FIXTURE = Path(__file__).parents[2] / "fixtures" / "saliency_paths.npz"


def pair_results(part: str) -> dict[str, np.ndarray]:
    """What scripts/fixtures/make_saliency_paths.py has written about one method."""
    with np.load(FIXTURE) as stored:
        names = [name for name in stored if name.startswith(f"{part}_")]
        return {name.removeprefix(f"{part}_"): stored[name] for name in names}


def weights(shape: tuple[int, ...]) -> np.ndarray:
    """Four smooth patterns over an input, as that script makes them."""
    places = np.arange(np.prod(shape))
    patterns = [np.cos(places * (k + 1) / 7.3 + k) for k in range(4)]
    return np.stack(patterns).reshape(4, *shape).astype(np.float32)


def tanh_score(kernel: np.ndarray) -> Callable[[tf.Tensor], tf.Tensor]:
    """Make F(x) = sum_k tanh(w_k x), smooth and not separable."""
    axes = [*range(1, kernel.ndim)]
    return lambda batch: tf.reduce_sum(tf.tanh(tf.tensordot(batch, kernel, [axes, axes])), axis=1)


def linear_score(kernel: np.ndarray) -> Callable[[tf.Tensor], tf.Tensor]:
    """Make F(x) = w x."""
    return lambda batch: tf.reduce_sum(batch * kernel, axis=[*range(1, kernel.ndim + 1)])


def counting(function: Callable[[tf.Tensor], tf.Tensor]) -> tuple[Callable, list[int]]:
    """Make F(x) = sum of function(x_i), and a list to which each run adds its number of points."""
    sizes: list[int] = []

    def note(batch):
        sizes.append(len(batch))
        return batch

    def model(batch):
        seen = tf.stop_gradient(tf.py_function(note, [batch], tf.float32))
        flat = tf.reshape(batch, (tf.shape(batch)[0], -1))
        return tf.reduce_sum(function(flat), axis=1) + 0 * tf.reduce_sum(seen)

    return model, sizes
