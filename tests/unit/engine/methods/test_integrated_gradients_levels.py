"""Integrated gradients, better level by level: what is used again, previewed and cancelled."""

import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import AttributionEngine, IntegratedGradients
from tfinterp_widgets.engine.quadrature import RULES

NESTED = [name for name, rule in RULES.items() if rule.nests]


@pytest.mark.parametrize("rule", NESTED)
def test_levels_are_what_a_fresh_engine_computes_and_cost_nothing(separable, rule):
    def engine():
        return separable(lambda x: tf.sin(3 * x) + x**3)

    x = np.linspace(-1, 2, 7)
    used = engine()
    used.attribute(x, method=IntegratedGradients(100, rule=rule))
    for level in (50, 25):
        again = used.attribute(x, method=IntegratedGradients(level, rule=rule))
        fresh = engine().attribute(x, method=IntegratedGradients(level, rule=rule))
        assert again.evaluations == 0
        assert fresh.evaluations == RULES[rule].alphas(level).size
        assert again.values == pytest.approx(fresh.values, rel=1e-4, abs=1e-5)
        assert again.path.alphas == pytest.approx(fresh.path.alphas)
        assert again.path.scores == pytest.approx(fresh.path.scores, rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("rule", NESTED)
def test_doubling_costs_only_the_new_nodes_and_agrees_with_starting_afresh(separable, rule):
    def engine():
        return separable(lambda x: tf.exp(x))

    x = np.linspace(-1, 2, 7)
    used = engine()
    used.attribute(x, method=IntegratedGradients(16, rule=rule))
    doubled = used.attribute(x, method=IntegratedGradients(32, rule=rule))
    fresh = engine().attribute(x, method=IntegratedGradients(32, rule=rule))
    assert doubled.evaluations == 16
    assert doubled.values == pytest.approx(fresh.values, rel=1e-4)
    assert doubled.path.alphas == pytest.approx(fresh.path.alphas)


def test_a_sweep_of_all_stops_forth_and_back_costs_256(separable):
    engine = separable(lambda x: x**3)
    stops = [2**k for k in range(9)]
    method = [IntegratedGradients(n, rule="graded") for n in [*stops, *reversed(stops)]]
    assert sum(engine.attribute(np.ones(3), method=m).evaluations for m in method) == 256


@pytest.mark.parametrize("rule", ["midpoint", "gauss-legendre"])
def test_a_rule_that_does_not_nest_is_computed_in_full_but_not_twice(separable, rule):
    engine = separable(lambda x: x**3)
    costs = [
        engine.attribute(np.ones(3), method=IntegratedGradients(n, rule=rule)).evaluations
        for n in (8, 16, 8)
    ]
    assert costs == [8, 16, 0]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("steps", [1, 5, 25, 64, 100])
def test_refine_gets_better_and_ends_with_what_attribute_gives(separable, rule, steps):
    def engine():
        return separable(lambda x: tf.sin(3 * x), batch_size=8)

    x = np.linspace(-1, 2, 7)
    estimates = list(engine().refine(x, method=IntegratedGradients(steps, rule=rule)))
    assert [e.final for e in estimates] == [False] * (len(estimates) - 1) + [True]
    progress = [e.progress for e in estimates]
    assert progress == sorted(set(progress))
    assert progress[-1] == 1
    assert estimates[-1].level == steps
    answer = engine().attribute(x, method=IntegratedGradients(steps, rule=rule))
    # Chunks are others without previews, so float32 sums are rounded otherwise.
    rounding = 1e-6 * float(np.abs(answer.values).max())
    assert estimates[-1].values == pytest.approx(answer.values, rel=1e-6, abs=rounding)
    assert estimates[-1].evaluations == RULES[rule].alphas(steps).size


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("steps", [25, 64, 256])
def test_the_first_preview_comes_after_four_evaluations_and_resembles_the_answer(
    separable, rule, steps
):
    engine = separable(lambda x: x + 0.1 * tf.sin(3 * x))
    x = np.linspace(-1, 2, 50)
    first, *_, last = engine.refine(x, method=IntegratedGradients(steps, rule=rule))
    assert first.evaluations == 4
    # In scale as well as in shape.
    assert np.abs(first.values - last.values).sum() < 0.1 * np.abs(last.values).sum()


def test_closing_the_iterator_cancels_the_rest():
    batches = []

    def model(batch):
        def count(x):
            batches.append(len(x))
            return x

        seen = tf.py_function(count, [batch], tf.float32)
        return tf.reduce_sum(batch**2, axis=1) + 0 * tf.reduce_sum(tf.stop_gradient(seen))

    engine = AttributionEngine(model, batch_size=8)
    estimates = engine.refine(np.ones(3), method=IntegratedGradients(512))
    next(estimates)
    done = len(batches)
    estimates.close()
    assert list(estimates) == []
    assert len(batches) == done


def test_cached_lists_the_levels_known_for_this_question_only(separable):
    engine = separable(lambda x: x**3)
    x = np.ones(2)
    assert engine.cached(x, method=IntegratedGradients(rule="graded")) == {}
    engine.attribute(x, method=IntegratedGradients(12, rule="graded"))
    engine.attribute(x, method=IntegratedGradients(5, rule="graded"))
    engine.attribute(x, method=IntegratedGradients(7, rule="left"))
    engine.attribute(2 * x, method=IntegratedGradients(64, rule="graded"))
    known = engine.cached(x, method=IntegratedGradients(999, rule="graded"))
    assert list(known) == [3, 5, 6, 12]
    assert all(a.final and a.level == n == a.method.steps for n, a in known.items())


@pytest.mark.parametrize("batch_size", [1, 3, 4, 7, 16, "auto"])
def test_the_answer_does_not_depend_on_the_chunk(classifier, image, batch_size):
    method = IntegratedGradients(33, rule="graded")
    reference = AttributionEngine(classifier, batch_size=64).attribute(image, 3, method)
    engine = AttributionEngine(classifier, batch_size=batch_size)
    a = engine.attribute(image, 3, method)
    assert a.values == pytest.approx(reference.values, rel=1e-4, abs=1e-7)
    assert len(engine.compiled_sizes) <= 2
