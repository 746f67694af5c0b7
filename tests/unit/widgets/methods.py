"""A small model that every method can explain, and few samples, so that each takes no time."""

import numpy as np

import tfinterp_widgets as tw

SIDE = 16

SMALL = {
    "SmoothGrad": {"samples": 12},
    "VarGrad": {"samples": 12},
    "ExpectedGradients": {"samples": 12},
    "Occlusion": {"window": 4, "stride": 3},
    "RISE": {"masks": 24, "grid": 3},
    "LIME": {"samples": 24, "region_count": 6, "regions": "patches"},
    "KernelSHAP": {"samples": 24, "region_count": 6, "regions": "patches"},
    "LayerIntegratedGradients": {"layer": "deep"},
}
"""Parameters for each method that would otherwise take long, and a layer with few cells."""


def conv_model():
    import keras

    keras.utils.set_random_seed(3)
    return keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 3)),
            keras.layers.Rescaling(1 / 255, name="rescaling"),
            keras.layers.Conv2D(4, 3, padding="same", activation="relu", name="early"),
            keras.layers.Conv2D(6, 3, strides=4, padding="same", activation="relu", name="deep"),
            keras.layers.Flatten(),
            keras.layers.Dense(3, activation="softmax", name="scores"),
        ],
        name="small",
    )


def conv_images():
    random = np.random.default_rng(0)
    return {name: random.integers(0, 256, (SIDE, SIDE, 3), np.uint8) for name in ("tabby", "husky")}


def explorer_of(engine, **traits):
    return tw.AttributionExplorer(engine, conv_images(), steps=8, smooth=0.0, **traits)
