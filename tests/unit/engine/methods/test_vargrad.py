"""VarGrad against closed forms: for F = sum of x² the gradients' variance is 4 sigma²."""

import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import AttributionEngine
from tfinterp_widgets.engine.methods.vargrad import VarGrad
from tfinterp_widgets.engine.sampling.draws import normal
from tfinterp_widgets.engine.sampling.running import RunningVariance

X = np.linspace(-2, 2, 400)
SIGMA = 0.15 * 4


def test_a_linear_model_has_no_variance(separable):
    a = separable(lambda x: 7 * x).attribute(X, method=VarGrad(10))
    assert a.values == pytest.approx(np.zeros(400), abs=1e-8)


def test_is_the_unbiased_variance_of_the_gradients_themselves(separable):
    a = separable(lambda x: x**2).attribute(X, method=VarGrad(7, seed=3))
    draws = normal(3, 0, 7, (400,)).numpy()
    assert a.values == pytest.approx((2 * SIGMA) ** 2 * draws.var(axis=0, ddof=1), rel=1e-3)


@pytest.mark.parametrize("samples", [2, 10])
def test_few_samples_do_not_bias_it(separable, samples):
    found = [
        separable(lambda x: x**2).attribute(X, method=VarGrad(samples, seed=seed)).values.mean()
        for seed in range(5)
    ]
    # Divided by n instead of n - 1, two samples would give half of it, ten nine tenths.
    assert np.mean(found) == pytest.approx(4 * SIGMA**2, rel=0.08)


def test_the_variance_and_its_standard_error_are_those_of_the_closed_form(separable):
    n = 400
    a = separable(lambda x: x**3).attribute(X, method=VarGrad(n))
    variance = 36 * X**2 * SIGMA**2 + 18 * SIGMA**4
    z = (a.values - variance) / a.standard_error
    # Estimates of a long-tailed variance and of its error go together, so z leans to one side.
    assert np.abs(z.mean()) < 0.3
    assert np.sqrt((z**2).mean()) == pytest.approx(1, abs=0.3)


def test_a_gradient_far_from_0_keeps_its_digits(separable):
    # float32 holds 1000² + .36 to within .06: a difference of squares would be noise.
    a = separable(lambda x: 1000 * x + x**2 / 2).attribute(X, method=VarGrad(100))
    assert a.values.mean() == pytest.approx(SIGMA**2, rel=0.03)


@pytest.mark.parametrize("batch_size", [1, 3, 16, "auto"])
def test_the_same_seed_gives_the_same_answer_in_chunks_of_any_size(classifier, image, batch_size):
    method = VarGrad(23, seed=5)
    reference = AttributionEngine(classifier, batch_size=64).attribute(image, 3, method)
    a = AttributionEngine(classifier, batch_size=batch_size).attribute(image, 3, method)
    assert a.values == pytest.approx(reference.values, rel=1e-3, abs=1e-9)
    assert a.standard_error == pytest.approx(reference.standard_error, rel=1e-3, abs=1e-9)
    assert (a.values >= 0).all()


def test_refine_yields_after_every_chunk_even_of_a_single_sample(separable):
    estimates = list(separable(lambda x: x**2, batch_size=1).refine(X, method=VarGrad(5)))
    assert [e.evaluations for e in estimates] == [1, 2, 3, 4, 5]
    assert [e.final for e in estimates] == [False] * 4 + [True]
    assert (estimates[0].values == 0).all()
    assert estimates[0].standard_error is None
    assert (estimates[1].values > 0).all()


def test_the_map_is_the_sum_over_channels(classifier, image):
    a = AttributionEngine(classifier).attribute(image, method=VarGrad(4))
    assert a.heatmap() == pytest.approx(a.values.sum(axis=-1))


@pytest.mark.parametrize("chunk", [1, 3, 16, 100])
@pytest.mark.parametrize("scale", [1e-12, 1, 1e12])
def test_moments_of_a_stream_are_those_of_the_whole_at_every_scale(chunk, scale):
    values = (np.random.default_rng(2).exponential(size=(100, 5)) * scale + scale).astype(
        np.float32
    )
    moments = RunningVariance((5,))
    for begin in range(0, 100, chunk):
        moments.add(tf.constant(values[begin : begin + chunk]))
    exact = values.astype(np.float64)
    apart = exact - exact.mean(axis=0)
    variance = exact.var(axis=0, ddof=1)
    fourth = (apart**4).mean(axis=0)
    assert moments.variance.numpy() == pytest.approx(variance, rel=1e-5)
    expected = np.sqrt((fourth - variance**2 * 97 / 99) / 100)
    assert moments.standard_error.numpy() == pytest.approx(expected, rel=1e-5)


def test_the_standard_error_of_a_variance_covers_for_normal_and_for_long_tailed_numbers():
    for draw, variance in (
        (np.random.default_rng(4).normal, 1),
        (np.random.default_rng(5).laplace, 2),
    ):
        moments = RunningVariance((4000,))
        moments.add(tf.constant(draw(size=(200, 4000)), tf.float32))
        spread = moments.variance.numpy().std()
        assert moments.standard_error.numpy().mean() == pytest.approx(spread, rel=0.1)
        assert moments.variance.numpy().mean() == pytest.approx(variance, rel=0.02)


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({"samples": 1}, ValueError, "samples=1.*at least 2"),
        ({"noise": -1}, ValueError, "noise.*at least 0"),
        ({"seed": 0.5}, TypeError, "seed"),
    ],
)
def test_bad_parameters(arguments, kind, message):
    with pytest.raises(kind, match=message):
        VarGrad(**arguments)
