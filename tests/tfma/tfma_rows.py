"""Rows at random to ask the real TensorFlow Model Analysis about."""

import numpy as np
import pandas as pd

KEYS = 'model_specs { label_key: "label" prediction_key: "prediction" %s }'
BY_ALL = """
slicing_specs {}
slicing_specs { feature_keys: "home" }
slicing_specs { feature_keys: ["rooms", "home"] }
slicing_specs { feature_keys: "rooms" feature_values { key: "home" value: "rent" } }
"""
SIZES = """
metrics_specs { metrics { class_name: "WeightedExampleCount" } }
metrics_specs { metrics { class_name: "ExampleCount" } example_weights { unweighted: true } }
"""
SLICES = [(), "home", ("home", "rooms")]


def rows(seed: int, n: int = 500) -> pd.DataFrame:
    """Two features to slice by, one of them missing here and there, and weights."""
    rng = np.random.default_rng(seed)
    home = rng.choice(
        np.array(["own", "rent", "free", None], dtype=object), n, p=[0.5, 0.3, 0.15, 0.05]
    )
    return pd.DataFrame(
        {
            "home": home,
            "rooms": rng.integers(1, 4, n),
            "weight": rng.integers(0, 9, n) / 4,  # sums of quarters are exact in any order
        }
    )


def two_classes(seed: int) -> pd.DataFrame:
    """Labels and float32 scores, a third of which lie on thresholds; one slice of one class.

    Odd seeds have scores of 0 and 1 as well, whose log loss is a matter of where it is clipped.
    """
    frame = rows(seed)
    rng = np.random.default_rng([seed, 1])
    n = len(frame)
    label = rng.integers(0, 2, n)
    label[(frame.home == "free") & (frame.rooms == 3)] = 1
    score = np.clip(rng.normal(0.35 + 0.3 * label, 0.2), 0.001, 0.999)
    on_threshold = rng.random(n) < 1 / 3
    thresholds = [0.3, 0.5, 0.7, *([0.0, 1.0] if seed % 2 else [])]
    score[on_threshold] = rng.choice(thresholds, on_threshold.sum())
    return frame.assign(label=label, prediction=score.astype(np.float32))


def three_classes(seed: int) -> pd.DataFrame:
    """Labels and probabilities of three classes, some of them alike."""
    frame = rows(seed)
    rng = np.random.default_rng([seed, 2])
    scores = rng.dirichlet(np.ones(3), len(frame)).round(1).astype(np.float32)
    label = [rng.choice(3, p=(row + 0.3) / (row + 0.3).sum()) for row in scores.astype(np.float64)]
    return frame.assign(label=label, prediction=list(scores))
