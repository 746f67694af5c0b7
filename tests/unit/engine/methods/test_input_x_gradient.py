"""Gradient x input against closed forms."""

import keras
import numpy as np
import pytest

from tfinterp_widgets.engine import AttributionEngine, IntegratedGradients
from tfinterp_widgets.engine.methods.input_x_gradient import InputXGradient

METHOD = InputXGradient()


def test_values_are_the_input_times_the_gradient_with_its_sign(separable):
    a = separable(lambda x: x**3).attribute(np.array([2.0, -1.0, 0.0]), method=METHOD)
    assert a.values == pytest.approx([24, -3, 0])
    assert (a.evaluations, a.final, a.progress) == (1, True, 1)
    assert a.score == pytest.approx(7)


def test_preprocessing_counts_in_the_input_as_in_the_gradient(separable):
    # x = 227 is 2 in model space, where the gradient of x² is 4. In raw units it would be 227 * 4.
    engine = separable(lambda x: x**2, preprocess=lambda x: (x - 127) / 50)
    a = engine.attribute(np.array([227.0, 127.0]), method=METHOD)
    assert a.values == pytest.approx([8, 0])


def test_a_network_of_relus_without_biases_is_shared_out_completely(image):
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            keras.layers.Conv2D(6, 3, activation="relu", use_bias=False),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dense(4, use_bias=False),
        ]
    )
    a = AttributionEngine(model).attribute(image, target=3, method=METHOD)
    assert a.values.sum() == pytest.approx(a.score, rel=1e-4)


def test_is_one_step_of_integrated_gradients_from_0(classifier, image):
    engine = AttributionEngine(classifier)
    a = engine.attribute(image, target=1, method=METHOD)
    one_step = engine.attribute(image, 1, IntegratedGradients(1, baseline=0.0, rule="right"))
    assert a.values == pytest.approx(one_step.values, rel=1e-4, abs=1e-7)


def test_the_map_is_the_sum_over_channels(classifier, image):
    a = AttributionEngine(classifier).attribute(image, method=METHOD)
    assert a.heatmap() == pytest.approx(a.values.sum(axis=-1))
    assert a.baseline is a.baseline_score is a.path is a.standard_error is None


def test_is_not_computed_twice(classifier, image):
    engine = AttributionEngine(classifier)
    first = engine.attribute(image, method=METHOD)
    again = engine.attribute(image, method=METHOD)
    assert again.evaluations == 0
    assert (again.values == first.values).all()
