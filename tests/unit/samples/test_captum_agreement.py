"""Our integrated gradients are Captum's, where both use a rule whose weights sum to one.

The fixture is made by ``scripts/make_captum_fixture.py``: the same weights, in PyTorch and
float64. Our float32 is 0.0005 to 0.0009 away from it, of which 0.0002 is the fixture's float16.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import tfinterp_widgets as tw

if TYPE_CHECKING:
    from tfinterp_widgets.samples import ImageNetSample

FIXTURE = Path(__file__).parents[2] / "fixtures" / "captum_integrated_gradients.npz"


@pytest.fixture(scope="module")
def engine(classifier: ImageNetSample) -> tw.AttributionEngine:
    return tw.AttributionEngine(classifier.model, preprocess=classifier.preprocess)


@pytest.mark.parametrize("photo", ["cat", "coffee"])
def test_integrated_gradients_agree_with_captum(engine: tw.AttributionEngine, photo: str) -> None:
    with np.load(FIXTURE) as fixture:
        steps, rule = int(fixture["steps"]), str(fixture["rule"])
        target = int(fixture[f"{photo}_target"])
        expected = fixture[f"{photo}_values"].astype(np.float64) * fixture[f"{photo}_scale"]
        scores = float(fixture[f"{photo}_score"]), float(fixture[f"{photo}_baseline_score"])
    black = tw.baselines.Constant(0.0)
    method = tw.IntegratedGradients(steps=steps, baseline=black, rule=rule)

    ours = engine.attribute(tw.samples.photos()[photo], target=target, method=method)

    assert (ours.score, ours.baseline_score) == pytest.approx(scores, abs=1e-3)
    assert np.abs(ours.values - expected).sum() <= 0.005 * np.abs(expected).sum()
