"""Compiled shapes, chunk sizes, memory giving out, threads and new weights."""

import threading

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import AttributionEngine, IntegratedGradients, Saliency


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
    def model(width, depth):
        keras.utils.set_random_seed(0)
        inputs = keras.Input((width,))
        y = inputs
        for _ in range(depth):
            y = keras.layers.Dense(width, activation="tanh")(y)
        return keras.Model(inputs, y)

    chunks = []
    for cheap_or_dear in (model(4, 1), model(3000, 12)):
        engine = AttributionEngine(cheap_or_dear)
        engine.attribute(np.ones(cheap_or_dear.input_shape[1:]), 0, IntegratedGradients(300))
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
        with pytest.raises(ValueError, match="0 or more"):
            engine.cache_bytes = -1

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


@pytest.mark.parametrize("batch_size", [0, -1, 2.5, "large", None])
def test_a_batch_size_that_is_none_is_refused(separable, batch_size):
    with pytest.raises(ValueError, match="batch_size"):
        separable(lambda x: x, batch_size=batch_size)
