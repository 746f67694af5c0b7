"""A small table, models of it, and what is known of both without the widget."""

import numpy as np
import pandas as pd
from answers import PATIENCE

ROWS = 60


def table(seed=0, rows=ROWS):
    """Three columns that count less and less, and a fourth that is nearly the first."""
    random = np.random.default_rng(seed)
    strong = random.normal(size=rows)
    return pd.DataFrame(
        {
            "strong": strong,
            "weak": random.normal(size=rows),
            "idle": random.normal(size=rows),
            "twin": strong + 0.01 * random.normal(size=rows),
        }
    )


def labels(X, seed=1):
    noise = np.random.default_rng(seed).normal(size=len(X))
    return (3 * X["strong"] + X["weak"] + noise > 0).astype(int)


class Gated:
    """A model of scikit-learn's kind, each call of which a test can hold back, or fail."""

    def __init__(self, gate):
        self.gate = gate
        self.rows = 0

    def predict_proba(self, X):
        self.gate.pass_through()
        self.rows += len(X)
        score = 3 * X["strong"] + X["weak"]
        positive = 1 / (1 + np.exp(-score.to_numpy()))
        return np.stack([1 - positive, positive], axis=1)


def settled(widget):
    """Wait for the answer, and return how it ended."""
    assert widget.wait(PATIENCE)
    return widget.status["state"]
