"""The engine's side of a comparison, and the model that it and its peers explain."""

from functools import cache

import keras
import numpy as np
from numpy.typing import NDArray

import tfinterp_widgets as tw
from peers.comparing import STEPS, Example, Explain
from tfinterp_widgets.engine.methods import Method

BASELINES = {"black": 0.0, "grey": 127.0}
"""In pixels; what the model gets of them is -127/128 and 0."""

LAYER = "head_relu6"
"""The last feature map, 7 x 7 x 1280: what the engine would choose, named for who has no choice."""


@cache
def logits_model() -> keras.Model:
    """The embedded model without its softmax, for peers that explain whatever a model returns."""
    model = tw.samples.imagenet().model
    head = model.layers[-1]
    linear = keras.layers.Dense(head.units, name="logits")
    logits = keras.Model(model.input, linear(head.input))
    linear.set_weights(head.get_weights())
    return logits


@cache
def photographs() -> NDArray[np.uint8]:
    """All that are inside, (8, H, W, 3), for peers that take a batch."""
    return np.stack([*tw.samples.photos().values()])


@cache
def engine() -> tw.AttributionEngine:
    """Without a cache, so that every run computes everything."""
    sample = tw.samples.imagenet()
    return tw.AttributionEngine(sample.model, preprocess=sample.preprocess, cache_bytes=0)


def explained_by(method: Method) -> Explain:
    """The whole of what a user calls, from pixels on."""

    def explain(example: Example) -> tw.Attribution:
        return engine().attribute(example.pixels, example.target, method)

    return explain


def explained_together(method: Method) -> Explain:
    """A batch, each photograph for the same class."""

    def explain(example: Example) -> list[tw.Attribution]:
        return engine().attribute_batch(photographs(), example.target, method)

    return explain


def integrated(baseline: str = "black") -> Explain:
    """Integrated gradients with the rule that the engine chooses by itself."""
    return explained_by(tw.IntegratedGradients(STEPS, BASELINES[baseline]))
