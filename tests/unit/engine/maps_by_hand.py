"""Class activation maps worked out position by position."""

import numpy as np

from tfinterp_widgets.engine import GradCAM, LayerCAM


def by_hand(method, activations, gradients):
    """The map (h, w) from activations and gradients (h, w, K), position by position."""
    height, width, channels = activations.shape
    answer = np.zeros((height, width))
    for k in range(channels):
        a, g = activations[..., k].astype(np.float64), gradients[..., k].astype(np.float64)
        if method is GradCAM:
            answer += g.mean() * a
        elif method is LayerCAM:
            answer += np.maximum(g, 0) * a
        else:
            weight = 0.0
            for i in range(height):
                for j in range(width):
                    numerator = g[i, j] ** 2
                    denominator = 2 * g[i, j] ** 2 + a.sum() * g[i, j] ** 3
                    if numerator != 0:
                        weight += numerator / denominator * max(g[i, j], 0)
            answer += weight * a
    return np.maximum(answer, 0)


def enlarged(answer, size):
    """Bilinear interpolation by hand, with half-pixel centres."""
    for axis, length in enumerate(size):
        n = answer.shape[axis]
        at = np.clip((np.arange(length) + 0.5) * n / length - 0.5, 0, n - 1)
        low = np.minimum(at.astype(int), n - 2)
        share = np.expand_dims(at - low, 1 - axis)
        answer = (1 - share) * answer.take(low, axis) + share * answer.take(low + 1, axis)
    return answer
