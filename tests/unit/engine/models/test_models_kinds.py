"""Models of every kind: saved ones, those of Keras 2, and inputs of every form."""

import keras
import numpy as np
import pytest
from small_models import Subclassed, functional, scores

from tfinterp_widgets.engine import AttributionEngine, IntegratedGradients


def test_a_model_whose_input_is_a_dict_is_fed_without_a_warning(x):
    inputs = {"photo": keras.Input((2, 2, 3), name="photo")}
    outputs = keras.layers.Dense(2)(keras.layers.Flatten()(inputs["photo"]))
    assert AttributionEngine(keras.Model(inputs, outputs)).attribute(x).values.shape == x.shape


def test_a_model_that_was_never_called_is_built_by_the_first_question(x):
    model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(4, activation="softmax")])
    a = AttributionEngine(model).attribute(x, target=1)
    assert a.values.shape == (2, 2, 3)
    subclassed = Subclassed("softmax")
    assert AttributionEngine(subclassed).attribute(x).values.shape == (2, 2, 3)


def test_a_saved_model_folder_is_taken_as_it_is(tmp_path, x):
    model = functional(None)
    model.export(tmp_path / "exported", verbose=False)
    loaded = AttributionEngine(tmp_path / "exported")
    assert loaded.input_shape == (2, 2, 3)
    reference = AttributionEngine(model).attribute(x, target=1)
    assert loaded.attribute(x, target=1).values == pytest.approx(reference.values, rel=1e-4)


def test_a_folder_that_is_no_saved_model_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"saved_model\.pb"):
        AttributionEngine(tmp_path)


def test_a_model_of_any_image_size_takes_each_as_it_is():
    model = keras.Sequential(
        [
            keras.Input((None, None, 3)),
            keras.layers.Conv2D(2, 3),
            keras.layers.GlobalAveragePooling2D(),
        ]
    )
    engine = AttributionEngine(model)
    for shape in [(5, 5, 3), (6, 9, 3)]:
        assert engine.attribute(np.ones(shape), target=1).values.shape == shape
    with pytest.raises(ValueError, match="channels"):
        engine.attribute(np.ones((5, 5, 4)))


def test_a_model_with_a_fixed_batch_runs_in_batches_of_that_size(x):
    inputs = keras.Input(batch_shape=(3, 2, 2, 3))
    model = keras.Model(inputs, keras.layers.Dense(4)(keras.layers.Reshape((12,))(inputs)))
    engine = AttributionEngine(model)
    a = engine.attribute(x, target=1, method=IntegratedGradients(7))
    assert a.relative_error == pytest.approx(0, abs=1e-4)
    assert engine.compiled_sizes == (3,)


def test_a_keras_2_model_works_as_any_other(x):
    import tf_keras

    model = tf_keras.Sequential(
        [
            tf_keras.layers.Input((2, 2, 3)),
            tf_keras.layers.Flatten(),
            tf_keras.layers.Dense(4, activation="softmax"),
        ]
    )
    logits = scores(AttributionEngine(model), x)
    kernel, bias = model.layers[-1].get_weights()
    assert logits == pytest.approx((x.reshape(1, -1) @ kernel + bias)[0], rel=1e-4, abs=1e-6)
