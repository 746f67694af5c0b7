"""Rows of two classes with two features, and an explorer of what a model says of them."""

import numpy as np
import pandas as pd
import pytest

import tfinterp_widgets as tw


@pytest.fixture(scope="session")
def rows():
    """Labels, scores and features of 240 rows; renters are scored worse."""
    random = np.random.default_rng(3)
    labels = random.integers(0, 2, 240)
    housing = random.choice(["own", "rent"], 240)
    noise = np.where(housing == "rent", 0.45, 0.2)
    scores = np.clip(0.2 + 0.6 * labels + random.normal(0, noise), 0, 1).round(3)
    age = random.integers(18, 80, 240)
    return labels, scores, pd.DataFrame({"age": age, "housing": housing})


@pytest.fixture
def explorer(rows):
    explorer = tw.SliceExplorer(*rows, metrics=["accuracy", "recall", "auc"])
    yield explorer
    explorer.close()
