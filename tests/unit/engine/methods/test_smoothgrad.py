"""SmoothGrad against closed forms: for F = sum of x³ the mean is 3 x² + 3 sigma²."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import AttributionEngine, Saliency
from tfinterp_widgets.engine.methods.smoothgrad import SmoothGrad
from tfinterp_widgets.engine.sampling.draws import normal

X = np.linspace(-2, 2, 400)
SIGMA = 0.15 * 4


def test_a_linear_model_has_its_weights_at_every_noise_without_error(separable):
    a = separable(lambda x: -4 * x).attribute(X, method=SmoothGrad(10, noise=0.5))
    assert a.values == pytest.approx(np.full(400, -4.0), rel=1e-6)
    assert a.standard_error == pytest.approx(np.zeros(400), abs=1e-6)


def test_a_quadratic_model_shifts_by_the_mean_of_the_noise_itself(separable):
    a = separable(lambda x: x**2).attribute(X, method=SmoothGrad(20, seed=3))
    draws = normal(3, 0, 20, (400,)).numpy()
    assert a.values == pytest.approx(2 * X + 2 * SIGMA * draws.mean(axis=0), abs=1e-4)
    expected = 2 * SIGMA * draws.std(axis=0, ddof=1) / np.sqrt(20)
    assert a.standard_error == pytest.approx(expected, rel=1e-3)


def test_the_mean_and_its_standard_error_are_those_of_the_closed_form(separable):
    n = 400
    a = separable(lambda x: x**3).attribute(X, method=SmoothGrad(n))
    # The gradient 3 (x + sigma z)² has this mean, not 3 x², and this variance.
    mean = 3 * X**2 + 3 * SIGMA**2
    error = np.sqrt((36 * X**2 * SIGMA**2 + 18 * SIGMA**4) / n)
    # Squares are what is unbiased; over 400 values they are sure to a few per cent.
    assert (a.standard_error**2 / error**2).mean() == pytest.approx(1, rel=0.05)
    z = (a.values - mean) / a.standard_error
    # Four standard errors of the mean and of the variance of 400 values of a t distribution.
    assert z.mean() == pytest.approx(0, abs=4 / np.sqrt(400))
    assert (z**2).mean() == pytest.approx(1, abs=4 * np.sqrt(2 / 400))


def test_gradients_are_not_squared_and_opposite_ones_cancel(separable):
    a = separable(tf.abs).attribute(np.array([0.0, 0.0, 1.0, -1.0]), method=SmoothGrad(1000))
    assert np.abs(a.values[:2]).max() < 0.15
    assert a.values[2:] == pytest.approx([1, -1], abs=0.01)


def test_sigma_is_a_share_of_the_range_in_model_space(separable):
    # Pixels 0 to 200 are -1 to 1 in model space, so sigma is .3; in pixels it would be 30.
    engine = separable(lambda x: x**3, preprocess=lambda x: x / 100 - 1)
    a = engine.attribute(np.linspace(0, 200, 400), method=SmoothGrad(400))
    u = np.linspace(-1, 1, 400)
    assert (a.values - 3 * u**2).mean() == pytest.approx(3 * 0.3**2, rel=0.05)


def test_several_inputs_have_a_sigma_each_and_ids_none():
    class Both(keras.layers.Layer):
        def call(self, wide, narrow, ids):
            moved = 1000.0 * tf.reduce_sum(tf.cast(ids, tf.float32), axis=1)
            return (tf.reduce_sum(wide**3, 1) + tf.reduce_sum(narrow**3, 1) + moved)[:, None]

    wide, narrow = keras.Input((300,), name="wide"), keras.Input((300,), name="narrow")
    ids = keras.Input((2,), name="ids", dtype="int32")
    engine = AttributionEngine(keras.Model([wide, narrow, ids], Both()(wide, narrow, ids)))
    u = np.linspace(-1, 1, 300)
    x = {"wide": 2 * u, "narrow": u / 10, "ids": np.array([3, 7])}
    a = engine.attribute(x, method=SmoothGrad(200))
    # The mean of 3 (x + sigma z)² is 3 x² + 3 sigma², with sigma .15 of 4, and of .2.
    for name, sigma in (("wide", 0.6), ("narrow", 0.03)):
        assert (a.values[name] - 3 * x[name] ** 2).mean() == pytest.approx(3 * sigma**2, rel=0.05)
        assert a.standard_error[name].shape == (300,)
    assert (a.values["ids"] == 0).all()


@pytest.mark.parametrize(("x", "noise"), [(X, 0), (np.full(7, 3.0), 0.15)])
def test_without_noise_it_is_saliency(separable, x, noise):
    engine = separable(lambda x: x**3)
    a = engine.attribute(x, method=SmoothGrad(5, noise=noise))
    assert a.values == pytest.approx(engine.attribute(x, method=Saliency()).values, rel=1e-6)


def test_a_single_sample_has_no_standard_error(separable):
    a = separable(lambda x: x**2).attribute(X, method=SmoothGrad(1))
    assert a.standard_error is None
    assert a.evaluations == 1


@pytest.mark.parametrize("batch_size", [1, 3, 16, "auto"])
def test_the_same_seed_gives_the_same_answer_in_chunks_of_any_size(classifier, image, batch_size):
    method = SmoothGrad(23, seed=5)
    reference = AttributionEngine(classifier, batch_size=64).attribute(image, 3, method)
    a = AttributionEngine(classifier, batch_size=batch_size).attribute(image, 3, method)
    assert a.values == pytest.approx(reference.values, rel=1e-4, abs=1e-7)
    assert a.standard_error == pytest.approx(reference.standard_error, rel=1e-3, abs=1e-7)
    assert a.evaluations == 23


def test_another_seed_gives_an_answer_within_the_errors_of_both(classifier, image):
    engine = AttributionEngine(classifier)
    a, b = (engine.attribute(image, 3, SmoothGrad(100, seed=seed)) for seed in (1, 2))
    z = (a.values - b.values) / np.hypot(a.standard_error, b.standard_error)
    assert 0.5 < np.sqrt((z**2).mean()) < 1.5
    assert not np.isclose(a.values, b.values).all()


def test_refine_gets_better_chunk_by_chunk(separable):
    engine = separable(lambda x: x**3, batch_size=8)
    estimates = list(engine.refine(X, method=SmoothGrad(50)))
    evaluations = [e.evaluations for e in estimates]
    assert evaluations[:3] == [4, 12, 20]
    assert evaluations == sorted(set(evaluations))
    assert [e.progress for e in estimates] == [seen / 50 for seen in evaluations]
    assert [e.final for e in estimates] == [False] * (len(estimates) - 1) + [True]
    assert evaluations[-1] == 50
    mean = 3 * X**2 + 3 * SIGMA**2
    assert (
        np.abs(estimates[-1].values - mean).mean() < np.abs(estimates[0].values - mean).mean() / 2
    )


def test_closing_the_iterator_ends_the_work():
    batches = []

    def model(batch):
        def note(x):
            batches.append(len(x))
            return x

        seen = tf.stop_gradient(tf.py_function(note, [batch], tf.float32))
        return tf.reduce_sum(batch**2, axis=1) + 0 * tf.reduce_sum(seen)

    estimates = AttributionEngine(model, batch_size=8).refine(X, method=SmoothGrad(500))
    next(estimates)
    done = len(batches)
    estimates.close()
    assert list(estimates) == []
    assert len(batches) == done


def test_is_not_computed_twice_and_every_parameter_counts(separable):
    engine = separable(lambda x: x**3)
    method = SmoothGrad(5, noise=0.1, seed=1)
    first, again = engine.attribute(X, method=method), engine.attribute(X, method=method)
    assert (again.evaluations, first.evaluations) == (0, 5)
    assert (again.values == first.values).all()
    assert (again.standard_error == first.standard_error).all()
    for other in (SmoothGrad(6, 0.1, 1), SmoothGrad(5, 0.2, 1), SmoothGrad(5, 0.1, 2)):
        assert engine.attribute(X, method=other).evaluations == other.samples


def test_the_map_is_the_largest_magnitude_over_channels(classifier, image):
    a = AttributionEngine(classifier).attribute(image, method=SmoothGrad(4))
    assert a.heatmap() == pytest.approx(np.abs(a.values).max(axis=-1))
    assert a.score == pytest.approx(AttributionEngine(classifier).predict(image, 1)[0].score)


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({"samples": 0}, ValueError, "samples=0.*at least 1"),
        ({"samples": 2.5}, TypeError, "samples"),
        ({"noise": -0.1}, ValueError, "noise.*at least 0"),
        ({"noise": np.nan}, ValueError, "noise.*finite"),
        ({"noise": "much"}, TypeError, "noise"),
        ({"seed": -1}, ValueError, "seed"),
        ({"seed": None}, TypeError, "seed"),
        ({"sigma": 0.1}, TypeError, "samples, noise, seed"),
    ],
)
def test_bad_parameters(arguments, kind, message):
    with pytest.raises(kind, match=message):
        SmoothGrad(**arguments)
