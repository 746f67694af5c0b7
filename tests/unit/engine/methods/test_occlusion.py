"""Occlusion against windows hidden one by one, and against closed forms."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import tfinterp_widgets as tw
from tfinterp_widgets.engine import AttributionEngine, Occlusion


def by_hand(score, x, baseline, window, stride):
    """Hide one window after the other: the paper, in loops."""
    height, width = x.shape[:2]
    falls, times = np.zeros((height, width)), np.zeros((height, width))
    for top in range(0, max(height - window, 0) + stride, stride):
        for left in range(0, max(width - window, 0) + stride, stride):
            occluded = x.copy()
            here = np.s_[top : top + window, left : left + window]
            occluded[here] = baseline[here]
            falls[here] += score(x) - score(occluded)
            times[here] += 1
    return falls / times


@pytest.mark.parametrize(
    ("shape", "window", "stride"),
    [((8, 8), 3, 1), ((8, 8), 3, 2), ((7, 10), 4, 3), ((6, 9), 2, 2), ((5, 5), 9, 4)],
)
def test_each_pixel_is_the_mean_fall_over_the_windows_that_cover_it(shape, window, stride):
    rng = np.random.default_rng(1)
    x, baseline = rng.normal(size=(2, *shape, 3)).astype(np.float32)
    weights = rng.normal(size=x.shape).astype(np.float32)

    def model(batch):
        return tf.reduce_sum(tf.tanh(batch * weights), axis=(1, 2, 3))

    a = AttributionEngine(model).attribute(x, method=Occlusion(window, stride, baseline))

    def score(image):
        return np.tanh(image.astype(np.float64) * weights).sum()

    expected = by_hand(score, x, baseline, window, stride)
    assert a.values.shape == (*shape, 1)
    assert a.values[..., 0] == pytest.approx(expected, abs=1e-4)
    assert a.heatmap() == pytest.approx(expected, abs=1e-4)
    assert a.baseline == pytest.approx(baseline)
    # Occlusion shares nothing out, so there is nothing that its sum could miss.
    assert a.convergence_delta is None


def test_windows_of_one_pixel_give_its_own_contribution(separable, image):
    a = separable(lambda x: x**3).attribute(image, method=Occlusion(1, 1, 0.5))
    assert a.values[..., 0] == pytest.approx((image**3 - 0.125).sum(axis=-1), abs=1e-3)
    assert a.evaluations == 64


@pytest.mark.parametrize("shape", [(6,), (4, 3), (2, 3, 2, 2)])
def test_what_is_no_image_is_hidden_value_by_value(separable, shape):
    x = np.random.default_rng(2).normal(size=shape).astype(np.float32)
    a = separable(lambda x: x**2).attribute(x, method=Occlusion(baseline=2.0))
    assert a.values.shape == shape
    assert a.values == pytest.approx(x**2 - 4, abs=1e-4)
    assert a.evaluations == x.size


def test_finds_a_planted_patch():
    image = np.random.default_rng(5).uniform(0.2, 1, size=(24, 24, 3)).astype(np.float32)

    def model(batch):
        return tf.reduce_mean(batch[:, 6:12, 9:15], axis=(1, 2, 3))

    heatmap = AttributionEngine(model).attribute(image, method=Occlusion(3, 1)).heatmap()
    inside = np.zeros((24, 24), bool)
    inside[6:12, 9:15] = True
    assert heatmap[inside].min() > 0
    # Windows that touch the patch reach two pixels beyond it.
    assert heatmap[:4].max() == pytest.approx(0, abs=1e-6)
    assert heatmap[inside].mean() > 5 * heatmap[~inside].mean()


def test_agrees_with_a_loop_over_a_network(classifier, image):
    engine = AttributionEngine(classifier)
    a = engine.attribute(image, target=(1, 3), method=Occlusion(3, 2))

    def score(x):
        scores = {p.index: p.score for p in engine.predict(x, top=None)}
        return scores[1] - scores[3]

    expected = by_hand(score, image, np.zeros_like(image), 3, 2)
    assert a.values[..., 0] == pytest.approx(expected, rel=1e-3, abs=1e-5)


def test_an_image_among_several_inputs_gets_windows():
    image, row = keras.Input((6, 8, 3), name="image"), keras.Input((4,), name="row")
    total = keras.ops.sum(image**2, axis=(1, 2, 3)) + keras.ops.sum(row**3, axis=1)
    engine = AttributionEngine(keras.Model([image, row], total[:, None]), batch_size=5)
    x = {"image": np.full((6, 8, 3), 2.0), "row": np.arange(4.0)}
    a = engine.attribute(x, method=Occlusion(window=2, stride=2))
    assert a.evaluations == 3 * 4 + 4
    assert a.values["image"] == pytest.approx(np.full((6, 8, 3), 2 * 2 * 3 * 4.0))
    assert a.values["row"] == pytest.approx(x["row"] ** 3)


def test_token_ids_are_hidden_by_the_id_of_the_baseline():
    ids = keras.Input((4,), dtype="int32", name="ids")
    embedding = keras.layers.Embedding(9, 1)
    engine = AttributionEngine(keras.Model(ids, keras.ops.sum(embedding(ids), axis=1)))
    table, x = embedding.get_weights()[0][:, 0], np.array([3, 0, 7, 5])
    a = engine.attribute(x, method=Occlusion(baseline=2))
    assert a.values == pytest.approx(table[x] - table[2], abs=1e-6)


def test_chunks_do_not_change_the_answer(classifier, image):
    one, *others = (
        AttributionEngine(classifier, batch_size=size).attribute(
            image, target=1, method=Occlusion(3, 2)
        )
        for size in (1, 3, 16)
    )
    for other in others:
        assert other.values == pytest.approx(one.values, abs=1e-5)


def test_estimates_come_chunk_by_chunk_and_the_last_is_the_answer(classifier, image):
    engine = AttributionEngine(classifier, batch_size=3)
    estimates = list(engine.refine(image, target=1, method=Occlusion(3, 3)))
    assert [e.evaluations for e in estimates] == [3, 6, 9]
    assert [e.progress for e in estimates] == pytest.approx([1 / 3, 2 / 3, 1])
    assert [e.final for e in estimates] == [False, False, True]
    covered = [np.count_nonzero(e.values) for e in estimates]
    assert covered == sorted(covered)
    assert covered[0] < covered[-1] == 64


def test_closing_stops_the_evaluations(classifier, image, monkeypatch):
    engine = AttributionEngine(classifier, batch_size=3)
    seen = []
    model = engine.ask(image).model
    evaluate = type(model).evaluate
    monkeypatch.setattr(
        type(model), "evaluate", lambda self, points: seen.append(1) or evaluate(self, points)
    )
    estimates = engine.refine(image, target=1, method=Occlusion(1, 1))
    next(estimates)
    before = len(seen)
    estimates.close()
    assert len(seen) == before
    assert list(estimates) == []


def test_is_not_computed_twice_and_another_baseline_is_another_question(classifier, image):
    engine = AttributionEngine(classifier)
    grey = np.full_like(image, 0.5)
    first = engine.attribute(image, target=1, method=Occlusion(3, 2, grey))
    again = engine.attribute(image, target=1, method=Occlusion(3, 2, grey.copy()))
    other = engine.attribute(image, target=1, method=Occlusion(3, 2))
    assert (first.evaluations, again.evaluations, other.evaluations) == (16, 0, 16)
    assert (again.values == first.values).all()
    assert (again.baseline == grey).all()
    assert not np.allclose(other.values, first.values)


def test_preprocessing_applies_to_what_hides_too(classifier, image):
    pixels = np.clip(image * 40 + 128, 0, 255)
    method = Occlusion(3, 2, baseline=255)
    engine = AttributionEngine(classifier, preprocess=lambda x: (x - 127) / 128)
    plain = AttributionEngine(classifier)
    white = Occlusion(3, 2, baseline=1.0)
    expected = plain.attribute((pixels - 127) / 128, target=1, method=white)
    a = engine.attribute(pixels, target=1, method=method)
    assert a.values == pytest.approx(expected.values, abs=1e-5)


def test_a_stride_beyond_the_window_would_leave_pixels_uncovered():
    assert Occlusion(window=4, stride=9).stride == 4
    assert Occlusion(window=4).stride == 4


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"window": 0}, ValueError, "window=0; expected a whole number of at least 1"),
        ({"window": 2.5}, TypeError, "window=2.5 is a float"),
        ({"window": (3, 3)}, TypeError, "window"),
        ({"stride": -1}, ValueError, "stride=-1"),
        ({"stride": True}, TypeError, "stride=True"),
        ({"baseline": "black"}, TypeError, "baseline 'black'"),
        ({"windw": 3}, TypeError, "did you mean 'window'"),
    ],
)
def test_bad_parameters_say_what_was_expected(parameters, error, message):
    with pytest.raises(error, match=message):
        Occlusion(**parameters)


def test_a_baseline_of_another_shape_is_an_error_before_anything_is_computed(classifier, image):
    with pytest.raises(ValueError, match=r"baseline has shape \(4, 4, 3\)"):
        AttributionEngine(classifier).attribute(image, method=Occlusion(3, 1, np.zeros((4, 4, 3))))


def test_a_real_classifier_misses_the_rocket_more_than_the_sky_beside_it():
    sample = tw.samples.imagenet()
    engine = tw.AttributionEngine(sample.model, preprocess=sample.preprocess, batch_size=16)
    method = Occlusion(window=48, stride=16, baseline=127)
    heatmap = engine.attribute(tw.samples.photos()["rocket"], 657, method).heatmap()
    rocket, sky = heatmap[64:130, 104:122], heatmap[64:130, :40]
    assert rocket.mean() > 0.5
    assert rocket.mean() > 2 * sky.mean()
