"""Captum runs on PyTorch and is not timed: accuracy alone, with the same network and weights.

The rule is Gauss-Legendre; the weights of its trapezoid do not sum to one.
"""

from functools import cache
from typing import Any

import numpy as np
import torch
from captum.attr import IntegratedGradients
from make_captum_fixture import WEIGHTS, EfficientNetLite0  # in scripts

from peers.comparing import BATCH, MODEL_BLACK, STEPS, Comparison, Example, integrated_gradients


@cache
def _network() -> EfficientNetLite0:
    with np.load(WEIGHTS) as stored:
        return EfficientNetLite0(
            {name: torch.from_numpy(stored[name].astype(np.float32)) for name in stored}
        )


def _explain(example: Example) -> Any:
    x = torch.from_numpy(example.x).permute(2, 0, 1)[None]
    values = IntegratedGradients(_network()).attribute(
        x,
        torch.full_like(x, MODEL_BLACK),
        example.target,
        n_steps=STEPS,
        method="gausslegendre",
        internal_batch_size=BATCH,
    )
    return values[0].permute(1, 2, 0).detach().numpy()


def _integrated_gradients() -> Comparison:
    return integrated_gradients(_explain, None, remark="PyTorch: not timed")


COMPARISONS = (_integrated_gradients,)
