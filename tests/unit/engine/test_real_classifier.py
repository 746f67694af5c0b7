"""The engine on a real ImageNet classifier and real photographs."""

import numpy as np
import pytest

import tfinterp_widgets as tw

CHUNK = 8


@pytest.fixture(scope="module")
def engine():
    sample = tw.samples.imagenet()
    return tw.AttributionEngine(
        sample.model,
        preprocess=sample.preprocess,
        class_names=sample.class_names,
        batch_size=CHUNK,
    )


@pytest.fixture(scope="module")
def cat():
    return tw.samples.photos()["cat"]


def relative_l1(a, b):
    return np.abs(a - b).sum() / np.abs(b).sum()


@pytest.mark.parametrize("photo", ["cat", "coffee", "rocket"])
def test_auto_grades_from_black_and_not_from_noise(engine, photo):
    x = tw.samples.photos()[photo]
    black = engine.attribute(x, method=tw.IntegratedGradients(1))
    noise = engine.attribute(x, method=tw.IntegratedGradients(1, tw.baselines.Noise(seed=0)))
    assert (black.method.rule, noise.method.rule) == ("graded", "trapezoid")


def test_preview_levels_resemble_the_answer_once_smoothed(engine, cat):
    from scipy.ndimage import gaussian_filter

    levels = {}
    for estimate in engine.refine(cat, method=tw.IntegratedGradients(64)):
        levels[estimate.level] = gaussian_filter(estimate.heatmap(), 3)
    likeness = {n: np.corrcoef(m.ravel(), levels[64].ravel())[0, 1] for n, m in levels.items()}
    assert list(likeness) == [4, 8, 16, 32, 64]
    assert likeness[4] > 0.6
    assert likeness[8] > 0.85


def test_reused_levels_are_what_is_computed_afresh(engine, cat):
    method = tw.IntegratedGradients(16, rule="graded")
    engine.attribute(cat, 285, tw.IntegratedGradients(32, rule="graded"))
    reused = engine.attribute(cat, 285, method)
    afresh = tw.AttributionEngine(
        tw.samples.imagenet().model, preprocess=engine.preprocess, batch_size=5
    ).attribute(cat, 285, method)
    assert reused.evaluations == 0
    assert afresh.evaluations == 16
    # ReLU6 and float32: sums in another order flip a few ties.
    assert relative_l1(reused.values, afresh.values) < 5e-3


def test_the_sum_approaches_the_change_of_the_score(engine, cat):
    errors = [
        engine.attribute(cat, 285, tw.IntegratedGradients(n, rule="graded")).relative_error
        for n in (8, 64)
    ]
    assert errors[1] < 0.06 < errors[0]


def test_logits_and_probability_differ(engine, cat):
    probability = tw.AttributionEngine(
        tw.samples.imagenet().model,
        output="probability",
        preprocess=engine.preprocess,
        batch_size=CHUNK,
    )
    p = probability.attribute(cat, 285, tw.IntegratedGradients(16))
    logit = engine.attribute(cat, 285, tw.IntegratedGradients(16))
    assert p.score == pytest.approx(engine.predict(cat)[0].probability, rel=1e-3)
    assert logit.score > 5 > 1 > p.score
    a, b = (v.values / np.abs(v.values).sum() for v in (p, logit))
    assert np.abs(a - b).sum() > 0.1


def test_batch_normalisation_is_folded_and_nothing_else_changes(engine, cat):
    plain = tw.AttributionEngine(
        tw.samples.imagenet().model,
        preprocess=engine.preprocess,
        batch_size=CHUNK,
        optimize=False,
    )
    ours, theirs = (each.attribute(cat, 285, tw.Saliency()) for each in (engine, plain))
    assert engine.optimized == "49 batch normalisations folded"
    assert ours.score == pytest.approx(theirs.score, rel=1e-5)
    assert relative_l1(ours.values, theirs.values) < 1e-2


def test_a_black_baseline_is_blind_to_black(engine):
    duck = tw.samples.photos()["duck"]
    a = engine.attribute(duck, method=tw.IntegratedGradients(4))
    black, dark = duck == 0, duck < 40
    assert black.sum() > 1000
    assert (a.values[black] == 0).all()
    # Most of the photograph is nearly black, and gets nearly nothing, whatever the model uses.
    assert dark.mean() > 0.5
    assert np.abs(a.values[dark]).mean() < 0.5 * np.abs(a.values[~dark]).mean()


def test_the_error_of_smoothgrad_falls_with_the_samples_and_is_what_is_told(engine, cat):
    few, more = (engine.attribute(cat, 285, tw.SmoothGrad(n, seed=n)) for n in (16, 48))
    between = np.square(few.values - more.values).mean()
    told = np.square(few.standard_error).mean() + np.square(more.standard_error).mean()
    assert between == pytest.approx(told, rel=0.2)
    assert np.square(more.standard_error).mean() < np.square(few.standard_error).mean() / 2


def test_expected_gradients_of_other_photographs_sum_to_the_difference_from_them(engine, cat):
    others = np.stack([photo for name, photo in tw.samples.photos().items() if name != "cat"])
    a = engine.attribute(cat, 285, tw.ExpectedGradients(others, samples=140))
    scores = [engine.attribute(photo, 285, tw.Saliency()).score for photo in others]
    assert a.baseline_score == pytest.approx(np.mean(scores), abs=1e-3)
    assert a.relative_error < 0.15
    assert np.abs(a.standard_error).sum() < 0.5 * np.abs(a.values).sum()


def test_completeness_from_black_and_white_holds_for_their_mean(engine, cat):
    a = engine.attribute(cat, 285, tw.IntegratedGradients(64, [tw.baselines.Constant(0), 255]))
    assert a.relative_error < 0.06
    black, white = a.parts
    assert a.values == pytest.approx((black.values + white.values) / 2, abs=1e-6)
    assert relative_l1(black.values, white.values) > 0.1
