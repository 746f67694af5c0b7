"""XRAI: its regions by hand and by the authors' code, and what it remembers."""

import numpy as np
import pytest
import tensorflow as tf
from path_cases import linear_score, pair_results, weights

from tfinterp_widgets.engine import XRAI, AttributionEngine, IntegratedGradients
from tfinterp_widgets.engine.methods import xrai

QUADRANTS = np.kron([[0.0, 0.4], [0.6, 1.0]], np.ones((20, 20)))[..., None] * np.ones(3)
"""A picture of four plain squares, which every segmentation finds."""


def test_agrees_with_the_code_of_the_authors_pixel_by_pixel():
    """PAIR `saliency` 0.2.1, given the attributions of a linear score; the image is no square."""
    peer = pair_results("xrai")
    kernel = weights(peer["x"].shape)[3] / 100
    a = AttributionEngine(linear_score(kernel)).attribute(peer["x"], method=XRAI(4))
    assert a.values.shape == (*peer["x"].shape[:2], 1)
    apart = np.abs(a.values[..., 0] - peer["values"]) > 1e-4 * np.abs(peer["values"]).max()
    # Regions whose means are nearly the same may change places with another scikit-image.
    assert apart.mean() < 0.01
    assert len(np.unique(peer["values"])) > 40


def test_finds_the_square_that_the_score_looks_at():
    kernel = np.zeros((40, 40, 3), np.float32)
    kernel[20:, :20] = 1.0  # the square with .6
    a = AttributionEngine(linear_score(kernel)).attribute(QUADRANTS, method=XRAI(4))
    heatmap = a.heatmap()
    # (.6 - 0 + .6 - 1) / 2 of the two baselines; a bit less where the border is dilated into it.
    assert heatmap[26:, :14].min() > 0.09
    assert heatmap.max() < 0.1 + 1e-6
    elsewhere = np.concatenate([heatmap[:13].ravel(), heatmap[:, 27:].ravel()])
    assert np.abs(elsewhere).max() < 0.01


def test_pixels_are_averaged_over_the_baselines_and_the_largest_over_channels(classifier, image):
    engine = AttributionEngine(classifier, batch_size=64)
    ends = [
        engine.attribute(image, 2, IntegratedGradients(10, float(value))).values
        for value in (image.min(), image.max())
    ]
    expected = np.mean(ends, axis=0).max(axis=-1)
    estimates = list(engine.refine(image, 2, XRAI(10)))
    pixels = estimates[1]  # both paths were known, and take one estimate each
    assert pixels.heatmap() == pytest.approx(expected, abs=1e-6)
    # Nothing was left to differentiate, and what regions do to the sum is nothing.
    assert estimates[-1].evaluations == 0
    assert estimates[-1].values.sum() == pytest.approx(expected.sum(), rel=1e-4, abs=1e-5)


def test_baselines_are_the_images_own_extremes_in_the_users_space(classifier, image):
    pixels = np.clip(image * 40 + 128, 5, 200).astype(np.float32)
    engine = AttributionEngine(classifier, preprocess=lambda x: x / 128 - 1)
    a = engine.attribute(pixels, 2, XRAI(4))
    for value in (pixels.min(), pixels.max()):
        again = engine.attribute(pixels, 2, IntegratedGradients(4, float(value)))
        assert again.evaluations == 0
    # It is no change of the score that the regions share out.
    assert [a.baseline, a.baseline_score, a.convergence_delta, a.path] == [None] * 4


def test_an_image_is_segmented_once_whatever_the_target_and_a_segmentation_at_a_time(
    classifier, image, monkeypatch
):
    cut = []
    felzenszwalb = xrai.felzenszwalb_segments.__globals__["felzenszwalb"]

    def counted(*arguments, **keywords):
        cut.append(keywords["scale"])
        return felzenszwalb(*arguments, **keywords)

    monkeypatch.setitem(xrai.felzenszwalb_segments.__globals__, "felzenszwalb", counted)
    engine = AttributionEngine(classifier)
    for estimate in engine.refine(image, 1, XRAI(2)):
        done = len(cut)
        assert done == max(0, round(6 * (estimate.progress - 0.8) / 0.2))
    assert cut == [50, 100, 150, 250, 500, 1200]
    engine.attribute(image, 3, XRAI(2))
    assert len(cut) == 6
    engine.attribute(2 * image, 3, XRAI(2))
    assert len(cut) == 12


def test_closing_between_segmentations_leaves_the_rest_undone(classifier, image, monkeypatch):
    cut = []

    def stub(image, scale, cache):
        del cache
        cut.append(scale)
        return np.zeros(image.shape[:2], np.int32)

    monkeypatch.setattr(xrai, "felzenszwalb_segments", stub)
    estimates = AttributionEngine(classifier).refine(image, 1, XRAI(2))
    for estimate in estimates:
        if estimate.progress > 0.8:
            break
    estimates.close()
    assert cut == [50]


@pytest.mark.parametrize("pixels_known", [False, True])
def test_gradients_that_vanish_are_reported_each_time(separable, pixels_known):
    engine = separable(lambda x: tf.nn.relu(x - 10))
    if pixels_known:
        for end in (0.0, 1.0):
            engine.attribute(QUADRANTS, method=IntegratedGradients(2, end))
    estimates = list(engine.refine(QUADRANTS, method=XRAI(2)))
    again = engine.attribute(QUADRANTS, method=XRAI(2))
    assert again.evaluations == 0
    for answer in (*estimates, again):
        assert not answer.values.any()
        assert "The gradient is exactly 0 at" in answer.warning
