"""KernelSHAP against Shapley values by their definition, and against closed forms."""

import itertools
import math

import keras
import numpy as np
import pytest
import tensorflow as tf

import tfinterp_widgets as tw
from tfinterp_widgets.engine import AttributionEngine, KernelSHAP

PATCHES = {"regions": "patches", "region_count": 16}


def shapley(score, x, baseline):
    """What each value adds when it takes the place of the baseline's, over all orders."""
    shares = np.zeros(x.size)
    for order in itertools.permutations(range(x.size)):
        point = baseline.copy()
        before = score(point)
        for k in order:
            point[k] = x[k]
            after = score(point)
            shares[k] += after - before
            before = after
    return shares / math.factorial(x.size)


def test_all_coalitions_give_the_shapley_values():
    rng = np.random.default_rng(0)
    x, baseline = rng.normal(size=(2, 5)).astype(np.float32)
    matrix = rng.normal(size=(5, 5)).astype(np.float32)

    def model(batch):
        return tf.reduce_sum(tf.tanh(batch @ matrix) * batch, axis=1)

    def score(point):
        return float((np.tanh(point @ matrix.astype(float)) * point).sum())

    a = AttributionEngine(model).attribute(x, method=KernelSHAP(baseline))
    assert a.values == pytest.approx(shapley(score, x.astype(float), baseline), abs=1e-5)
    assert a.evaluations == 2**5 - 2
    assert (a.standard_error == 0).all()
    assert a.score == pytest.approx(score(x), abs=1e-5)
    assert a.baseline_score == pytest.approx(score(baseline), abs=1e-5)


@pytest.mark.parametrize("samples", [2048, 62, 40, 14])
def test_a_linear_model_is_explained_exactly_whether_coalitions_are_listed_or_drawn(samples):
    weights = np.array([1.0, -2.0, 3.0, 0.5, 0.0, 4.0], np.float32)
    x = np.arange(1, 7).astype(np.float32)
    engine = AttributionEngine(lambda batch: tf.reduce_sum(batch * weights, axis=1) + 7)
    a = engine.attribute(x, method=KernelSHAP(0.5, samples))
    assert a.values == pytest.approx(weights * (x - 0.5), abs=1e-4)
    assert a.evaluations == min(samples, 62)


def test_the_values_of_an_image_sum_to_the_change_of_the_score(classifier, image):
    engine = AttributionEngine(classifier)
    for samples in (2, 7, 40, 300):
        for regions in ("superpixels", "patches"):
            method = KernelSHAP(0.3, samples, regions=regions, region_count=16)
            a = engine.attribute(image, (1, 3), method)
            assert a.values.shape == (8, 8, 1)
            assert a.convergence_delta == pytest.approx(0, abs=1e-6)
            assert a.heatmap().sum() == pytest.approx(a.score - a.baseline_score, abs=1e-5)


def test_a_sum_over_pixels_gives_each_patch_its_own_sum(separable, image):
    a = separable(lambda x: x**3).attribute(image, method=KernelSHAP(0.5, 40, **PATCHES))
    sums = (image**3 - 0.125).sum(axis=-1).reshape(4, 2, 4, 2).sum(axis=(1, 3))
    assert a.values[..., 0] == pytest.approx(np.kron(sums, np.ones((2, 2))) / 4, abs=1e-3)


def test_regions_that_play_the_same_part_get_the_same_share_and_idle_ones_nothing():
    def model(batch):
        return batch[:, 0] * batch[:, 1] + 2 * tf.square(batch[:, 2])

    a = AttributionEngine(model).attribute(np.array([3.0, 3.0, 1.0, 9.0]), method=KernelSHAP())
    assert a.values == pytest.approx([4.5, 4.5, 2, 0], abs=1e-5)


@pytest.mark.parametrize("regions", ["superpixels", "patches"])
def test_finds_a_planted_patch(regions):
    image = np.random.default_rng(5).uniform(0.5, 0.6, size=(16, 16, 3)).astype(np.float32)
    image[4:8, 8:12] += 0.4  # superpixels follow colours

    def model(batch):
        return tf.square(tf.reduce_mean(batch[:, 4:8, 8:12], axis=(1, 2, 3)))

    method = KernelSHAP(samples=200, regions=regions, region_count=16)
    heatmap = AttributionEngine(model).attribute(image, method=method).heatmap()
    inside = np.zeros((16, 16), bool)
    inside[4:8, 8:12] = True
    assert inside[np.unravel_index(heatmap.argmax(), heatmap.shape)]
    assert heatmap[inside].mean() > 5 * np.abs(heatmap[~inside]).mean()


def test_a_single_value_gets_the_whole_change_without_a_coalition(separable):
    a = separable(lambda x: x**2).attribute(np.array([3.0]), method=KernelSHAP(1.0))
    assert a.values == pytest.approx([8])
    assert (a.evaluations, a.progress, a.final) == (0, 1.0, True)


def test_token_ids_are_hidden_by_the_id_of_the_baseline():
    ids = keras.Input((4,), dtype="int32", name="ids")
    embedding = keras.layers.Embedding(9, 1)
    model = keras.Model(ids, keras.ops.sum(embedding(ids), axis=1))
    table = embedding.get_weights()[0][:, 0]
    x = np.array([3, 0, 7, 5])
    a = AttributionEngine(model).attribute(x, method=KernelSHAP(baseline=2))
    assert a.values == pytest.approx(table[x] - table[2], abs=1e-6)


def test_several_inputs_get_their_values_in_the_same_structure():
    left, right = keras.Input((2, 3), name="left"), keras.Input((4,), name="right")
    total = keras.ops.sum(left**3, axis=(1, 2)) + 2 * keras.ops.sum(right**2, axis=1)
    engine = AttributionEngine(keras.Model([left, right], total[:, None]))
    x = {"left": np.arange(6.0).reshape(2, 3), "right": np.arange(4.0)}
    a = engine.attribute(x, method=KernelSHAP(samples=100))
    assert a.values["left"] == pytest.approx(x["left"] ** 3, abs=1e-3)
    assert a.values["right"] == pytest.approx(2 * x["right"] ** 2, abs=1e-3)
    assert a.standard_error["right"].shape == (4,)


def test_the_standard_error_says_how_far_seeds_are_apart(classifier, image):
    engine = AttributionEngine(classifier, batch_size=64)
    answers = [
        engine.attribute(image, 1, KernelSHAP(0.3, 150, seed, **PATCHES)) for seed in range(40)
    ]
    apart = np.std([a.values for a in answers], axis=0, ddof=1)
    told = np.mean([a.standard_error for a in answers], axis=0)
    # 40 seeds tell each of 16 standard deviations to about 11 %.
    assert told.mean() == pytest.approx(apart.mean(), rel=0.2)


def test_chunks_do_not_change_the_answer(classifier, image):
    one, *others = (
        AttributionEngine(classifier, batch_size=size).attribute(
            image, 1, KernelSHAP(samples=101, **PATCHES)
        )
        for size in (1, 3, 16)
    )
    for other in others:
        assert other.values == pytest.approx(one.values, abs=1e-5)
        assert other.standard_error == pytest.approx(one.standard_error, rel=1e-2, abs=1e-6)


def test_the_same_seed_gives_the_same_answer_and_another_does_not(classifier, image):
    first, again, other = (
        AttributionEngine(classifier).attribute(
            image, 1, KernelSHAP(samples=60, seed=seed, **PATCHES)
        )
        for seed in (3, 3, 4)
    )
    assert (first.values == again.values).all()
    assert not np.allclose(first.values, other.values)


def test_every_estimate_on_the_way_sums_to_the_change_too(classifier, image):
    engine = AttributionEngine(classifier, batch_size=16)
    estimates = list(engine.refine(image, 1, KernelSHAP(samples=60, **PATCHES)))
    counts = [e.evaluations for e in estimates]
    assert len(counts) >= 4
    assert counts == sorted(set(counts))
    assert [e.progress for e in estimates] == pytest.approx([n / 60 for n in counts])
    assert [e.final for e in estimates] == [False] * (len(counts) - 1) + [True]
    assert [e.convergence_delta for e in estimates] == pytest.approx([0] * len(counts), abs=1e-6)


def test_closing_stops_the_evaluations(classifier, image, monkeypatch):
    engine = AttributionEngine(classifier, batch_size=3)
    kind, seen = type(engine.ask(image).model), []
    evaluate = kind.evaluate
    monkeypatch.setattr(
        kind, "evaluate", lambda self, points: seen.append(1) or evaluate(self, points)
    )
    estimates = engine.refine(image, 1, KernelSHAP(**PATCHES))
    next(estimates)
    before = len(seen)
    estimates.close()
    assert len(seen) == before
    assert list(estimates) == []


def test_is_not_computed_twice(classifier, image):
    engine = AttributionEngine(classifier)
    method = KernelSHAP(np.ones((8, 8, 3)), 60)
    first = engine.attribute(image, 1, method)
    again = engine.attribute(image, 1, KernelSHAP(np.ones((8, 8, 3)), 60))
    assert (first.evaluations, again.evaluations) == (60, 0)
    assert (again.values == first.values).all()
    assert (again.baseline == 1).all()
    for other in (KernelSHAP(1.0, 62), KernelSHAP(2.0, 60), KernelSHAP(1.0, 60, **PATCHES)):
        assert engine.attribute(image, 1, other).evaluations >= 60


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"samples": 1}, ValueError, "samples=1; expected a whole number of at least 2"),
        ({"samples": "many"}, TypeError, "samples='many'"),
        ({"regions": "pixels"}, ValueError, "regions='pixels'; expected one of superpixels"),
        ({"region_count": -3}, ValueError, "region_count=-3"),
        ({"baseline": "mean"}, TypeError, "baseline 'mean'"),
        ({"seed": 1.0}, TypeError, "seed=1.0"),
        ({"nsamples": 9}, TypeError, "did you mean 'samples'"),
    ],
)
def test_bad_parameters_say_what_was_expected(parameters, error, message):
    with pytest.raises(error, match=message):
        KernelSHAP(**parameters)


def test_too_many_values_to_solve_for_are_an_error(separable):
    with pytest.raises(ValueError, match="at most 1024"):
        separable(lambda x: x).attribute(np.zeros(1100), method=KernelSHAP())


def test_a_row_of_the_real_table_is_explained_from_the_mean_row():
    credit = tw.samples.german_credit()
    engine = tw.AttributionEngine(credit.model)
    rows = credit.preprocess(credit.X_test[:1])
    background = credit.preprocess(credit.X_train).mean(axis=0)
    a = engine.attribute(rows[0], method=KernelSHAP(background))
    again = engine.attribute(rows[0], method=KernelSHAP(background, seed=1))
    assert a.convergence_delta == pytest.approx(0, abs=1e-5)
    spread = np.hypot(a.standard_error, again.standard_error)
    assert (np.abs(a.values - again.values) < 5 * spread + 1e-6).all()
