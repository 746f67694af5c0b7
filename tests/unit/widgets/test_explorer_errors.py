"""Errors while an answer is computed, and messages that make no sense."""

import numpy as np
import pytest
from answers import done

from tfinterp_widgets import AttributionExplorer

MALFORMED = [None, 3, [], "ready", {}, {"kind": "dance"}, {"kind": []}, {"kind": None, "run": {}}]


@pytest.mark.parametrize("content", MALFORMED, ids=range(len(MALFORMED)))
def test_a_malformed_message_goes_to_the_status(finished, view, content, capfd):
    view.send(content)
    assert finished.status["state"] == "error"
    assert "no message of this widget" in finished.status["message"]
    assert capfd.readouterr().err == ""
    finished.explain()
    assert done(finished) == "done"


@pytest.mark.parametrize("state", [None, 3, [1], "steps"])
def test_a_malformed_state_goes_to_the_status(finished, state, capfd):
    finished.set_state(state)
    assert finished.status["state"] == "error"
    assert capfd.readouterr().err == ""


def test_an_error_halfway_through_a_run_keeps_the_last_good_result(finished, gate, capfd):
    before = finished.result
    gate.close()
    finished.target = 1
    gate.await_chunk()
    gate.error = RuntimeError("the device fell off")
    gate.let_one_through()
    assert done(finished) == "error"
    assert finished.status["message"] == "RuntimeError: the device fell off"
    assert finished.result is before
    assert capfd.readouterr().err == ""
    gate.open()
    finished.explain()
    assert done(finished) == "done"
    assert finished.result.target == 1


@pytest.fixture
def dead_sensor():
    """A model that TensorFlow calls back, and that fails there, deep inside other functions."""
    import tensorflow as tf

    def read(_):
        raise RuntimeError("boom: my sensor is off")

    def classify(x):
        scores = tf.numpy_function(read, [x], tf.float32)
        return tf.ensure_shape(scores, (None, 3))

    return classify


def test_an_error_inside_the_model_is_told_by_its_cause(dead_sensor, images):
    explorer = AttributionExplorer(dead_sensor, images)
    explorer.explain()
    assert done(explorer) == "error"
    message = explorer.status["message"]
    assert message.startswith("the model stopped where it was asked: RuntimeError: boom")
    assert message.count("boom: my sensor is off") == 1
    assert "File" not in message
    assert "Traceback" not in message
    assert len(message) < 300
    explorer.close()


def test_a_long_error_is_told_by_its_head_and_its_end(finished, gate):
    gate.close()
    finished.steps = 16
    gate.error = RuntimeError("the head " + 5000 * "x" + " the end")
    gate.let_one_through()
    assert done(finished) == "error"
    message = finished.status["message"]
    assert message.startswith("RuntimeError: the head")
    assert message.endswith(" the end")
    assert len(message) == 1000


def test_messages_have_no_colours_of_a_terminal(finished, gate):
    gate.error = ValueError("Exception in \x1b[1mDense.call()\x1b[0m, \x1b[38;5;9mred\x1b[0m.")
    gate.close()
    finished.target = 1
    gate.await_chunk()
    gate.open()
    assert done(finished) == "error"
    assert finished.status["message"] == "Exception in Dense.call(), red."


def test_a_baseline_that_does_not_fit_the_next_image():
    import keras

    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((None, None, 3)),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(2),
        ]
    )
    explorer = AttributionExplorer(
        model, [np.ones((4, 4, 3)), np.ones((5, 5, 3))], baseline=np.zeros((4, 4, 3)), steps=2
    )
    explorer.explain()
    assert done(explorer) == "done"
    explorer.image_index = 1
    assert done(explorer) == "error"
    assert "baseline has shape (4, 4, 3)" in explorer.status["message"]
    explorer.baseline = "white"
    assert done(explorer) == "done"
    explorer.close()
