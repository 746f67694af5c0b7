"""Compilation by XLA, which runs on a GPU only; here it is forced, on the CPU."""

import threading
import warnings

import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import (
    AttributionEngine,
    GradCAM,
    GuidedBackprop,
    IntegratedGradients,
    Occlusion,
    Saliency,
    compiled,
)


@pytest.fixture
def forced(monkeypatch):
    monkeypatch.setattr("tfinterp_widgets.engine.engine.all_are_gpus", lambda _: True)
    monkeypatch.setattr(compiled, "_TOLD", threading.Event())


def jit_compiled(engine):
    """Whether the graphs of gradients are compiled by XLA."""
    (model,) = engine._models._by_layout.values()
    chunks = model._gradients._classes[1]
    return [
        graph._graph.function_def.attr["_XlaMustCompile"].b
        for graph in (chunks._lone, *chunks._graphs.values())
        if graph is not None
    ]


METHODS = [
    Saliency(),
    IntegratedGradients(8, rule="graded"),
    GradCAM(),
    GuidedBackprop(),
    Occlusion(window=4, stride=4),
]


@pytest.mark.usefixtures("forced")
@pytest.mark.parametrize("method", METHODS, ids=lambda method: type(method).__name__)
def test_xla_gives_the_same_answers(classifier, image, method, monkeypatch):
    ours = AttributionEngine(classifier).attribute(image, 1, method)
    monkeypatch.setattr("tfinterp_widgets.engine.engine.all_are_gpus", lambda _: False)
    theirs = AttributionEngine(classifier).attribute(image, 1, method)
    np.testing.assert_allclose(ours.values, theirs.values, rtol=1e-3, atol=1e-5)
    assert ours.score == pytest.approx(theirs.score, rel=1e-4)


@pytest.mark.usefixtures("forced")
def test_xla_compiles_where_it_is_wanted(classifier, image):
    engine = AttributionEngine(classifier)
    engine.attribute(image, 1, IntegratedGradients(8))
    assert jit_compiled(engine) == [True]


@pytest.mark.skipif(bool(tf.config.list_physical_devices("GPU")), reason="for CPUs only")
def test_xla_is_left_out_on_the_cpu(classifier, image):
    engine = AttributionEngine(classifier)
    engine.attribute(image, 1, IntegratedGradients(8))
    (model,) = engine._models._by_layout.values()
    assert not any(
        isinstance(graph, compiled._JitCompiled)
        for graph in model._gradients._classes[1]._graphs.values()
    )


def impossible(batch):
    """A function that XLA cannot compile: strings."""
    names = tf.strings.as_string(tf.reduce_sum(tf.stop_gradient(batch), axis=1))
    zeros = tf.cast(tf.strings.length(names), tf.float32) * 0
    return zeros + tf.reduce_sum(batch**2, axis=1)


@pytest.mark.usefixtures("forced")
def test_a_model_that_xla_cannot_compile_is_run_without_and_that_is_said_once():
    x, method = np.array([1.0, 2.0]), IntegratedGradients(16)
    with pytest.warns(UserWarning, match="XLA cannot compile") as told:
        answers = [AttributionEngine(impossible).attribute(x, 0, method) for _ in range(2)]
    assert len(told) == 1
    for a in answers:
        assert a.score == pytest.approx(5)
        assert a.values == pytest.approx([1, 4], rel=0.01)


@pytest.mark.usefixtures("forced")
def test_an_error_of_the_models_own_is_told_and_blames_nobody():
    def refuse(values):
        raise ValueError(f"{values[0]} is too large for me")

    def model(batch):
        refused = tf.ensure_shape(tf.numpy_function(refuse, [batch], tf.float32), batch.shape)
        return tf.reduce_sum(batch + refused, axis=1)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match="too large for me"):
            AttributionEngine(model).attribute(np.full(3, 2.0), 0, Saliency())


def test_answers_with_and_without_tensor_float_32_are_kept_apart(separable):
    engine = separable(lambda x: x**2)
    assert engine.attribute(np.ones(3), 0, Saliency()).evaluations == 1
    before = tf.config.experimental.tensor_float_32_execution_enabled()
    tf.config.experimental.enable_tensor_float_32_execution(not before)
    try:
        assert engine.attribute(np.ones(3), 0, Saliency()).evaluations == 1
    finally:
        tf.config.experimental.enable_tensor_float_32_execution(before)
    assert engine.attribute(np.ones(3), 0, Saliency()).evaluations == 0
