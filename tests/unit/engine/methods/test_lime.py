"""LIME against scikit-learn's ridge on the same samples, and against what is known by hand."""

import numpy as np
import pytest
import tensorflow as tf
from sklearn.linear_model import Ridge

import tfinterp_widgets as tw
from tfinterp_widgets.engine import LIME, AttributionEngine
from tfinterp_widgets.engine.sampling import draws

PATCHES = {"regions": "patches", "region_count": 16}


def with_patch(classes=1):
    """A 16 x 16 image, and a model of the mean of its pixels (4..7, 8..11)."""
    image = np.random.default_rng(5).uniform(0.5, 0.6, size=(16, 16, 3)).astype(np.float32)
    image[4:8, 8:12] += 0.4  # superpixels follow colours

    def model(batch):
        return tf.reduce_mean(batch[:, 4:8, 8:12], axis=(1, 2, 3))[:, None] * tf.ones((1, classes))

    return image, AttributionEngine(model, batch_size=16)


def test_agrees_with_scikit_learn_on_the_same_samples(classifier, image):
    method = LIME(samples=200, seed=3, **PATCHES)
    a = AttributionEngine(classifier).attribute(image, 1, method)

    kept = draws.uniform(3, 0, 200, (16,)).numpy() < 0.5
    kept[0] = True
    masks = np.kron(kept.reshape(-1, 4, 4), np.ones((1, 2, 2)))[..., None]
    hidden = classifier.layers[1](classifier.layers[0](masks * image))
    scores = (hidden @ classifier.layers[2].kernel + classifier.layers[2].bias).numpy()[:, 1]
    distance = 1 - np.array([k.sum() / np.sqrt(max(k.sum(), 1) * 16) for k in kept])
    weights = np.sqrt(np.exp(-(distance**2) / 0.25**2))
    ridge = Ridge(alpha=1.0).fit(kept, scores, weights)

    assert a.values[::2, ::2, 0].ravel() == pytest.approx(ridge.coef_, abs=1e-5)
    assert (a.values == np.kron(a.values[::2, ::2, 0], np.ones((2, 2)))[..., None]).all()
    assert a.r_squared == pytest.approx(ridge.score(kept, scores, weights), abs=1e-4)
    assert a.evaluations == 200


@pytest.mark.parametrize("shape", [(5,), (3, 4)])
def test_a_linear_model_of_a_row_is_found_up_to_the_penalty(shape):
    rng = np.random.default_rng(0)
    weights, x = rng.normal(size=(2, *shape)).astype(np.float32)
    axes = tuple(range(1, 1 + len(shape)))
    engine = AttributionEngine(lambda batch: tf.reduce_sum(batch * weights, axis=axes) + 3)
    a = engine.attribute(x, method=LIME(baseline=0.5))
    assert a.values.shape == shape
    # 1,000 samples of weight about .5 and variance 1/4 against a penalty of 1.
    assert a.values == pytest.approx(weights * (x - 0.5), rel=0.03, abs=0.03)
    assert a.r_squared > 0.999
    assert (a.baseline == 0.5).all()
    assert a.convergence_delta is None


def test_r_squared_tells_where_a_linear_model_does_not_fit():
    x = np.ones(6, np.float32)

    def parity(batch):
        return tf.reduce_prod(1 - 2 * batch, axis=1)

    fits = AttributionEngine(lambda batch: tf.reduce_sum(batch, axis=1)).attribute(x, method=LIME())
    fails = AttributionEngine(parity).attribute(x, method=LIME())
    assert fits.r_squared > 0.999
    assert fails.r_squared < 0.1


@pytest.mark.parametrize("regions", ["superpixels", "patches"])
def test_finds_a_planted_patch(regions):
    image, engine = with_patch()
    a = engine.attribute(image, method=LIME(samples=500, regions=regions, region_count=16))
    inside = np.zeros((16, 16), bool)
    inside[4:8, 8:12] = True
    heatmap = a.heatmap()
    assert inside[np.unravel_index(heatmap.argmax(), heatmap.shape)]
    assert heatmap[inside].mean() > 5 * np.abs(heatmap[~inside]).mean()


def test_the_standard_error_says_how_far_seeds_are_apart(classifier, image):
    engine = AttributionEngine(classifier, batch_size=64)
    answers = [
        engine.attribute(image, 1, LIME(samples=120, seed=seed, **PATCHES)) for seed in range(40)
    ]
    apart = np.std([a.values for a in answers], axis=0, ddof=1)
    told = np.mean([a.standard_error for a in answers], axis=0)
    # 40 seeds tell each of 16 standard deviations to about 11 %.
    assert told.mean() == pytest.approx(apart.mean(), rel=0.15)


def test_chunks_do_not_change_the_answer(classifier, image):
    one, *others = (
        AttributionEngine(classifier, batch_size=size).attribute(
            image, 1, LIME(samples=100, **PATCHES)
        )
        for size in (1, 3, 16)
    )
    for other in others:
        assert other.values == pytest.approx(one.values, abs=1e-5)
        assert other.standard_error == pytest.approx(one.standard_error, rel=1e-2, abs=1e-6)
        assert other.r_squared == pytest.approx(one.r_squared, abs=1e-4)


def test_the_same_seed_gives_the_same_answer_and_another_does_not(classifier, image):
    first, again, other = (
        AttributionEngine(classifier).attribute(image, 1, LIME(samples=60, seed=seed, **PATCHES))
        for seed in (3, 3, 4)
    )
    assert (first.values == again.values).all()
    assert not np.allclose(first.values, other.values)


def test_estimates_come_chunk_by_chunk(classifier, image):
    engine = AttributionEngine(classifier, batch_size=16)
    estimates = list(engine.refine(image, 1, LIME(samples=40, **PATCHES)))
    counts = [e.evaluations for e in estimates]
    assert len(counts) >= 3
    assert counts == sorted(set(counts))
    assert [e.progress for e in estimates] == pytest.approx([n / 40 for n in counts])
    assert [e.final for e in estimates] == [False] * (len(counts) - 1) + [True]


def test_closing_stops_the_evaluations(classifier, image, monkeypatch):
    engine = AttributionEngine(classifier, batch_size=3)
    kind, seen = type(engine.ask(image).model), []
    evaluate = kind.evaluate
    monkeypatch.setattr(
        kind, "evaluate", lambda self, points: seen.append(1) or evaluate(self, points)
    )
    estimates = engine.refine(image, 1, LIME(**PATCHES))
    next(estimates)
    before = len(seen)
    estimates.close()
    assert len(seen) == before
    assert list(estimates) == []


def test_is_not_computed_twice_and_remembers_its_fit(classifier, image):
    engine = AttributionEngine(classifier)
    first = engine.attribute(image, 1, LIME(samples=60, baseline=np.ones((8, 8, 3))))
    again = engine.attribute(image, 1, LIME(samples=60, baseline=np.ones((8, 8, 3))))
    assert (first.evaluations, again.evaluations) == (60, 0)
    assert (again.values == first.values).all()
    assert again.r_squared == first.r_squared
    assert (again.baseline == 1).all()
    for other in (LIME(samples=60), LIME(samples=61, baseline=1.0), LIME(0, 60, 1.0, **PATCHES)):
        assert engine.attribute(image, 1, other).evaluations >= 60


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"samples": 1}, ValueError, "samples=1; expected a whole number of at least 2"),
        ({"samples": 9.5}, TypeError, "samples=9.5"),
        ({"regions": "pixels"}, ValueError, "regions='pixels'; expected one of superpixels"),
        ({"regions": None}, ValueError, "regions=None"),
        ({"regions": ["patches"]}, ValueError, "regions="),
        ({"region_count": 0}, ValueError, "region_count=0"),
        ({"baseline": object()}, TypeError, "baseline"),
        ({"seed": "0"}, TypeError, "seed='0'"),
        ({"sample": 9}, TypeError, "did you mean 'samples'"),
    ],
)
def test_bad_parameters_say_what_was_expected(parameters, error, message):
    with pytest.raises(error, match=message):
        LIME(**parameters)


def test_a_real_classifier_is_explained_by_the_rocket_and_not_by_the_sky():
    sample = tw.samples.imagenet()
    engine = tw.AttributionEngine(sample.model, preprocess=sample.preprocess, batch_size=16)
    method = LIME(samples=200, baseline=127, region_count=30)
    a = engine.attribute(tw.samples.photos()["rocket"], 657, method)
    heatmap = a.heatmap()
    assert heatmap[70:130, 108:118].mean() > 2 * np.abs(heatmap[20:100, :40]).mean()
    assert 0.2 < a.r_squared < 1
