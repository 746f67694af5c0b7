"""Gradients around an input: where SmoothGrad and VarGrad look."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.parameters import real_number, whole_number
from tfinterp_widgets.engine.sampling.draws import normal
from tfinterp_widgets.engine.tensors import as_tensor


def check_noise(samples: Any, noise: Any, seed: Any, at_least: int) -> dict[str, int | float]:
    """Return the parameters of `noisy_gradients` as plain numbers, by name.

    Raises
    ------
    TypeError, ValueError
        Unless `samples` is a whole number of at least `at_least`, `noise` a finite number from 0,
        and `seed` a whole number from 0.
    """
    return {
        "samples": whole_number("samples", samples, at_least),
        "noise": real_number("noise", noise, at_least=0),
        "seed": whole_number("seed", seed, at_least=0),
    }


def noisy_gradients(
    question: Question, samples: int, noise: float, seed: int
) -> Iterator[tuple[int, Any]]:
    """Differentiate at ``x + sigma z``, z standard normal, chunk by chunk.

    Parameters
    ----------
    question : Question
    samples : int
        How many points.
    noise : float
        sigma as a share of max - min of the input, in model space; of several inputs each has its
        own.
    seed : int

    Yields
    ------
    seen : int
        How many points are done.
    gradients : tensor of float32, shape (n, ...)
        Those of the chunk.
    """
    point = as_tensor(question.point)
    sigma = as_tensor(_sigma(question, noise))
    for begin, end in question.chunks(samples):
        draws = normal(seed, begin, end, question.point.shape)
        _, gradients = question.gradients(point + sigma * draws)
        yield end, gradients


def _sigma(question: Question, noise: float) -> NDArray[np.float32]:
    """The noise of each number of the point; none where it is carried along, as token ids are."""
    layout = question.layout
    arrays = layout.unpack(question.point)
    shares = {leaf.name: 0.0 if leaf.carried else noise for leaf in layout.leaves}
    return layout.pack(
        {
            name: np.full(array.shape, shares[name] * np.ptp(array), np.float32)
            for name, array in arrays.items()
        }
    )
