"""Blur integrated gradients against closed forms, SciPy's blur, and the authors' code."""

import numpy as np
import pytest
import tensorflow as tf
from path_cases import linear_score, pair_results, tanh_score, weights
from scipy import ndimage

from tfinterp_widgets.engine import AttributionEngine, BlurIntegratedGradients
from tfinterp_widgets.engine.paths.blurred import ScaleSpace


def blurred(x, sigma):
    return ScaleSpace(np.asarray(x, np.float32)).at(np.array([float(sigma)]))[0].numpy()


@pytest.mark.parametrize("steps", [1, 3, 20])
def test_the_differences_telescope_so_a_linear_score_is_exact_whatever_the_steps(image, steps):
    kernel = np.random.default_rng(1).normal(size=image.shape).astype(np.float32)
    method = BlurIntegratedGradients(steps, max_sigma=2.5)
    a = AttributionEngine(linear_score(kernel)).attribute(image, method=method)
    assert a.values == pytest.approx(kernel * (image - blurred(image, 2.5)), abs=1e-5)
    assert a.convergence_delta == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize("steps", [1, 7])
def test_the_trapezoid_makes_a_quadratic_score_exact_too(separable, image, steps):
    method = BlurIntegratedGradients(steps, max_sigma=2.5)
    a = separable(lambda x: x**2).attribute(image, method=method)
    assert a.values == pytest.approx(image**2 - blurred(image, 2.5) ** 2, abs=1e-4)


@pytest.mark.parametrize(
    ("function", "exact"), [(lambda x: x**3, lambda x: x**3), (tf.exp, np.exp)]
)
def test_each_value_approaches_its_own_change(separable, image, function, exact):
    method = BlurIntegratedGradients(200, max_sigma=2)
    a = separable(function).attribute(image, method=method)
    assert a.values == pytest.approx(exact(image) - exact(blurred(image, 2)), rel=1e-3, abs=2e-3)
    assert a.relative_error < 1e-3


def test_the_implicit_baseline_is_the_strongest_blur_and_delta_is_against_its_score(
    classifier, image
):
    engine = AttributionEngine(classifier)
    a = engine.attribute(image, 2, BlurIntegratedGradients(300, max_sigma=4))
    assert a.baseline == pytest.approx(blurred(image, 4), abs=1e-5)
    assert a.baseline_score == pytest.approx(engine.attribute(a.baseline, 2).score, rel=1e-4)
    assert a.relative_error < 0.01


def test_alphas_say_how_sharp_the_image_is(separable, image):
    method = BlurIntegratedGradients(4, max_sigma=2)
    path = separable(lambda x: x**2).attribute(image, method=method).path
    assert path.alphas == pytest.approx([0, 0.25, 0.5, 0.75, 1])
    scores = [(blurred(image, sigma) ** 2).sum() for sigma in (2, 1.5, 1, 0.5, 0)]
    assert path.scores == pytest.approx(scores, rel=1e-4)
    assert path.evaluated.all()


def test_agrees_with_the_code_of_the_authors_where_that_is_right():
    """PAIR `saliency` 0.2.1, in 3000 steps, with batches of one and a border of zeros.

    With larger batches it multiplies all with the width of the last step. Its derivatives by sigma
    are differences over .01 pixels of kernels cut off at 4 sigma, so a part of 200 is left.
    """
    peer = pair_results("blur")
    engine = AttributionEngine(tanh_score(weights(peer["x"].shape) / 10))
    method = BlurIntegratedGradients(100, float(peer["max_sigma"]))
    values = engine.attribute(peer["x"], method=method).values
    assert np.abs(values - peer["values"]).sum() < 0.005 * np.abs(peer["values"]).sum()


class TestPreprocessing:
    def test_that_is_linear_leaves_the_baseline_in_pixels(self, classifier, image):
        pixels = np.clip(image * 40 + 128, 0, 255)
        engine = AttributionEngine(classifier, preprocess=lambda x: x[..., ::-1] / 128 - 1)
        a = engine.attribute(pixels, 1, BlurIntegratedGradients(5, max_sigma=3))
        assert a.baseline == pytest.approx(blurred(pixels, 3), abs=1e-2)

    def test_that_is_not_leaves_none(self, classifier, image):
        engine = AttributionEngine(classifier, preprocess=lambda x: x**3)
        a = engine.attribute(image, 1, BlurIntegratedGradients(5, max_sigma=3))
        assert a.baseline is None
        start = AttributionEngine(classifier).attribute(blurred(image**3, 3), 1)
        assert a.baseline_score == pytest.approx(start.score, rel=1e-4)

    def test_that_makes_the_image_of_something_else_leaves_none(self, classifier, image):
        engine = AttributionEngine(classifier, preprocess=lambda x: x.reshape(1, 8, 8, 3))
        a = engine.attribute(image.ravel(), 1, BlurIntegratedGradients(5, max_sigma=3))
        assert a.baseline is None
        assert a.baseline_score is not None


class TestScaleSpace:
    @pytest.mark.parametrize("sigma", [1.5, 4.0, 30.0])
    def test_is_a_gaussian_blur_whose_border_reflects(self, sigma):
        x = np.random.default_rng(0).normal(size=(20, 33, 2)).astype(np.float32)
        reference = ndimage.gaussian_filter(x, sigma, axes=(0, 1), mode="reflect", truncate=9)
        assert blurred(x, sigma) == pytest.approx(reference, abs=2e-5)

    def test_no_blur_is_the_image_and_much_of_it_the_mean_of_each_channel(self):
        x = np.random.default_rng(0).uniform(0, 255, size=(9, 14, 3)).astype(np.float32)
        assert blurred(x, 0) == pytest.approx(x, abs=1e-3)
        assert blurred(x, 300) == pytest.approx(
            np.broadcast_to(x.mean(axis=(0, 1)), x.shape), abs=1e-3
        )

    def test_the_sum_stays_and_a_constant_image_too(self):
        x = np.random.default_rng(0).uniform(size=(9, 14, 3)).astype(np.float32)
        for sigma in (0.3, 2, 50):
            assert blurred(x, sigma).sum() == pytest.approx(x.sum(), rel=1e-5)
        assert blurred(np.full((5, 1, 1), 7.0), 3) == pytest.approx(np.full((5, 1, 1), 7.0))

    def test_blurs_add_up_by_their_variances(self, image):
        assert blurred(blurred(image, 0.6), 0.8) == pytest.approx(blurred(image, 1), abs=1e-5)


@pytest.mark.parametrize(
    ("sigma", "kind", "message"),
    [
        (0, ValueError, "max_sigma=0.*at least 0.1"),
        (-1, ValueError, "max_sigma"),
        (np.inf, ValueError, "finite"),
        ("wide", TypeError, "max_sigma"),
    ],
)
def test_a_strongest_blur_that_is_none(sigma, kind, message):
    with pytest.raises(kind, match=message):
        BlurIntegratedGradients(max_sigma=sigma)
