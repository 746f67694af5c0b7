"""How sure methods that draw samples are, on the classifier inside, and how well they know it.

Prints the standard error of SmoothGrad beside its values, pixel by pixel and smoothed, and the
error of expected gradients beside the one they tell and beside that of independent draws.
"""

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

import tfinterp_widgets as tw
from tfinterp_widgets.engine.asking.question import Question

TARGET = 285
SMOOTHING = 3.0
REFERENCE_STEPS = 256


def main() -> None:
    sample = tw.samples.imagenet()
    engine = tw.AttributionEngine(sample.model, preprocess=sample.preprocess)
    photos = tw.samples.photos()
    cat = photos.pop("cat")

    first, second = (engine.attribute(cat, TARGET, tw.SmoothGrad(50, seed=k)) for k in (0, 1))
    told = first.standard_error.mean() / np.abs(first.values).mean()
    print(f"SmoothGrad, 50 samples: mean standard error / mean magnitude {told:.2f}")
    maps = [gaussian_filter(each.values.sum(axis=-1), SMOOTHING) for each in (first, second)]
    apart = root_mean_square(maps[0] - maps[1]) / np.sqrt(2) / np.abs(maps[0]).mean()
    print(f"    its sum over channels, smoothed by {SMOOTHING:g} pixels: {apart:.2f}")

    others = np.stack([*photos.values()])
    several = tw.baselines.average_of(others)
    method = tw.IntegratedGradients(REFERENCE_STEPS, several, "midpoint")
    exact = engine.attribute(cat, TARGET, method).values
    size = root_mean_square(exact)
    question = engine.ask(cat, TARGET)
    starts = np.stack([question.to_model_space(photo.astype(np.float32)) for photo in others])
    for samples in (70, 210, 700):
        ours = engine.attribute(cat, TARGET, tw.ExpectedGradients(others, samples))
        error = root_mean_square(ours.values - exact) / size
        said = root_mean_square(ours.standard_error) / size
        plain = root_mean_square(independent(question, starts, samples) - exact) / size
        print(
            f"Expected gradients, {samples} samples from {len(others)} photographs: error "
            f"{error:.3f} of the values' size, told {said:.3f}; independent draws {plain:.3f}; "
            f"completeness error {ours.relative_error:.3f}"
        )


def independent(
    question: Question, starts: NDArray[np.float32], samples: int
) -> NDArray[np.float32]:
    """Expected gradients as in the paper: any baseline and any alpha for each draw."""
    rng = np.random.default_rng(0)
    total = np.zeros(question.point.shape, np.float32)
    for begin, end in question.chunks(samples):
        start = starts[rng.integers(len(starts), size=end - begin)]
        alpha = rng.random((end - begin, 1, 1, 1)).astype(np.float32)
        difference = question.point - start
        _, gradients = question.gradients(tf.constant(start + alpha * difference))
        total += (difference * gradients.numpy()).sum(axis=0)
    return (total / samples).astype(np.float32)


def root_mean_square(values: NDArray[np.float32]) -> float:
    return float(np.sqrt(np.square(values, dtype=np.float64).mean()))


if __name__ == "__main__":
    main()
