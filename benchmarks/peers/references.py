"""What integrated gradients should come to: many Gauss-Legendre nodes, for some photographs.

Run as a program, which writes them into a file; peers without TensorFlow then need no more.
"""

import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peers.comparing import Example

NODES = 512
"""Their own error of the map is below .01."""

PHOTOGRAPHS = 4

Reference = tuple[NDArray[np.float32], float]
"""The values, and F(x) - F(x')."""


def write(path: Path) -> None:
    """Explain the top class of each from either baseline."""
    import tfinterp_widgets as tw
    from peers.ours import BASELINES, engine

    arrays: dict[str, Any] = {}
    for name, pixels in islice(tw.samples.photos().items(), PHOTOGRAPHS):
        target = engine().predict(pixels, top=1)[0].index
        arrays |= {
            f"{name}/pixels": pixels,
            f"{name}/x": tw.samples.imagenet().preprocess(pixels),
            f"{name}/target": np.array(target),
        }
        for baseline, value in BASELINES.items():
            method = tw.IntegratedGradients(NODES, value, rule="gauss-legendre")
            answer = engine().attribute(pixels, target, method)
            arrays[f"{name}/{baseline}"] = answer.values
            difference = answer.values.sum(dtype=np.float64) - answer.convergence_delta
            arrays[f"{name}/{baseline} difference"] = difference
    np.savez(path, **arrays)


def read(path: Path, baseline: str) -> Iterator[tuple[Example, Reference]]:
    """Each photograph with what its integrated gradients should be; the cat is first."""
    with np.load(path) as stored:
        for name in dict.fromkeys(key.split("/")[0] for key in stored):
            pixels, x, target = (stored[f"{name}/{key}"] for key in ("pixels", "x", "target"))
            reference = stored[f"{name}/{baseline}"]
            difference = float(stored[f"{name}/{baseline} difference"])
            yield Example(pixels, x, int(target)), (reference, difference)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
