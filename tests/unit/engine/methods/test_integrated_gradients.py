"""Integrated gradients through the engine, against closed forms."""

import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import AttributionEngine, IntegratedGradients, baselines
from tfinterp_widgets.engine.quadrature import RULES

CUBE_IN_4_STEPS = {
    "left": 0.65625,
    "right": 1.40625,
    "trapezoid": 1.03125,
    "midpoint": 0.984375,
    "gauss-legendre": 1.0,
    "endpoint-mean": 1.125,
    "graded": 1.154297,
}


@pytest.mark.parametrize(("rule", "expected"), CUBE_IN_4_STEPS.items())
def test_cube_from_0_to_1_in_4_steps(separable, rule, expected):
    a = separable(lambda x: x**3).attribute(np.ones(2), method=IntegratedGradients(4, rule=rule))
    assert a.values == pytest.approx(np.full(2, expected), abs=1e-4)


@pytest.mark.parametrize("rule", RULES)
def test_linear_model_is_explained_by_weight_times_difference_whatever_the_steps(separable, rule):
    x, start = np.array([1.0, -2.0, 5.0]), np.array([3.0, 1.0, -1.0])
    for steps in (1, 3, 8):
        method = IntegratedGradients(steps, start, rule)
        a = separable(lambda x: 4 * x).attribute(x, method=method)
        assert a.values == pytest.approx(4 * (x - start), rel=1e-5)
        assert a.relative_error == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    ("function", "exact"),
    [
        (lambda x: x**3, lambda x: x**3),
        (tf.exp, np.exp),
        (lambda x: tf.sin(2 * x), lambda x: np.sin(2 * x)),
    ],
    ids=["cube", "exponential", "sine"],
)
def test_each_value_approaches_its_own_change_from_an_asymmetric_baseline(
    separable, rule, function, exact
):
    x, start = np.array([1.5, -0.5, 0.2]), np.array([-0.3, 0.8, 0.1])
    a = separable(function).attribute(x, method=IntegratedGradients(512, start, rule))
    # Rules of order 1 are off by about half a step times the gradient's change along the path.
    assert a.values == pytest.approx(exact(x) - exact(start), abs=2e-2)
    assert a.score == pytest.approx(exact(x).sum(), rel=1e-5)
    assert a.baseline_score == pytest.approx(exact(start).sum(), rel=1e-5)


def test_pixels_equal_to_the_baseline_get_zero(separable):
    a = separable(lambda x: x**2).attribute(np.array([0.0, 3.0]))
    assert a.values[0] == 0
    assert a.values[1] == pytest.approx(9, rel=1e-2)


def test_delta_and_relative_error_are_what_they_say(separable):
    a = separable(lambda x: x**3).attribute(
        np.ones(2), method=IntegratedGradients(4, rule="endpoint-mean")
    )
    assert a.convergence_delta == pytest.approx(0.25, abs=1e-5)
    assert a.relative_error == pytest.approx(0.125, abs=1e-5)


def test_relative_error_is_none_where_the_score_does_not_change(separable):
    a = separable(lambda x: x**2).attribute(
        np.array([1.0, 2.0]), method=IntegratedGradients(4, [2.0, 1.0])
    )
    assert a.relative_error is None
    assert a.convergence_delta == pytest.approx(0, abs=1e-5)


def test_the_path_says_where_the_gradient_was_taken(separable):
    engine = separable(lambda x: x**2)
    ends = {
        rule: tuple(
            engine.attribute(
                np.array([3.0]), method=IntegratedGradients(6, rule=rule)
            ).path.evaluated[[0, -1]]
        )
        for rule in RULES
    }
    assert ends == {
        "graded": (False, True),
        "trapezoid": (True, True),
        "midpoint": (False, False),
        "left": (True, False),
        "right": (False, True),
        "gauss-legendre": (False, False),
        "endpoint-mean": (True, True),
    }


def test_the_path_holds_both_ends_and_a_score_for_every_node(separable):
    engine = separable(lambda x: x**2)
    for rule in RULES:
        a = engine.attribute(np.array([3.0]), method=IntegratedGradients(6, rule=rule))
        assert a.path.alphas[[0, -1]] == pytest.approx([0, 1])
        assert (np.diff(a.path.alphas) > 0).all()
        assert set(RULES[rule].alphas(6)) <= set(a.path.alphas)
        assert a.path.scores == pytest.approx(9 * a.path.alphas**2, rel=1e-4, abs=1e-5)


class TestAuto:
    """Graded where a fifth of the change happens in the first tenth of the path."""

    @pytest.mark.parametrize(
        ("share", "rule"), [(0.1, "trapezoid"), (0.19, "trapezoid"), (0.21, "graded")]
    )
    def test_threshold(self, separable, share, rule):
        # Piecewise linear along the path: `share` of the change up to alpha = .1, the rest after.
        def function(x):
            return tf.minimum(x * share / 0.1, share + (x - 0.1) * (1 - share) / 0.9)

        a = separable(function).attribute(np.ones(1))
        assert a.method.rule == rule

    def test_an_unchanging_score_takes_the_trapezoid(self, separable):
        assert separable(lambda x: 0 * x - 5).attribute(np.ones(2)).method.rule == "trapezoid"

    def test_the_change_may_be_downwards(self, separable):
        a = separable(lambda x: -tf.sqrt(x + 1e-6)).attribute(np.ones(1))
        assert a.method.rule == "graded"

    def test_shares_its_answers_with_the_rule_it_resolves_to(self, separable):
        engine = separable(lambda x: x**3)
        engine.attribute(np.ones(2), method=IntegratedGradients(8, rule="auto"))
        again = engine.attribute(np.ones(2), method=IntegratedGradients(8, rule="trapezoid"))
        assert again.evaluations == 0


@pytest.mark.parametrize(
    "baseline",
    [
        baselines.Constant(2.0),
        baselines.Constant((0.0, 1.0, 2.0)),
        baselines.Blur(1.5),
        baselines.Noise(seed=4),
        baselines.Mean(),
        1.5,
        np.full((8, 8, 3), 0.5),
    ],
    ids=repr,
)
def test_every_baseline_is_complete_and_told(classifier, image, baseline):
    engine = AttributionEngine(classifier)
    a = engine.attribute(image, target=2, method=IntegratedGradients(256, baseline))
    start = baselines.as_baseline(baseline).of(image)
    assert a.baseline == pytest.approx(start)
    expected = engine.attribute(start, target=2).score
    assert a.baseline_score == pytest.approx(expected, rel=1e-4, abs=1e-6)
    assert abs(a.convergence_delta) < 0.01 * max(abs(a.score - a.baseline_score), 0.05)


def test_preprocessing_applies_to_the_baseline_too_and_completeness_holds(classifier, image):
    pixels = np.clip(image * 40 + 128, 0, 255)
    engine = AttributionEngine(classifier, preprocess=lambda x: (x - 127) / 128)
    a = engine.attribute(pixels, target=1, method=IntegratedGradients(256, baselines.Constant(0)))
    plain = AttributionEngine(classifier)
    black = plain.attribute(np.full((8, 8, 3), -127 / 128), target=1)
    assert a.baseline_score == pytest.approx(black.score, rel=1e-4)
    assert (a.baseline == 0).all()
    assert a.relative_error < 0.01


def test_methods_and_attributions_are_frozen(classifier, image):
    a = AttributionEngine(classifier).attribute(image)
    with pytest.raises(AttributeError):
        a.score = 1
    with pytest.raises(AttributeError):
        a.method.steps = 1
    with pytest.raises(ValueError, match="read-only"):
        a.values[0] = 1


def test_heatmap_sums_over_channels_and_keeps_the_total(classifier, image):
    a = AttributionEngine(classifier).attribute(image)
    assert a.heatmap().shape == (8, 8)
    assert a.heatmap() == pytest.approx(a.values.sum(axis=-1))
    assert a.heatmap("abs_sum") == pytest.approx(np.abs(a.values).sum(axis=-1))
    assert a.heatmap("max_abs") == pytest.approx(np.abs(a.values).max(axis=-1))
    assert a.heatmap("mean") == pytest.approx(a.values.mean(axis=-1))
    with pytest.raises(ValueError, match="max_abs"):
        a.heatmap("median")
