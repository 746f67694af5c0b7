"""What `engine.benchmark` measures of a user's own model."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import AttributionEngine, benchmarking


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(benchmarking, "SECONDS", 0.0)


def test_it_tells_speed_chunk_device_and_memory_and_prints_them(classifier, capsys):
    engine = AttributionEngine(classifier, batch_size=8)
    found = engine.benchmark()
    assert found.forward_per_second > 0
    assert found.evaluations_per_second > 0
    assert found.chunk == 8
    assert found.device == "CPU:0"
    assert found.precision == "float32"
    # TensorFlow alone takes some hundreds of MiB.
    assert 2e8 < found.memory_bytes < 1e11
    assert capsys.readouterr().out == f"{found}\n"
    assert f"{classifier.name}: " in str(found)
    assert "8 at once" in str(found)


def test_the_chunk_is_the_one_that_the_engine_chooses(classifier):
    engine = AttributionEngine(classifier)
    assert engine.benchmark().chunk == max(engine.compiled_sizes)


def test_only_the_chunk_that_was_chosen_counts_and_not_its_compilation(monkeypatch):
    clock = iter(np.cumsum([0, 100, 0, 1, 0, 1, 0, 50, 0, 2, 0, 2, 0, 2]))
    monkeypatch.setattr(benchmarking.time, "perf_counter", lambda: float(next(clock)))
    ran = []
    chunks = iter([(0, 4), (4, 8), (8, 12), (12, 28), (28, 44), (44, 60), (60, 76)])
    assert benchmarking._rate(chunks, ran.append) == (8.0, 16)  # 16 points in 2 seconds
    assert ran == [4, 4, 4, 16, 16, 16, 16]


def test_memory_is_that_of_the_peak_and_not_of_the_end():
    with benchmarking._watching_memory() as peak:
        before = peak()
        held = np.ones(2**27, np.uint8)  # 128 MiB
        for _ in range(20):
            held += 1
        del held
    assert peak() - before > 1e8


def test_what_was_optimised_is_told():
    model = keras.Sequential(
        [keras.Input((6,)), keras.layers.Dense(4), keras.layers.BatchNormalization()]
    )
    found = AttributionEngine(model).benchmark()
    assert found.optimized == "1 batch normalisation folded"
    assert "optimised: 1 batch normalisation folded" in str(found)


def test_an_input_of_ones_own():
    engine = AttributionEngine(lambda batch: tf.reduce_sum(batch**2, axis=1), batch_size=4)
    assert engine.benchmark(np.ones(3)).chunk == 4


def test_several_inputs_are_made_up_ids_among_them():
    number, ids = keras.Input((3,), name="number"), keras.Input((2,), dtype="int32", name="ids")
    x = keras.layers.Flatten()(keras.layers.Embedding(5, 2)(ids))
    x = keras.layers.Dense(2)(keras.layers.Concatenate()([number, x]))
    assert AttributionEngine(keras.Model([number, ids], x), batch_size=4).benchmark().chunk == 4


@pytest.mark.parametrize(
    "model",
    [
        lambda batch: tf.reduce_sum(batch, axis=1),
        keras.Sequential([keras.Input((None, 3)), keras.layers.GlobalAveragePooling1D()]),
    ],
    ids=["function", "any length"],
)
def test_a_model_of_inputs_of_any_shape_wants_one(model):
    with pytest.raises(ValueError, match=r"engine\.benchmark\(x\)"):
        AttributionEngine(model).benchmark()
