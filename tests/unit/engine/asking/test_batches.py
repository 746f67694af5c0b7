"""Several inputs at once, each with a target of its own."""

import keras
import numpy as np
import pytest

from tfinterp_widgets.engine import (
    AttributionEngine,
    GradCAM,
    GuidedBackprop,
    IntegratedGradients,
    LayerCAM,
    Saliency,
    ScoreCAM,
)
from tfinterp_widgets.engine.computing import differentiable

METHOD = IntegratedGradients(8, rule="midpoint")


@pytest.fixture
def images():
    return np.random.default_rng(5).normal(size=(3, 8, 8, 3)).astype(np.float32)


@pytest.mark.parametrize(
    ("targets", "each"),
    [
        ([4, (0, 2), None], [4, (0, 2), None]),
        (np.array([2, 0, 1]), [2, 0, 1]),
        (None, [None] * 3),
        (3, [3] * 3),
        ((1, 2), [(1, 2)] * 3),
    ],
)
@pytest.mark.parametrize(
    "method",
    [METHOD, *(kind() for kind in (Saliency, GuidedBackprop, GradCAM, LayerCAM, ScoreCAM))],
    ids=lambda method: type(method).__name__,
)
def test_answers_are_those_of_the_inputs_alone(classifier, images, targets, each, method):
    batch = AttributionEngine(classifier).attribute_batch(images, targets, method)
    for answer, x, target in zip(batch, images, each, strict=True):
        alone = AttributionEngine(classifier).attribute(x, target, method)
        assert answer.target == alone.target
        assert answer.score == pytest.approx(alone.score, rel=1e-5)
        assert answer.method == alone.method
        assert answer.values == pytest.approx(alone.values, rel=1e-4, abs=1e-6)


def test_a_list_of_inputs_and_a_dictionary_of_arrays_are_batches():
    left, right = keras.Input((2,), name="left"), keras.Input((3,), name="right")
    joined = keras.layers.Concatenate()([left, right])
    engine = AttributionEngine(keras.Model([left, right], keras.layers.Dense(2)(joined)))
    arrays = {"left": np.ones((4, 2)), "right": np.arange(12.0).reshape(4, 3)}
    batch = engine.attribute_batch(arrays, [0, 1, 0, 1], METHOD)
    listed = [[arrays["left"][k], arrays["right"][k]] for k in range(4)]
    again = engine.attribute_batch(listed, [0, 1, 0, 1], METHOD)
    for one, other in zip(batch, again, strict=True):
        assert other.evaluations == 0
        assert list(one.values) == ["left", "right"]
        assert (one.values["right"] == other.values[1]).all()


def test_estimates_come_input_by_input_and_closing_stops(classifier, images, monkeypatch):
    runs, original = [], differentiable.Differentiable.gradients_of

    def gradients_of(self, points, targets):
        runs.append(len(points))
        return original(self, points, targets)

    monkeypatch.setattr(differentiable.Differentiable, "gradients_of", gradients_of)
    engine = AttributionEngine(classifier, batch_size=4)
    estimates = engine.refine_batch(images, 1, METHOD)
    seen = [next(estimates) for _ in range(3)]
    assert [(number, estimate.final) for number, estimate in seen] == [
        (0, False),
        (0, True),
        (1, False),
    ]
    estimates.close()
    assert sum(runs) == 12


def test_the_weights_are_read_once_for_the_batch(classifier, images, monkeypatch):
    read, original = [], differentiable.Differentiable.fingerprint

    def fingerprint(self):
        read.append(self)
        return original(self)

    monkeypatch.setattr(differentiable.Differentiable, "fingerprint", fingerprint)
    engine = AttributionEngine(classifier)
    engine.attribute_batch(images, 1, METHOD)
    asked = len(read)
    engine.attribute_batch(images, 1, METHOD)  # nothing is computed, so nothing is read after it
    assert len(read) == asked + 1


@pytest.mark.parametrize(
    ("X", "targets", "kind", "message"),
    [
        (np.ones((3, 8, 8, 3)), [1, 2], ValueError, "2 targets came for 3 inputs"),
        (np.ones((3, 8, 8, 3)), [1, 2, 9], ValueError, "target 9"),
        (np.ones((8, 8, 3)), None, ValueError, "3 axes"),
        ([], None, ValueError, "no inputs"),
        (3.0, None, TypeError, "float.*batch"),
        ("cats", None, ValueError, "no inputs"),
        (np.ones((0, 8, 8, 3)), None, ValueError, "no inputs"),
        ({"a": [1], "b": [1, 2]}, None, ValueError, "different lengths"),
    ],
)
def test_bad_batches(classifier, X, targets, kind, message):
    with pytest.raises(kind, match=message):
        AttributionEngine(classifier).attribute_batch(X, targets)


def test_an_error_says_which_input_it_is_of(classifier, images):
    images[1, 0, 0, 0] = np.nan
    with pytest.raises(ValueError, match="NaN") as caught:
        AttributionEngine(classifier).attribute_batch(images, 0, METHOD)
    assert "input 1 of 3" in caught.value.__notes__[0]
