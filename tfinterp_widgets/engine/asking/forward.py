"""Plain forward passes, remembered: end points, baselines, predictions."""

from __future__ import annotations

from collections.abc import Hashable
from copy import copy

import numpy as np
import tensorflow as tf

from tfinterp_widgets.engine.asking.arrays import Array
from tfinterp_widgets.engine.asking.cache import ByteLimitedCache
from tfinterp_widgets.engine.computing.differentiable import Differentiable
from tfinterp_widgets.engine.digests import digest
from tfinterp_widgets.engine.models.reading import Outputs


def rounds_to_tf32() -> bool:
    """Whether TensorFlow rounds to TensorFloat-32 where a GPU can, which changes answers."""
    return bool(tf.config.experimental.tensor_float_32_execution_enabled())


class Forward:
    """Plain forward passes at single points, remembered by content.

    Parameters
    ----------
    model : Differentiable
    cache : ByteLimitedCache
    state : hashable
        What the answers depend on beside the point: the weights' fingerprint.
    """

    def __init__(self, model: Differentiable, cache: ByteLimitedCache, state: Hashable) -> None:
        self._model = model
        self._cache = cache
        self._state = state, rounds_to_tf32()

    def by(self, model: Differentiable) -> Forward:
        """The same, with its passes run by another view of the model."""
        view = copy(self)
        view._model = model
        return view

    def __call__(self, points: list[Array]) -> list[Outputs]:
        """What the model says of each point; those not known yet go through together."""
        keys = [("forward", self._state, digest(point)) for point in points]
        missing = {}
        known: dict[Hashable, Outputs] = {}
        for key, point in zip(keys, points, strict=True):
            found = self._cache.get(key)
            if found is None:
                missing[key] = point
            else:
                known[key] = found
        if missing:
            for key, said in zip(
                missing, self._model.outputs(np.stack([*missing.values()])), strict=True
            ):
                known[key] = said
                self._cache.put(key, said, sum(a.nbytes for a in said if a is not None))
        return [known[key] for key in keys]
