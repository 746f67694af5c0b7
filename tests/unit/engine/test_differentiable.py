"""Compiled shapes, chunk sizes, memory giving out, threads and new weights."""

import gc
import threading
import time
from collections import Counter

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import (
    AttributionEngine,
    IntegratedGradients,
    Saliency,
    chunking,
    differentiable,
)


class Traced:
    """F_k(x) = k * sum of x³, with a note of every batch size for which it is traced."""

    def __init__(self, largest: int | None = None):
        self.sizes: list[int] = []
        self.largest = largest

    def __call__(self, batch):
        self.sizes.append(batch.shape[0])
        if self.largest is not None and batch.shape[0] > self.largest:
            raise tf.errors.ResourceExhaustedError(None, None, "out of memory")
        return tf.reduce_sum(batch**3, axis=1, keepdims=True) * tf.range(1.0, 7.0)


def test_a_session_of_class_and_step_changes_compiles_two_shapes():
    model = Traced()
    engine = AttributionEngine(model)
    x = np.array([1.0, 2.0])
    for target in (None, 0, 3, 5, (1, 2), np.int64(4)):
        for steps in (1, 7, 16, 64, 300):
            for rule in ("graded", "midpoint", "trapezoid"):
                engine.attribute(x, target, IntegratedGradients(steps, rule=rule))
        engine.attribute(-x, target, method=Saliency())
        engine.predict(x)
    assert len(set(model.sizes)) <= 2
    # Once for the forward pass, and once for the gradient at each size.
    assert len(model.sizes) <= 3
    assert len(engine.compiled_sizes) <= 2


def test_models_of_different_cost_get_different_chunks():
    def model(size, depth):
        convolutions = [keras.layers.Conv2D(48, 3, padding="same") for _ in range(depth)]
        pooled = keras.layers.GlobalAveragePooling2D()
        return keras.Sequential([keras.Input((size, size, 3)), *convolutions, pooled])

    # Some thousand times the work a point: far more than any noise of the machine.
    chunks = []
    for size, depth, steps in ((4, 1, 600), (96, 6, 40)):
        engine = AttributionEngine(model(size, depth))
        engine.attribute(np.ones((size, size, 3)), 0, IntegratedGradients(steps))
        chunks.append(max(engine.compiled_sizes))
    assert chunks[0] > chunks[1]


@pytest.mark.parametrize("largest", [1, 2, 5])
def test_the_chunk_halves_until_it_fits_and_the_answer_is_the_same(largest):
    x = np.array([1.0, 2.0])
    method = IntegratedGradients(37, rule="graded")
    tight = AttributionEngine(Traced(largest), batch_size=32).attribute(x, 2, method)
    roomy = AttributionEngine(Traced(), batch_size=32).attribute(x, 2, method)
    assert tight.values == pytest.approx(roomy.values, rel=1e-4)
    assert tight.evaluations == 37


def test_a_model_too_large_for_a_single_point_raises_the_memory_error():
    with pytest.raises(tf.errors.ResourceExhaustedError):
        AttributionEngine(Traced(largest=0)).attribute(np.ones(2))


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


@pytest.mark.parametrize("full", [1, 2])
def test_a_slow_model_is_not_padded_to_the_small_chunk(monkeypatch, full):
    monkeypatch.setattr(chunking, "full_size", lambda _: full)
    sizes = []

    def model(batch):
        def note(x):
            sizes.append(len(x))
            return x

        seen = tf.stop_gradient(tf.py_function(note, [batch], tf.float32))
        return tf.reduce_sum(batch**3, axis=1) + 0 * tf.reduce_sum(seen)

    engine = AttributionEngine(model)
    a = engine.attribute(np.ones(3), method=IntegratedGradients(64, rule="graded"))
    assert a.relative_error < 0.01
    assert set(sizes[-20:]) == {full}
    assert engine.compiled_sizes == (full, 4)


@pytest.mark.parametrize(
    ("seconds_a_point", "expected"), [(0.0, {4: 1, 64: 1}), (0.001, {4: 5})], ids=["cheap", "dear"]
)
def test_a_chunk_that_is_mostly_padding_is_run_where_it_is_the_faster_way(
    monkeypatch, seconds_a_point, expected
):
    monkeypatch.setattr(chunking, "full_size", lambda _: 64)
    sizes = []

    def model(batch):
        def note(x):
            sizes.append(len(x))
            time.sleep(0.002 + seconds_a_point * len(x))
            return x

        seen = tf.stop_gradient(tf.py_function(note, [batch], tf.float32))
        return tf.reduce_sum(batch**3, axis=1) + 0 * tf.reduce_sum(seen)

    engine = AttributionEngine(model, cache_bytes=0)
    engine.attribute(np.ones(3), 0, IntegratedGradients(256, rule="graded"))  # finds the chunk
    question = engine.ask(np.ones(3), 0)
    sizes.clear()
    for begin, end in question.chunks(20):
        question.gradients(tf.ones((end - begin, 3)))
    assert Counter(sizes) == expected


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


@pytest.mark.parametrize("batch_size", [0, -1, 2.5, "large", None])
def test_a_batch_size_that_is_none_is_refused(separable, batch_size):
    with pytest.raises((TypeError, ValueError), match="batch_size"):
        separable(lambda x: x, batch_size=batch_size)
