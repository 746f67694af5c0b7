"""A small table of mixed columns, its preprocessing, and a model of what comes out."""

import numpy as np
import pandas as pd

PURPOSES = ("car", "radio", "repairs")
HOUSING = ["own", "rent"]
OWNERS = ("age", "duration", "purpose", "purpose", "purpose", "housing", "housing")


def table(rows=60, seed=0):
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "age": random.integers(20, 70, rows),
            "duration": random.uniform(4, 60, rows).round(1),
            "purpose": random.choice(PURPOSES, rows),
            "housing": pd.Categorical(random.choice(HOUSING, rows), categories=HOUSING),
        }
    )


def preprocess(frame):
    numbers = [(frame["age"] - 40) / 10, frame["duration"] / 12]
    purposes = [frame["purpose"] == purpose for purpose in PURPOSES]
    housing = [frame["housing"] == kind for kind in HOUSING]
    columns = [np.asarray(column, np.float32) for column in (*numbers, *purposes, *housing)]
    return np.stack(columns, axis=1)


WEIGHTS = np.array([0.5, -0.4, 0.3, 0.0, -0.6, 0.7, -0.2], np.float32)


def model():
    """A logistic regression, whose contributions can be worked out by hand."""
    import keras

    made = keras.Sequential(
        [keras.Input((7,)), keras.layers.Dense(1, activation="sigmoid")], name="credit"
    )
    made.set_weights([WEIGHTS[:, None], np.array([0.2], np.float32)])
    return made
