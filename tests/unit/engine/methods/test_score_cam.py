"""Score-CAM against a straightforward loop over the channels."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from layered_models import MAKERS, feature_map, functional, made

from tfinterp_widgets.engine import AttributionEngine, ScoreCAM
from tfinterp_widgets.engine.computing import differentiable


def by_loop(model, image, target, activations):
    """The map (h, w), one channel after the other; x' is black, and matters not."""
    score = lambda x: float(model(x[None], training=False)[0, target])  # noqa: E731
    maps, gains = [], []
    for k in range(activations.shape[-1]):
        large = tf.image.resize(activations[..., k : k + 1], image.shape[:2]).numpy()
        if large.max() == large.min():
            continue
        mask = (large - large.min()) / (large.max() - large.min())
        maps.append(activations[..., k].astype(np.float64))
        gains.append(score(image * mask) - score(np.zeros_like(image)))
    weights = np.exp(gains) / np.exp(gains).sum()
    return np.maximum(sum(w * a for w, a in zip(weights, maps, strict=True)), 0)


def enlarged(answer, image):
    return tf.image.resize(answer[..., None], image.shape[:2]).numpy()


@pytest.mark.parametrize("maker", MAKERS)
def test_agrees_with_a_loop(maker, image):
    model = made(maker)
    activations, _ = feature_map(model, image[None])
    for target in (0, 3):
        a = AttributionEngine(model).attribute(image, target, ScoreCAM())
        expected = enlarged(by_loop(model, image, target, activations[0].numpy()), image)
        assert a.values == pytest.approx(expected, rel=1e-4, abs=1e-6)
        assert a.values.shape == (8, 8, 1)
        assert (a.evaluations, a.method.layer in ("map", "norm:Relu")) == (6, True)


def test_negative_activations_count_against_and_the_sum_is_cut_at_zero(image):
    model = made(functional)
    sub = keras.Model(model.input, model.get_layer("second").output)
    activations = sub(image[None])[0].numpy()
    a = AttributionEngine(model).attribute(image, 1, ScoreCAM(layer="second"))
    expected = enlarged(by_loop(model, image, 1, activations), image)
    assert activations.min() < 0
    assert (expected == 0).any()
    assert a.values == pytest.approx(expected, rel=1e-3, abs=1e-5)


class TestConstantChannels:
    @staticmethod
    def model(biases):
        """Channels 1 and 3 are constant, whatever comes in."""
        model = keras.Sequential(
            [
                keras.Input((8, 8, 3)),
                keras.layers.Conv2D(4, 3, activation="relu", name="conv"),
                keras.layers.GlobalAveragePooling2D(),
                keras.layers.Dense(2),
            ]
        )
        rng = np.random.default_rng(5)
        kernel = rng.normal(size=(3, 3, 3, 4))
        kernel[..., 1::2] = 0
        model.layers[0].set_weights([kernel, np.array(biases)])
        model.layers[-1].set_weights([rng.normal(size=(4, 2)), np.zeros(2)])
        return model

    def test_are_left_out(self, image):
        model = self.model([0, 0, 0, 1.5])
        a = AttributionEngine(model).attribute(image, 1, ScoreCAM())
        activations = model.layers[0](image[None])[0].numpy()
        assert a.evaluations == 2
        expected = enlarged(by_loop(model, image, 1, activations), image)
        assert a.values == pytest.approx(expected, rel=1e-4, abs=1e-6)

    def test_alone_leave_an_empty_map(self, image):
        model = self.model([-100, 0, -100, 1.5])
        a = AttributionEngine(model).attribute(image, 1, ScoreCAM())
        assert (a.values == 0).all()
        assert (a.evaluations, a.progress, a.final) == (0, 1.0, True)


def wide(channels=40):
    keras.utils.set_random_seed(3)
    return keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            keras.layers.Conv2D(channels, 3, activation="relu"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(3),
        ]
    )


class TestStreaming:
    def test_the_size_of_the_chunks_does_not_matter(self, image):
        model = wide()
        answers = [
            AttributionEngine(model, batch_size=size).attribute(image, 1, ScoreCAM()).values
            for size in (1, 3, 16)
        ]
        for other in answers[1:]:
            assert other == pytest.approx(answers[0], rel=1e-4, abs=1e-7)

    def test_estimates_follow_the_chunks_and_approach_the_answer(self, image):
        engine = AttributionEngine(wide(), batch_size=5)
        estimates = list(engine.refine(image, 1, ScoreCAM()))
        progress = [estimate.progress for estimate in estimates]
        assert len(estimates) > 5
        assert progress == sorted(set(progress))
        assert [estimate.final for estimate in estimates] == [False] * (len(progress) - 1) + [True]
        last = estimates[-1].values
        errors = [np.abs(estimate.values - last).sum() for estimate in estimates]
        assert errors[-2] < 0.5 * errors[0]

    def test_closing_ends_it_within_a_chunk(self, image, monkeypatch):
        engine = AttributionEngine(wide(), batch_size=4)
        passed, evaluate = [], differentiable.Differentiable.evaluate
        monkeypatch.setattr(
            differentiable.Differentiable,
            "evaluate",
            lambda self, points: passed.append(len(points)) or evaluate(self, points),
        )
        estimates = engine.refine(image, 1, ScoreCAM())
        next(estimates)
        so_far = len(passed)
        estimates.close()
        assert len(passed) == so_far
        assert max(passed) <= 4
        assert engine.attribute(image, 1, ScoreCAM()).evaluations == 40

    def test_a_finished_answer_is_remembered(self, image):
        engine = AttributionEngine(wide())
        first = engine.attribute(image, 1, ScoreCAM())
        again = engine.attribute(image, 1, ScoreCAM())
        assert (first.evaluations, again.evaluations) == (40, 0)
        assert (again.values == first.values).all()


def test_no_gradient_is_needed(image):
    x = keras.Input((8, 8, 3))
    y = keras.layers.Conv2D(4, 3, activation="relu", name="conv")(x)
    y = keras.layers.Lambda(lambda t: tf.round(10 * t))(keras.layers.GlobalAveragePooling2D()(y))
    model = keras.Model(x, keras.layers.Dense(2)(y))
    a = AttributionEngine(model).attribute(image, 1, ScoreCAM())
    activations = keras.Model(x, model.get_layer("conv").output)(image[None])[0].numpy()
    expected = enlarged(by_loop(model, image, 1, activations), image)
    assert a.values == pytest.approx(expected, rel=1e-4, abs=1e-6)
