"""Models that stop at some points only, while they run."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import AttributionEngine, IntegratedGradients, SmoothGrad
from tfinterp_widgets.engine.methods import KernelSHAP, LayerIntegratedGradients, Occlusion

IDS = np.array([1, 2, 3])
UNKNOWN = np.array([1, 2, 30])


@pytest.fixture
def tokens():
    keras.utils.set_random_seed(0)
    layers = [
        keras.Input((3,), dtype="int32"),
        keras.layers.Embedding(9, 4),
        keras.layers.GlobalAveragePooling1D(),
    ]
    return AttributionEngine(keras.Sequential(layers))


def scaled(batch):
    with tf.control_dependencies([tf.debugging.assert_less(batch, 1.0, message="scale them")]):
        return tf.reduce_sum(batch**2, axis=1)


@pytest.mark.parametrize(
    "method", [Occlusion(), KernelSHAP(samples=6), LayerIntegratedGradients(steps=4)]
)
def test_ids_beyond_the_vocabulary(tokens, method):
    with pytest.raises(ValueError, match=r"indices\[0,2\] = 30 is not in \[0, 9\)\..*vocabulary"):
        tokens.attribute(UNKNOWN, 0, method)
    with pytest.raises(ValueError, match=r"= 30 is not in.*baseline"):
        tokens.attribute(IDS, 0, type(method)(baseline=30))
    assert tokens.attribute(IDS, 0, method).evaluations > 0  # the engine goes on as before


def test_what_a_model_checks_for_is_said_in_its_words():
    engine = AttributionEngine(scaled)
    assert engine.attribute([0.5, 0.9], method=IntegratedGradients(8)).relative_error < 0.1
    for x, method in (([0.5, 2], None), ([0.5, 0.9], SmoothGrad(noise=9))):
        with pytest.raises(ValueError, match=r"assertion failed: \[scale them\].*around the input"):
            engine.attribute(x, method=method)


def test_python_inside_a_model_is_quoted_and_no_traceback():
    def fail(_):
        raise RuntimeError("my own bug")

    def model(batch):
        return tf.ensure_shape(tf.py_function(fail, [batch], tf.float32), (None, 2))

    with pytest.raises(ValueError, match="RuntimeError: my own bug") as raised:
        AttributionEngine(model).attribute([1.0], 0, Occlusion())
    assert "\n" not in str(raised.value)
    assert raised.value.__cause__ is None
