"""Callables: taken as they are, their scores told from probabilities."""

import pytest
import tensorflow as tf
from small_models import functional, scores

from tfinterp_widgets.engine import AttributionEngine, IntegratedGradients


def test_a_callable_is_taken_as_it_is(x):
    weights = tf.random.stateless_normal((12, 4), seed=(1, 2))

    def model(batch):
        return tf.reshape(batch, (-1, 12)) @ weights

    assert scores(AttributionEngine(model), x) == pytest.approx(
        (x.reshape(1, -1) @ weights.numpy())[0], rel=1e-4
    )


def test_a_callable_that_gives_probabilities_draws_a_warning(x):
    model = functional("softmax")
    engine = AttributionEngine(lambda batch: model(batch))
    with pytest.warns(UserWarning, match="look like probabilities"):
        prediction = engine.predict(x, top=1)[0]
    assert prediction.probability == prediction.score
    assert engine.unit == "probability"
    asked_for = AttributionEngine(lambda batch: model(batch), output="probability")
    assert asked_for.attribute(x, target=0).score == pytest.approx(float(model(x[None])[0, 0]))


def test_independent_sigmoids_of_a_callable_are_probabilities_too(x):
    model = functional("sigmoid")
    engine = AttributionEngine(lambda batch: model(batch))
    with pytest.warns(UserWarning, match="look like probabilities"):
        top = engine.predict(x, top=1)[0]
    assert top.probability == top.score == pytest.approx(model(x[None]).numpy().max(), rel=1e-4)


def test_probability_of_a_callable_that_gives_logits_is_their_softmax(x):
    model = functional(None)
    engine = AttributionEngine(lambda batch: model(batch), output="probability")
    expected = tf.nn.softmax(model(x[None]))[0].numpy()
    assert scores(engine, x) == pytest.approx(expected, rel=1e-4)
    a = engine.attribute(x, target=0, method=IntegratedGradients(256, rule="trapezoid"))
    assert a.relative_error < 1e-3


def test_a_callable_that_checks_its_input_is_not_broken_by_our_looking_at_it(x):
    def model(batch):
        with tf.control_dependencies([tf.debugging.assert_less(tf.abs(batch), 50.0)]):
            return tf.reduce_sum(batch, axis=(1, 2)) * 3

    assert AttributionEngine(model).attribute(x, target=0).score == pytest.approx(
        3 * x[..., 0].sum(), rel=1e-4
    )
