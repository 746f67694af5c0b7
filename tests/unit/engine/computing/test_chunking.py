"""How many points go through a model at once: sizes found, halved, and padded."""

import time
from collections import Counter

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import (
    AttributionEngine,
    IntegratedGradients,
    KernelSHAP,
    Saliency,
    SmoothGrad,
)
from tfinterp_widgets.engine.computing import chunking, compiled_chunks


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


def noting(sizes, seconds_a_point=0.0, seconds=0.0):
    """F_0(x) = sum of x³ = -F_1(x); notes how many points it is given, and takes its time."""

    def note(points):
        sizes.append(len(points))
        time.sleep(seconds + seconds_a_point * len(points))
        return points

    def model(batch):
        seen = tf.stop_gradient(tf.py_function(note, [batch], tf.float32))
        score = tf.reduce_sum(batch**3, axis=1) + 0 * tf.reduce_sum(seen)
        return tf.stack([score, -score], axis=1)

    return model


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


def test_a_lone_point_is_padded_only_where_that_saves_a_compilation():
    model = Traced()
    engine = AttributionEngine(model)
    engine.predict(np.ones(2))  # a forward pass of a small chunk
    engine.attribute(np.ones(2), 0, Saliency())
    engine.attribute(np.ones(2), 1, Saliency())
    assert model.sizes == [4, 1]
    engine.attribute(np.ones(2), 0, IntegratedGradients(4, rule="graded"))
    engine.attribute(np.ones(2), 2, Saliency())
    assert model.sizes == [4, 1, 4]


def test_a_lone_point_has_a_shape_of_its_own_once_its_padding_was_noticed_twice(monkeypatch):
    monkeypatch.setattr(compiled_chunks, "NOTICED_SECONDS", 0.0)
    model = Traced()
    engine = AttributionEngine(model)
    engine.attribute(np.ones(2), 0, IntegratedGradients(4, rule="graded"))
    shapes = []
    for target in range(4):
        values = engine.attribute(2 * np.ones(2), target, Saliency()).values
        assert values == pytest.approx(target * 3 * 2**2 * np.ones(2) + 12)
        shapes.append(set(model.sizes))
    assert shapes == [{4}, {4}, {1, 4}, {1, 4}]


@pytest.mark.parametrize("full", [1, 2])
def test_a_slow_model_is_not_padded_to_the_small_chunk(monkeypatch, full):
    monkeypatch.setattr(chunking, "full_size", lambda *_: full)
    sizes = []
    engine = AttributionEngine(noting(sizes))
    a = engine.attribute(np.ones(3), 0, IntegratedGradients(64, rule="graded"))
    assert a.relative_error < 0.01
    assert set(sizes[-20:]) == {full}
    assert engine.compiled_sizes == (full, 4)


@pytest.mark.parametrize(
    ("seconds_a_point", "expected"), [(0.0, {4: 1, 64: 1}), (0.001, {4: 5})], ids=["cheap", "dear"]
)
def test_a_chunk_that_is_mostly_padding_is_run_where_it_is_the_faster_way(
    monkeypatch, seconds_a_point, expected
):
    monkeypatch.setattr(chunking, "full_size", lambda *_: 64)
    sizes = []
    engine = AttributionEngine(noting(sizes, seconds_a_point, seconds=0.002), cache_bytes=0)
    engine.attribute(np.ones(3), 0, IntegratedGradients(256, rule="graded"))  # finds the chunk
    question = engine.ask(np.ones(3), 0)
    sizes.clear()
    for begin, end in question.chunks(20):
        question.gradients(tf.ones((end - begin, 3)))
    assert Counter(sizes) == expected


@pytest.mark.parametrize(
    "ask",
    [
        lambda engine, x, method: engine.attribute(x, 0, method),
        lambda engine, x, method: engine.attribute_many(x, [0, 1], method),
        lambda engine, x, method: engine.attribute_batch([x], 0, method),
    ],
    ids=["attribute", "attribute_many", "attribute_batch"],
)
@pytest.mark.parametrize(
    "method",
    [IntegratedGradients(64, rule="midpoint"), SmoothGrad(64), KernelSHAP(samples=64)],
    ids=lambda method: type(method).__name__,
)
def test_only_who_looks_at_previews_pays_for_a_small_chunk_at_the_beginning(ask, method):
    sizes = []
    engine = AttributionEngine(noting(sizes), batch_size=16)
    x = np.linspace(1, 2, 10)
    engine.attribute(np.zeros(10), 0, method)  # what is done once for a model

    def gone_through(answer):
        sizes.clear()
        answer()
        return Counter(sizes)

    # The other small chunk is the input's own score.
    assert gone_through(lambda: ask(engine, x, method)) == {16: 4, 4: 1}
    assert gone_through(lambda: list(engine.refine(-x, 0, method)))[4] > 1


@pytest.mark.parametrize(("seconds", "full"), [(0.15, 8), (0.6, 32)])
def test_a_full_chunk_is_that_much_work_rather_more_than_less(seconds, full):
    sizes = chunking.Chunking(None, None, seconds=seconds)
    for took in (0.5, 0.1):  # the faster one counts: 25 ms a point
        assert list(sizes.cut(40)) == [(begin, begin + 4) for begin in range(0, 40, 4)]
        sizes.note_time(4, took)
    assert next(sizes.cut(40, previews=False)) == (0, full)


def test_several_targets_share_a_chunk_of_as_many_points_as_one_has():
    engine = AttributionEngine(Traced())
    engine.attribute_many(np.ones(2), [0, 1, 2, 3, 4], Saliency())
    (model,) = engine._models._by_layout.values()
    one, five = (model._gradients._of_classes(count)._chunking for count in (1, 5))
    for sizes, took in ((one, 1.0), (five, 0.4 + 0.6 * 5)):
        for _ in range(chunking.TIMINGS):
            sizes.note_time(4, 4 * 0.012 * took)
    assert one.full == five.full == 16
    # Where that is known it counts, whatever the time of several seems to say.
    six = model._gradients._of_classes(6)._chunking
    for _ in range(chunking.TIMINGS):
        six.note_time(4, 1000)
    assert six.full == 16


@pytest.mark.parametrize("batch_size", [0, -1, 2.5, "large", None])
def test_a_batch_size_that_is_none_is_refused(separable, batch_size):
    with pytest.raises((TypeError, ValueError), match="batch_size"):
        separable(lambda x: x, batch_size=batch_size)
