"""A score of the user's own as target."""

import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import AttributionEngine, IntegratedGradients, Saliency


def first_minus_rest(scores):
    return scores[:, 0] - tf.reduce_mean(scores[:, 1:], axis=1)


def test_a_function_of_the_scores_is_explained(classifier, image):
    engine = AttributionEngine(classifier)
    a = engine.attribute(image, target=first_minus_rest, method=IntegratedGradients(64))
    singles = [
        engine.attribute(image, k, IntegratedGradients(64, rule=a.method.rule)) for k in range(5)
    ]
    expected = singles[0].values - np.mean([single.values for single in singles[1:]], axis=0)
    assert a.values == pytest.approx(expected, rel=1e-3, abs=1e-6)
    assert a.score == pytest.approx(singles[0].score - np.mean([s.score for s in singles[1:]]))
    assert a.target is first_minus_rest
    assert engine.attribute(image, first_minus_rest, a.method).evaluations == 0


def test_a_function_sees_probabilities_where_they_are_explained(classifier, image):
    def square(scores):
        return scores[:, 1] ** 2

    engine = AttributionEngine(classifier, output="probability")
    single = engine.attribute(image, 1, Saliency())
    squared = engine.attribute(image, square, Saliency())
    assert squared.score == pytest.approx(single.score**2, rel=1e-5)
    assert squared.values == pytest.approx(2 * single.score * single.values, rel=1e-4, abs=1e-8)


@pytest.mark.parametrize(
    ("target", "kind", "message"),
    [
        (lambda scores: scores, ValueError, r"made shape \(\d, 5\).*one score an example"),
        (lambda scores: tf.reduce_sum(scores), ValueError, r"made shape \(\)"),
        (lambda scores: tf.argmax(scores, axis=1), TypeError, "made int64"),
        (lambda _: "cat", TypeError, "made string"),
        (lambda _: None, TypeError, "made a NoneType"),
    ],
)
def test_a_function_that_makes_something_else(classifier, image, target, kind, message):
    with pytest.raises(kind, match=message):
        AttributionEngine(classifier).attribute(image, target)


@pytest.mark.parametrize(
    "target",
    [int, lambda scores: np.asarray(scores)[:, 1], lambda scores: scores[:, 99], lambda _: 1 / 0],
    ids=["class", "numpy", "out of bounds", "raises"],
)
def test_a_function_that_raises_says_so_in_its_own_words(classifier, image, target):
    with pytest.raises(Exception, match=r"\w") as caught:
        AttributionEngine(classifier).attribute(image, target)
    name = target.__name__
    assert any(f"Raised by the target {name!r}" in note for note in caught.value.__notes__)


def test_functions_that_are_dropped_do_not_pile_up(classifier, image):
    engine = AttributionEngine(classifier)
    for power in range(8):
        engine.attribute(image, lambda s, p=power: s[:, 0] ** (p + 1), Saliency())
    (model,) = engine._models._by_layout.values()
    assert len(model._gradients._custom) == 4
