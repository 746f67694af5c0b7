"""Have Captum attribute what our engine will be compared with.

Builds EfficientNet-Lite0 a second time, in PyTorch, on the weights that the package carries, and
writes Captum's integrated gradients of two photographs to ``tests/fixtures``. The tests then need
no PyTorch. In an environment of its own::

    pip install numpy pillow torch captum
    PYTHONPATH=. python scripts/make_captum_fixture.py

The rule is Gauss-Legendre, since the weights of Captum's trapezoid do not sum to one. It runs in
float64, so that what separates the two is our rounding alone.
"""

from pathlib import Path
from typing import Any

import captum
import numpy as np
import torch
from captum.attr import IntegratedGradients
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from tfinterp_widgets.samples import photos
from tfinterp_widgets.samples.imagenet import preprocess

ROOT = Path(__file__).parents[1]
WEIGHTS = ROOT / "tfinterp_widgets" / "samples" / "data" / "efficientnet_lite0.npz"
FIXTURE = ROOT / "tests" / "fixtures" / "captum_integrated_gradients.npz"

TARGETS = {"cat": 285, "coffee": 967}
STEPS = 32
CHUNK = 8

# The blocks of each stage, whether they expand, and the stride of the first.
STAGES = (
    (("1a",), False, 1),
    (("2a", "2b"), True, 2),
    (("3a", "3b"), True, 2),
    (("4a", "4b", "4c"), True, 2),
    (("5a", "5b", "5c"), True, 1),
    (("6a", "6b", "6c", "6d"), True, 2),
    (("7a",), True, 1),
)


class EfficientNetLite0:
    """The network up to its logits."""

    def __init__(self, weights: dict[str, Tensor]) -> None:
        self.weights = weights

    def __call__(self, x: Tensor) -> Tensor:
        """Map (batch, 3, 224, 224) in model space to (batch, 1000)."""
        x = self.convolve(x, "stem", stride=2)
        for names, expands, stage_stride in STAGES:
            for index, name in enumerate(names):
                x = self.block(x, f"block{name}", expands, stage_stride if index == 0 else 1)
        x = self.convolve(x, "head").mean(dim=(2, 3))
        return x @ self.weights["predictions/kernel"] + self.weights["predictions/bias"]

    def block(self, x: Tensor, name: str, expands: bool, stride: int) -> Tensor:
        """Expand, convolve each channel by itself, project; add the input where it fits."""
        y = self.convolve(x, f"{name}_expand") if expands else x
        y = self.convolve(y, f"{name}_depthwise", stride)
        y = self.convolve(y, f"{name}_project", activate=False)
        return x + y if y.shape == x.shape else y

    def convolve(self, x: Tensor, name: str, stride: int = 1, activate: bool = True) -> Tensor:
        """Apply a convolution, its batch norm in inference mode, and ReLU6."""
        kernel = self.weights[f"{name}/kernel"]
        depthwise = name.endswith("_depthwise")
        kernel = kernel.permute(2, 3, 0, 1) if depthwise else kernel.permute(3, 2, 0, 1)
        x = functional.conv2d(
            _pad_same(x, kernel.shape[-1], stride),
            kernel,
            stride=stride,
            groups=len(kernel) if depthwise else 1,
        )
        x = functional.batch_norm(
            x,
            self.weights[f"{name}_norm/moving_mean"],
            self.weights[f"{name}_norm/moving_variance"],
            self.weights[f"{name}_norm/gamma"],
            self.weights[f"{name}_norm/beta"],
            eps=1e-3,
        )
        return functional.relu6(x) if activate else x


def _pad_same(x: Tensor, kernel: int, stride: int) -> Tensor:
    """Pad as TensorFlow's SAME does: an odd pixel goes to the right and to the bottom."""
    size = x.shape[-1]
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    before, after = total // 2, total - total // 2
    return functional.pad(x, (before, after, before, after))


def main() -> None:
    """Attribute both photographs and write the fixture."""
    with np.load(WEIGHTS) as stored:
        weights = {name: torch.from_numpy(stored[name].astype(np.float64)) for name in stored}
    network = EfficientNetLite0(weights)
    images = photos()
    fixture: dict[str, Any] = {
        "steps": np.array(STEPS),
        "rule": np.array("gauss-legendre"),
        "versions": np.array(f"captum {captum.__version__}, torch {torch.__version__}"),
    }
    for name, target in TARGETS.items():
        fixture |= {
            f"{name}_{key}": value
            for key, value in attribute(network, images[name], target).items()
        }
    FIXTURE.parent.mkdir(exist_ok=True)
    np.savez_compressed(FIXTURE, **fixture)


def attribute(
    network: EfficientNetLite0, image: NDArray[np.uint8], target: int
) -> dict[str, NDArray[np.generic]]:
    """Attribute one photograph's logit, from black, with Captum.

    The values are kept in float16 after a division by `scale`, a power of two that puts the
    largest near one: kept as they are, most would be below what float16 resolves.
    """
    x, black = (
        torch.from_numpy(preprocess(pixels).astype(np.float64)).permute(2, 0, 1)[None]
        for pixels in (image, np.zeros_like(image))
    )
    attributions = IntegratedGradients(network).attribute(
        x, black, target, n_steps=STEPS, method="gausslegendre", internal_batch_size=CHUNK
    )
    values = attributions[0].permute(1, 2, 0).detach().numpy()
    scale = 2.0 ** np.ceil(np.log2(np.abs(values).max()))
    with torch.no_grad():
        score, baseline_score = network(torch.cat([x, black]))[:, target].tolist()
    return {
        "target": np.array(target),
        "values": (values / scale).astype(np.float16),
        "scale": np.array(scale),
        "score": np.array(score),
        "baseline_score": np.array(baseline_score),
    }


if __name__ == "__main__":
    main()
