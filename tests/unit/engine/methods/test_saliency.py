"""Saliency against gradients known by hand and by a tape."""

import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import AttributionEngine, Saliency


def test_values_are_the_signed_gradient(separable):
    a = separable(lambda x: x**2).attribute(np.array([1.0, -3.0]), method=Saliency())
    assert a.values == pytest.approx([2, -6])
    assert a.evaluations == 1
    assert a.final


def test_a_gradient_that_is_not_finite_is_an_error(separable):
    with pytest.raises(ValueError, match="NaN or infinite"):
        separable(tf.sqrt).attribute(np.array([0.0, 1.0]), method=Saliency())


def test_agrees_with_a_tape_on_the_logits(classifier, image):
    logits = AttributionEngine(classifier).attribute(image, target=2, method=Saliency())
    x = tf.constant(image[None])
    with tf.GradientTape() as tape:
        tape.watch(x)
        hidden = classifier.layers[1](classifier.layers[0](x))
        score = (hidden @ classifier.layers[2].kernel + classifier.layers[2].bias)[0, 2]
    expected = tape.gradient(score, x)[0].numpy()
    assert logits.values == pytest.approx(expected, rel=1e-4, abs=1e-7)


def test_the_map_is_the_largest_magnitude_over_channels(classifier, image):
    a = AttributionEngine(classifier).attribute(image, method=Saliency())
    assert a.heatmap() == pytest.approx(np.abs(a.values).max(axis=-1))


def test_has_no_baseline_and_nothing_to_do_with_one(classifier, image):
    a = AttributionEngine(classifier).attribute(image, method=Saliency())
    nothing = [a.baseline, a.baseline_score, a.convergence_delta, a.relative_error, a.path]
    assert nothing == [None] * 5


def test_is_not_computed_twice(classifier, image):
    engine = AttributionEngine(classifier)
    first = engine.attribute(image, method=Saliency())
    again = engine.attribute(image, method=Saliency())
    assert again.evaluations == 0
    assert (again.values == first.values).all()
