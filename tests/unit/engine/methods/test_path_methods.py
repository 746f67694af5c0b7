"""What holds for every method along a path: chunks, previews, cancelling, remembering."""

import threading

import keras
import numpy as np
import pytest
import tensorflow as tf
from path_cases import counting, linear_score

from tfinterp_widgets.engine import (
    IDGI,
    XRAI,
    AttributionEngine,
    BlurIntegratedGradients,
    GuidedIntegratedGradients,
)

WITH_BASELINE = [GuidedIntegratedGradients, IDGI]
COMPLETE = [*WITH_BASELINE, BlurIntegratedGradients]
EVERY = [*COMPLETE, XRAI]

# A blur is one evaluation more than it has intervals; XRAI walks two paths, by the rule that pays.
EVALUATIONS = {
    GuidedIntegratedGradients: lambda steps: {steps},
    IDGI: lambda steps: {steps},
    BlurIntegratedGradients: lambda steps: {steps + 1},
    XRAI: lambda steps: {2 * steps, 2 * steps + 1, 2 * steps + 2},
}


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("batch_size", [1, 3, 16, "auto"])
def test_the_answer_does_not_depend_on_the_chunk(classifier, image, kind, batch_size):
    reference = AttributionEngine(classifier, batch_size=64).attribute(image, 3, kind(21))
    a = AttributionEngine(classifier, batch_size=batch_size).attribute(image, 3, kind(21))
    assert a.values == pytest.approx(reference.values, rel=1e-3, abs=1e-6)
    assert a.evaluations in EVALUATIONS[kind](21)


@pytest.mark.parametrize("kind", EVERY)
def test_estimates_come_chunk_by_chunk_and_the_last_is_the_answer(classifier, image, kind):
    estimates = list(AttributionEngine(classifier, batch_size=4).refine(image, 1, kind(16)))
    assert len(estimates) >= 4
    progress = [estimate.progress for estimate in estimates]
    assert progress == sorted(set(progress))
    assert 0 < progress[0] < 1
    assert progress[-1] == 1
    assert [estimate.final for estimate in estimates] == [False] * (len(estimates) - 1) + [True]
    assert [estimate.level for estimate in estimates] == [None] * (len(estimates) - 1) + [16]
    answer = AttributionEngine(classifier, batch_size=4).attribute(image, 1, kind(16))
    assert estimates[-1].values == pytest.approx(answer.values)


@pytest.mark.parametrize("kind", COMPLETE)
def test_of_a_linear_score_every_preview_is_the_answer(image, kind):
    kernel = np.random.default_rng(1).normal(size=image.shape).astype(np.float32)
    engine = AttributionEngine(linear_score(kernel), batch_size=4)
    for estimate in engine.refine(image, method=kind(20)):
        expected = kernel * (image - (0 if estimate.baseline is None else estimate.baseline))
        if kind is IDGI:
            change = estimate.score - estimate.baseline_score
            expected = change * kernel**2 / (kernel**2).sum()
        assert estimate.values == pytest.approx(expected, abs=1e-4)
        assert estimate.convergence_delta == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize("kind", EVERY)
def test_closing_the_iterator_ends_the_work(image, kind):
    model, sizes = counting(lambda x: x**2)
    engine = AttributionEngine(model, batch_size=4)
    engine.predict(image)  # so that the question itself takes no pass
    del sizes[:]
    estimates = engine.refine(image, method=kind(200))
    next(estimates)
    done = len(sizes)
    # Scores of end points, and one chunk: four points at once, or one after the other.
    assert done <= 8
    estimates.close()
    assert list(estimates) == []
    assert len(sizes) == done


@pytest.mark.parametrize("kind", EVERY)
def test_is_not_computed_twice_and_its_steps_are_told(classifier, image, kind):
    engine = AttributionEngine(classifier)
    assert engine.cached(image, 2, kind()) == {}
    first = engine.attribute(image, 2, kind(6))
    again = engine.attribute(image, 2, kind(6))
    assert (first.evaluations > 0, again.evaluations) == (True, 0)
    assert (again.values == first.values).all()
    assert again.method == first.method == kind(6)
    known = engine.cached(image, 2, kind())
    assert 6 in known
    assert all(a.level == n == a.method.steps and a.final for n, a in known.items())
    assert engine.cached(image, 1, kind()) == {}


@pytest.mark.parametrize("kind", [IDGI, BlurIntegratedGradients])
def test_levels_along_the_way_are_what_a_fresh_engine_computes(classifier, image, kind):
    engine = AttributionEngine(classifier, batch_size=5)
    engine.attribute(image, 2, kind(24))
    for level in (3, 6, 12):
        again = engine.attribute(image, 2, kind(level))
        fresh = AttributionEngine(classifier).attribute(image, 2, kind(level))
        assert again.evaluations == 0
        assert again.values == pytest.approx(fresh.values, rel=1e-3, abs=1e-6)
        assert again.path.alphas == pytest.approx(fresh.path.alphas)
        assert again.path.scores == pytest.approx(fresh.path.scores, rel=1e-4, abs=1e-5)
        assert (again.path.evaluated == fresh.path.evaluated).all()
        assert again.baseline == pytest.approx(fresh.baseline)


@pytest.mark.parametrize("kind", EVERY)
def test_an_input_that_is_its_own_baseline_gets_zeros(classifier, kind):
    # A constant image: its blur, its minimum and its maximum are the image itself.
    flat = np.full((8, 8, 3), 0.5)
    method = kind(4, baseline=0.5) if kind in WITH_BASELINE else kind(4)
    a = AttributionEngine(classifier).attribute(flat, 1, method)
    assert a.values == pytest.approx(np.zeros(a.values.shape), abs=1e-6)
    assert a.relative_error is None


@pytest.mark.parametrize("kind", COMPLETE)
def test_the_path_is_ascending_and_holds_both_ends(classifier, image, kind):
    engine = AttributionEngine(classifier, batch_size=4)
    for estimate in engine.refine(image, 1, kind(10)):
        path = estimate.path
        assert path.alphas[[0, -1]] == pytest.approx([0, 1], abs=1e-12)
        assert (np.diff(path.alphas) > 0).all()
        ends = [estimate.baseline_score, estimate.score]
        assert path.scores[[0, -1]] == pytest.approx(ends, rel=1e-4, abs=1e-6)
        assert path.evaluated.sum() == estimate.evaluations


@pytest.mark.parametrize("kind", EVERY)
def test_a_contrast_is_the_difference_of_the_scores(classifier, image, kind):
    a = AttributionEngine(classifier).attribute(image, (1, 3), kind(5))
    one, three = (AttributionEngine(classifier).attribute(image, k, kind(5)) for k in (1, 3))
    assert a.target == (1, 3)
    assert a.score == pytest.approx(one.score - three.score, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("kind", EVERY)
def test_weights_that_change_on_the_way_are_an_error_and_nothing_is_remembered(image, kind):
    factor = tf.Variable(2.0)
    engine = AttributionEngine(lambda batch: factor * tf.reduce_sum(batch**2, axis=(1, 2, 3)))
    estimates = engine.refine(image, method=kind(50))
    next(estimates)
    factor.assign(3.0)
    with pytest.raises(RuntimeError, match="weights changed"):
        list(estimates)
    factor.assign(2.0)
    assert 50 not in engine.cached(image, method=kind(50))


@pytest.mark.parametrize("kind", EVERY)
def test_two_threads_get_their_own_right_answers(classifier, image, kind):
    engine, found = AttributionEngine(classifier, batch_size=3), {}

    def explain(target):
        found[target] = engine.attribute(image, target, kind(12)).values

    threads = [threading.Thread(target=explain, args=(target,)) for target in (0, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for target, values in found.items():
        alone = AttributionEngine(classifier).attribute(image, target, kind(12)).values
        assert values == pytest.approx(alone, rel=1e-3, abs=1e-6)


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize(
    ("steps", "error", "message"),
    [
        (0, ValueError, "steps=0.*at least 1"),
        (-3, ValueError, "at least 1"),
        (2.5, TypeError, "steps=2.5.*whole number"),
        (True, TypeError, "whole number"),
        (None, TypeError, "whole number"),
    ],
)
def test_steps_that_are_no_number_of_steps(kind, steps, error, message):
    with pytest.raises(error, match=message):
        kind(steps)


@pytest.mark.parametrize("kind", EVERY)
def test_an_unknown_parameter_is_answered_with_the_known_ones(kind):
    with pytest.raises(TypeError, match=r"did you mean 'steps'"):
        kind(step=3)


@pytest.mark.parametrize("kind", WITH_BASELINE)
@pytest.mark.parametrize("baseline", ["black", None, True])
def test_what_is_no_baseline(kind, baseline):
    with pytest.raises(TypeError, match="baseline"):
        kind(baseline=baseline)


@pytest.mark.parametrize("kind", [BlurIntegratedGradients, XRAI])
@pytest.mark.parametrize("shape", [(6,), (4, 4), (2, 3, 4, 1)])
def test_methods_for_images_say_so_of_anything_else(separable, kind, shape):
    engine = separable(lambda x: x**2)
    assert engine.cached(np.ones(shape), method=kind(2)) == {}
    with pytest.raises(ValueError, match=rf"{kind.label} explains images.*height, width, channels"):
        engine.attribute(np.ones(shape), method=kind(2))


@pytest.mark.parametrize("kind", WITH_BASELINE)
def test_several_inputs_share_one_path(kind):
    first, second = keras.Input((2,), name="first"), keras.Input((3,), name="second")
    product = keras.ops.sum(first, axis=1, keepdims=True) * second
    engine = AttributionEngine(keras.Model({"first": first, "second": second}, product))
    x = {"first": np.array([1.0, 2.0]), "second": np.array([3.0, -1.0, 0.5])}
    a = engine.attribute(x, 1, kind(200))
    assert {name: values.shape for name, values in a.values.items()} == {
        "first": (2,),
        "second": (3,),
    }
    # The second class is the first input's sum times one value of the second input alone.
    assert a.values["second"][[0, 2]] == pytest.approx([0, 0], abs=1e-6)
    assert a.convergence_delta == pytest.approx(0, abs=0.1)
