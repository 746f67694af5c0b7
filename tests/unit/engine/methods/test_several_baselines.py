"""Integrated gradients from several baselines: the mean, each one's share, and completeness."""

import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import AttributionEngine, IntegratedGradients, Saliency, baselines

X = np.array([2.0, -1.0, 0.5])
STARTS = ([0.0, 0.0, 0.0], [1.0, 2.0, 3.0], [-1.0, 0.5, 0.25])
SEVERAL = baselines.average_of([np.array(start) for start in STARTS])


def exact(steps=8, baseline=SEVERAL):
    """Gauss-Legendre, which makes no error on a cubic."""
    return IntegratedGradients(steps, baseline, "gauss-legendre")


def test_values_are_the_mean_of_those_from_each_baseline_and_the_parts_tell_them(separable):
    a = separable(lambda x: x**3).attribute(X, method=exact())
    each = [X**3 - np.array(start) ** 3 for start in STARTS]
    assert a.values == pytest.approx(np.mean(each, axis=0), rel=1e-4, abs=1e-5)
    assert len(a.parts) == 3
    for part, expected, start in zip(a.parts, each, STARTS, strict=True):
        assert part.values == pytest.approx(expected, rel=1e-4, abs=1e-5)
        assert part.baseline.tolist() == start
        assert part.baseline_score == pytest.approx(np.sum(np.array(start) ** 3))
        assert part.path.alphas[[0, -1]].tolist() == [0, 1]


def test_the_average_of_answers_is_not_the_answer_from_the_average(separable):
    engine = separable(lambda x: x**3)
    several = engine.attribute(X, method=exact())
    single = engine.attribute(X, method=exact(baseline=np.mean(STARTS, axis=0)))
    assert np.abs(several.values - single.values).max() > 1


def test_completeness_holds_for_the_mean(classifier, image):
    several = [baselines.Constant(-1), baselines.Noise(seed=3), baselines.Blur(1.5)]
    engine = AttributionEngine(classifier)
    a = engine.attribute(image, 2, IntegratedGradients(256, several))
    scores = np.array([engine.attribute(b.of(image), 2, Saliency()).score for b in several])
    assert a.baseline_score == pytest.approx(np.mean(scores), rel=1e-4, abs=1e-6)
    assert a.convergence_delta == pytest.approx(0, abs=0.01 * np.abs(a.score - scores).max())
    assert a.baseline is a.path is None
    assert a.heatmap() == pytest.approx(sum(part.heatmap() for part in a.parts) / 3, abs=1e-6)


def test_parts_are_what_a_single_baseline_gives_and_share_its_cache(separable):
    engine = separable(lambda x: tf.sin(3 * x))
    alone = engine.attribute(X, method=exact(16, STARTS[1]))
    a = engine.attribute(X, method=exact(16))
    assert (a.parts[1].values == alone.values).all()
    assert [part.evaluations for part in a.parts] == [16, 0, 16]
    assert a.evaluations == 32
    assert engine.attribute(X, method=exact(16)).evaluations == 0


def test_refine_gets_better_and_closing_it_ends_the_work():
    batches = []

    def model(batch):
        def note(x):
            batches.append(len(x))
            return x

        seen = tf.stop_gradient(tf.py_function(note, [batch], tf.float32))
        return tf.reduce_sum(batch**3, axis=1) + 0 * tf.reduce_sum(seen)

    method = IntegratedGradients(32, SEVERAL, "graded")
    engine = AttributionEngine(model, batch_size=8)
    estimates = list(engine.refine(X, method=method))
    assert [e.final for e in estimates] == [False] * (len(estimates) - 1) + [True]
    progress = [e.progress for e in estimates]
    assert progress == sorted(set(progress))
    assert progress[-1] == 1
    assert estimates[-1].evaluations == 3 * 32
    assert [e.level for e in estimates[:-1]] == [None] * (len(estimates) - 1)
    assert estimates[-1].level == 32
    assert sorted({len(e.parts) for e in estimates}) == [1, 2, 3]

    begun = AttributionEngine(model, batch_size=8).refine(X, method=method)
    next(begun)
    done = len(batches)
    begun.close()
    assert list(begun) == []
    assert len(batches) == done


def test_levels_are_known_where_they_are_from_all_of_the_baselines(separable):
    engine = separable(lambda x: x**3)
    method = IntegratedGradients(32, SEVERAL, "graded")
    engine.attribute(X, method=IntegratedGradients(32, STARTS[0], "graded"))
    assert engine.cached(X, method=method) == {}
    engine.attribute(X, method=method)
    known = engine.cached(X, method=method)
    assert list(known) == [1, 2, 4, 8, 16, 32]
    fresh = separable(lambda x: x**3).attribute(X, method=IntegratedGradients(8, SEVERAL, "graded"))
    assert known[8].values == pytest.approx(fresh.values, rel=1e-4, abs=1e-5)
    assert known[8].baseline_score == pytest.approx(fresh.baseline_score)
    assert (known[8].level, known[8].method.steps, known[8].evaluations) == (8, 8, 0)
    assert len(known[8].parts) == 3


def test_auto_is_decided_baseline_by_baseline(separable):
    def early(x):  # most of its change is between 0 and .1
        return tf.minimum(x, 0.1) * 9 + 0.01 * x**2

    engine = separable(early)
    starts = baselines.average_of([np.zeros(1), np.full(1, 0.5)])
    a = engine.attribute(np.ones(1), method=IntegratedGradients(16, starts))
    assert [part.method.rule for part in a.parts] == ["graded", "trapezoid"]
    assert a.method.rule == "auto"
    alike = baselines.average_of([np.zeros(1), np.full(1, 0.01)])
    assert (
        engine.attribute(np.ones(1), method=IntegratedGradients(16, alike)).method.rule == "graded"
    )


def test_a_list_of_baselines_and_a_draw_of_a_data_set_are_several(separable):
    data = np.random.default_rng(1).normal(size=(50, 3))
    engine = separable(lambda x: x**3)
    drawn = engine.attribute(X, method=exact(4, baselines.draw(data, k=5, seed=2)))
    rows = np.stack([part.baseline for part in drawn.parts])
    assert drawn.values == pytest.approx(X**3 - (rows**3).mean(axis=0), rel=1e-4, abs=1e-4)
    listed = engine.attribute(X, method=exact(4, [baselines.Constant(1), 2]))
    assert listed.values == pytest.approx(X**3 - 4.5, rel=1e-4, abs=1e-4)


def test_several_inputs_have_parts_in_their_structure():
    def model(arrays):
        return tf.reduce_sum(arrays["a"] ** 3, axis=1) + 2 * tf.reduce_sum(arrays["b"], axis=1)

    x = {"a": np.array([1.0, 2.0]), "b": np.array([3.0])}
    a = AttributionEngine(model).attribute(x, method=exact(4, [baselines.Constant(0), 1]))
    assert a.values["a"] == pytest.approx([0.5, 7.5], rel=1e-4)
    assert a.parts[1].values["a"] == pytest.approx([0, 7], abs=1e-4)
    assert a.parts[1].values["b"] == pytest.approx([4], rel=1e-4)


@pytest.mark.parametrize("batch_size", [1, 3, 16])
def test_the_answer_does_not_depend_on_the_chunk(classifier, image, batch_size):
    method = IntegratedGradients(10, [baselines.Constant(-1), baselines.Mean()], "graded")
    reference = AttributionEngine(classifier, batch_size=64).attribute(image, 3, method)
    a = AttributionEngine(classifier, batch_size=batch_size).attribute(image, 3, method)
    assert a.values == pytest.approx(reference.values, rel=1e-4, abs=1e-7)


@pytest.mark.parametrize(
    ("several", "kind", "message"),
    [
        ([baselines.Blur()], ValueError, r"Blur needs an image"),
        ([0, np.ones(2), baselines.Mean()], ValueError, r"\(2,\).*\(3,\)"),
    ],
)
def test_a_baseline_that_does_not_fit_is_named(separable, several, kind, message):
    with pytest.raises(kind, match=message):
        separable(lambda x: x).attribute(X, method=IntegratedGradients(4, several))


@pytest.mark.parametrize("several", [[baselines.Mean(), "black"], [baselines.Mean]])
def test_what_is_no_baseline_in_a_list_is_a_type_error(several):
    with pytest.raises(TypeError, match=r"tfinterp_widgets\.baselines"):
        IntegratedGradients(baseline=several)


class TestVanished:
    """A score that does not change with its input around most baselines."""

    @pytest.fixture
    def engine(self, separable):
        return separable(lambda x: tf.nn.relu(x - 10), batch_size=4)

    @pytest.mark.parametrize("rule", ["graded", "trapezoid"])
    def test_a_remembered_mean_of_empty_maps_is_reported_as_the_first_is(self, engine, rule):
        method = IntegratedGradients(8, [baselines.Constant(0), 1], rule)
        estimates = list(engine.refine(X, method=method))
        again = engine.attribute(X, method=method)
        assert again.evaluations == 0
        for answer in (*estimates, again, *engine.cached(X, method=method).values()):
            assert not answer.values.any()
            assert "The gradient is exactly 0 at" in answer.warning
        assert again.warning == estimates[-1].warning

    def test_each_part_is_reported_by_itself_whatever_came_before_it(self, engine):
        alive, dead = 20.0, 1.0
        for several in ([alive, dead], [dead, alive]):
            method = IntegratedGradients(8, baselines.average_of(several))
            for a in (engine.attribute(X, method=method), engine.attribute(X, method=method)):
                assert a.values.any()
                assert a.warning is None
                warned = {part.baseline[0]: bool(part.warning) for part in a.parts}
                assert warned == {alive: False, dead: True}
        alone = engine.attribute(X, method=IntegratedGradients(8, dead))
        assert alone.evaluations == 0
        assert alone.warning

    def test_a_mean_that_is_empty_for_another_reason_as_well_is_not_reported(self):
        def model(batch):  # the gradient by the second is not 0, but the second does not change
            return batch[:, 1] * tf.nn.relu(batch[:, 0] - 10)

        engine = AttributionEngine(model)
        starts = baselines.average_of([np.zeros(2), np.array([20.0, 0.0])])
        for _ in range(2):
            a = engine.attribute(np.array([1.0, 0.0]), method=IntegratedGradients(8, starts))
            assert not a.values.any()
            assert [bool(part.warning) for part in a.parts] == [True, False]
            assert a.warning is None
