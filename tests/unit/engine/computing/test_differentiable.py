"""What is computed once, in which thread, and with which weights."""

import gc
import threading

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import (
    AttributionEngine,
    IntegratedGradients,
    Saliency,
)
from tfinterp_widgets.engine.computing import differentiable


def test_new_weights_give_a_new_answer(classifier, image):
    model = keras.models.clone_model(classifier)
    engine = AttributionEngine(model)
    before = engine.attribute(image, target=1)
    model.set_weights([2 * w for w in model.get_weights()])
    after = engine.attribute(image, target=1)
    assert after.evaluations > 0
    assert not np.allclose(after.values, before.values)
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.fit(image[None], np.array([1]), verbose=0)
    assert engine.attribute(image, target=1).evaluations > 0


def test_two_weights_changing_places_is_noticed(image):
    model = keras.Sequential(
        [keras.Input((8, 8, 3)), keras.layers.Flatten(), keras.layers.Dense(2)]
    )
    engine = AttributionEngine(model)
    engine.attribute(image, target=0)
    kernel, bias = model.get_weights()
    model.set_weights([kernel[:, ::-1], bias])
    assert engine.attribute(image, target=0).evaluations > 0


def test_weights_of_a_callable_are_watched_too():
    factor = tf.Variable(2.0)
    engine = AttributionEngine(lambda batch: factor * tf.reduce_sum(batch, axis=1))
    assert engine.attribute(np.ones(3)).score == 6
    factor.assign(5.0)
    assert engine.attribute(np.ones(3)).score == 15


class TestCache:
    def test_a_limit_of_zero_remembers_nothing(self, separable):
        engine = separable(lambda x: x**3, cache_bytes=0)
        method = IntegratedGradients(8, rule="graded")
        for _ in range(2):
            assert engine.attribute(np.ones(3), method=method).evaluations == 8

    def test_what_was_used_longest_ago_goes_first(self, separable):
        engine = separable(lambda x: x**3, cache_bytes=100_000)
        first, second = np.ones(10_000), np.full(10_000, 2.0)
        method = Saliency()
        engine.attribute(first, method=method)
        engine.attribute(second, method=method)
        assert engine.attribute(first, method=method).evaluations == 0
        engine.attribute(3 * first, method=method)
        assert engine.attribute(first, method=method).evaluations == 0
        assert engine.attribute(second, method=method).evaluations == 1

    def test_lowering_the_limit_forgets_at_once(self, separable):
        engine = separable(lambda x: x**3)
        engine.attribute(np.ones(3), method=Saliency())
        engine.cache_bytes = 0
        engine.cache_bytes = 1000
        assert engine.attribute(np.ones(3), method=Saliency()).evaluations == 1
        with pytest.raises(ValueError, match="at least 0"):
            engine.cache_bytes = -1

    def test_what_is_larger_than_the_limit_pushes_nothing_out(self, separable):
        engine = separable(lambda x: x**3, cache_bytes=100_000)
        engine.attribute(np.ones(3), method=Saliency())
        engine.attribute(np.ones(40_000), method=Saliency())
        assert engine.attribute(np.ones(3), method=Saliency()).evaluations == 0

    def test_what_is_handed_out_cannot_be_changed(self, separable):
        a = separable(lambda x: x**3).attribute(np.ones(3))
        for array in (a.values, a.baseline, a.path.alphas, a.path.scores, a.path.evaluated):
            with pytest.raises(ValueError, match="read-only"):
                array[:] = 0

    def test_is_keyed_by_content_not_by_identity(self, separable):
        engine = separable(lambda x: x**3)
        x = np.ones(3)
        engine.attribute(x, method=Saliency())
        x *= 2
        assert engine.attribute(x, method=Saliency()).values == pytest.approx([12] * 3)


def test_two_threads_with_one_engine_get_their_own_right_answers(separable):
    engine = separable(lambda x: x**3, batch_size=4, cache_bytes=0)
    wrong, barrier = [], threading.Barrier(4)

    def ask(scale):
        barrier.wait()
        for _ in range(5):
            a = engine.attribute(np.array([scale]), method=IntegratedGradients(64))
            if a.values[0] != pytest.approx(scale**3, rel=1e-2):
                wrong.append(a.values)

    threads = [threading.Thread(target=ask, args=(scale,)) for scale in (1.0, 2.0, 3.0, 4.0)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_an_answer_that_another_thread_gives_meanwhile_is_taken(separable):
    engine = separable(lambda x: x**3)
    method = IntegratedGradients(8, rule="graded")
    estimates = engine.refine(np.ones(3), method=method)
    engine.attribute(np.ones(3), method=method)
    *_, last = estimates
    assert last.final
    assert last.values == pytest.approx(engine.attribute(np.ones(3), method=method).values)


def test_a_level_that_is_forgotten_while_it_is_used_is_not_missing_from_the_answer(separable):
    engine = separable(lambda x: x**3, batch_size=4)
    method = IntegratedGradients(32, rule="graded")
    expected = separable(lambda x: x**3).attribute(np.ones(3), method=method).values
    engine.attribute(np.ones(3), method=IntegratedGradients(8, rule="graded"))
    estimates = engine.refine(np.ones(3), method=method)
    next(estimates)
    engine.cache_bytes = 0
    *_, last = estimates
    assert last.evaluations == 24
    assert last.values == pytest.approx(expected)


def test_an_iterator_that_is_dropped_touches_nothing_as_it_goes(separable, monkeypatch):
    engine = separable(lambda x: x**3, batch_size=4)
    estimates = engine.refine(np.ones(3), method=IntegratedGradients(64))
    next(estimates)
    asked = []
    monkeypatch.setattr(differentiable.Differentiable, "fingerprint", asked.append)
    del estimates
    gc.collect()
    assert asked == []


@pytest.mark.parametrize("ending", ["exhausted", "closed"])
def test_weights_that_change_during_a_run_leave_nothing_behind(ending):
    factor = tf.Variable(1.0)
    engine = AttributionEngine(lambda batch: factor * tf.reduce_sum(batch**3, axis=1), batch_size=4)
    method = IntegratedGradients(16, rule="graded")
    estimates = engine.refine(np.ones(3), method=method)
    next(estimates)
    factor.assign(2.0)
    if ending == "closed":
        estimates.close()
    else:
        with pytest.raises(RuntimeError, match="weights changed"):
            list(estimates)
    factor.assign(1.0)
    again = engine.attribute(np.ones(3), method=method)
    assert again.evaluations == 12  # on top of the 4 before the change
    assert again.score == pytest.approx(3)
    assert again.relative_error < 0.01


def test_the_ends_of_a_path_to_a_given_target_go_through_together(separable, monkeypatch):
    engine = separable(lambda x: x**3, batch_size=4)
    engine.predict(np.ones(3))
    passes, outputs = [], differentiable.Differentiable.outputs
    monkeypatch.setattr(
        differentiable.Differentiable,
        "outputs",
        lambda self, points: passes.append(len(points)) or outputs(self, points),
    )
    a = engine.attribute(np.full(3, 2.0), 0, IntegratedGradients(8, rule="graded"))
    assert passes == [2]
    assert a.score == pytest.approx(24)


def test_an_operation_whose_gradient_tells_no_shape_is_differentiated():
    def model(batch):
        cubed = tf.py_function(lambda x: x**3, [batch], tf.float32)
        return tf.reduce_sum(tf.ensure_shape(cubed, batch.shape), axis=1)

    x = np.array([1.0, 2.0, -3.0])
    for method in (Saliency(), IntegratedGradients(64, rule="gauss-legendre")):
        a = AttributionEngine(model).attribute(x, method=method)
        expected = 3 * x**2 if isinstance(method, Saliency) else x**3
        assert a.values == pytest.approx(expected, rel=1e-5)
